"""Facts about how officers work on a case: marks on its documents, supplements asked in its course, steps back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMarked(Event):
    """An officer said what a file of the case is worth, or (`present` false) took that back."""

    tag = "document:marked"
    sha256: str
    name: str
    document: str  # key of the procedure's document it was handed in as; empty: of none
    mark: str  # compared | digitised | failed
    present: bool
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementAsked(Event):
    """While the case was in hand more was asked of the applicant, beside the process, which stands still meanwhile.

    `second`: a supplement had been asked for before; `late`: the time for asking was over. Either needs a leader's
    reason (`waiver`), and then the case counts as overdue.
    """

    tag = "supplement:asked"
    round: str
    number: str  # of form 02
    reason: str
    documents: str
    asked: tuple[Mapping[str, Any], ...]  # field, remark
    until: datetime
    by: str
    second: bool = False
    late: bool = False
    waiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementSettled(Event):
    """The applicant supplied what was asked for, or the time for it ran out."""

    tag = "supplement:settled"
    round: str
    outcome: str  # supplied | expired | stopped
    reply: Mapping[str, Any]  # note, files


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReturned(Event):
    """An officer sent the case back to the step before, with what has to be looked at again."""

    tag = "task:returned"
    key: str
    to: str  # element of the step before
    step: str  # its name
    receiver: str  # who did it then
    reason: str
    by: str
