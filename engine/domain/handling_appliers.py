"""How what officers do while they work on a case folds into its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.domain import handling_events as events
from engine.domain.case import Case, Suspension
from engine.domain.event import Event
from engine.domain.handling import AGAINST
from engine.domain.records import replace


def marked(case: Case, e: events.DocumentMarked, at: datetime) -> Case:
    """The newest word on a file counts: a mark comes or goes, and what says the contrary goes."""
    gone = (e.mark, AGAINST.get(e.mark, "")) if e.present else (e.mark,)
    kept = tuple(one for one in case.marks if one["sha256"] != e.sha256 or one["mark"] not in gone)
    mark = {"sha256": e.sha256, "mark": e.mark, "by": e.by, "at": at, "note": e.note}
    return replace(case, marks=(*kept, mark) if e.present else kept)


def asked(case: Case, e: events.SupplementAsked, at: datetime) -> Case:
    """A round more; the case is held still until it is settled."""
    told = ("round", "number", "reason", "documents", "asked", "until", "by", "second", "late", "waiver")
    begun = {**{name: getattr(e, name) for name in told}, "asked": list(e.asked), "at": at, "outcome": "", "reply": {}}
    still = Suspension(id=e.round, reason=e.reason, by=e.by, at=at)
    return replace(case, rounds=(*case.rounds, begun), suspended=still)


def settled(case: Case, e: events.SupplementSettled, at: datetime) -> Case:
    """The round is over, and what it held still moves again."""
    over = {"outcome": e.outcome, "reply": e.reply, "settled_at": at}
    rounds = tuple({**one, **over} if one["round"] == e.round else one for one in case.rounds)
    held = case.suspended is not None and case.suspended.id == e.round
    return replace(case, rounds=rounds, suspended=None if held else case.suspended)


HANDLING_APPLIERS: Mapping[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.DocumentMarked: marked,
    events.SupplementAsked: asked,
    events.SupplementSettled: settled,
    events.TaskReturned: lambda case, e, at: case,  # the step that follows says what closed and opened
}
