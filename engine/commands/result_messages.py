"""What may be asked about a result that was signed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeResult(CaseCommand):
    """Take back a signed result; its public page says so from then on."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceResult(CaseCommand):
    """Let another signed result, of this or another case of the unit, stand in the place of this one."""

    document: str
    new_document: str
    reason: str
