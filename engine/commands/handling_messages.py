"""What officers ask for while they work on a case: verb and noun, as in messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDocument(CaseCommand):
    """Say of a file that it was compared with the original, digitised or found wanting; or take that back."""

    sha256: str
    mark: str
    present: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSupplement(CaseCommand):
    """Ask the applicant for more while the case is in hand: `data` of the desk's own form (reason, missing_documents,
    asked). `waiver`: why a leader lets a second request, or a late one, go out."""

    data: Mapping[str, Any]
    waiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireSupplement(CaseCommand):
    """Stop a case whose supplement did not come in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTask(CaseCommand):
    """Send the case back to the step before this task."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReappointResult(CaseCommand):
    """Apologise and appoint another day for the result; None takes what the law allows in full."""

    reason: str
    due: datetime | None = None
