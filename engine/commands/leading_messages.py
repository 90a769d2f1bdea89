"""What leaders may ask of the cases that wait for their signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class SignResult(CaseCommand):
    """Claim and answer a task of signing, as it was looked at: `seen`, the version of the case then, and `digest`, of
    its draft."""

    key: str
    seen: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSignature(CaseCommand):
    """Record what the PIN's owner signed with the own key: the outcome of the job that waited for it."""

    key: str
    outcome: Mapping[str, Any]
