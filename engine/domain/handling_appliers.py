"""How what officers do while they work on a case folds into its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.domain import handling_events as events
from engine.domain.case import Case
from engine.domain.event import Event
from engine.domain.handling import AGAINST
from engine.domain.records import replace


def marked(case: Case, e: events.DocumentMarked, at: datetime) -> Case:
    """The newest word on a file counts: a mark comes or goes, and what says the contrary goes."""
    gone = (e.mark, AGAINST.get(e.mark, "")) if e.present else (e.mark,)
    kept = tuple(one for one in case.marks if one["sha256"] != e.sha256 or one["mark"] not in gone)
    mark = {"sha256": e.sha256, "mark": e.mark, "by": e.by, "at": at, "note": e.note}
    return replace(case, marks=(*kept, mark) if e.present else kept)


HANDLING_APPLIERS: Mapping[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.DocumentMarked: marked,
}
