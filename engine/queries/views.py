"""What pages and the command line are shown: plain, frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.case import Case, Subscription, Task
from engine.domain.procedure import Procedure, Status
from engine.ports import Row


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and where to go on."""

    rows: list[Row]
    next: str | None


@dataclass(frozen=True, slots=True)
class DiagramView:
    """A diagram with what was walked and what is open."""

    process_id: str
    name: str
    xml: str
    visited: list[str]
    flows: list[str]
    active: list[str]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event in words."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    on_behalf_of: str | None
    tag: str
    text_vi: str
    text_en: str
    element_id: str | None
    data: Mapping[str, Any]
    for_name: str = ""  # of whoever it was done for


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with all that its page shows."""

    case: Case
    procedure: Procedure
    status: Status
    diagrams: list[DiagramView]
    history: list[HistoryRow]
    open_messages: list[Subscription]


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its case and form."""

    case: CaseView
    task: Task
    form: Any
    context: Mapping[str, Any]
    help_vi: str
    help_en: str
    may_act: bool


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What anybody who knows the code may see."""

    code: str
    procedure_name: str
    status: Status
    submitted_at: datetime
    due: datetime | None
