"""What officers ask for while they work on a case: verb and noun, as in messages."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDocument(CaseCommand):
    """Say of a file that it was compared with the original, digitised or found wanting; or take that back."""

    sha256: str
    mark: str
    present: bool = True
    note: str = ""
