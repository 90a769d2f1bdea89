"""How sharing out the work folds into the state of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.domain import inbox_events as events
from engine.domain.case import Case
from engine.domain.event import Event
from engine.domain.records import replace


def _task(case: Case, key: str, **changes: Any) -> Case:
    return replace(case, tasks={**case.tasks, key: replace(case.tasks[key], **changes)})


def _assigned(case: Case, e: events.TaskAssigned, at: datetime) -> Case:
    return _task(case, e.key, assignee=e.assignee, claimed_at=at)


def _set_aside(case: Case, e: events.TaskFollowUpSet, at: datetime) -> Case:
    return _task(case, e.key, follow_up=e.follow_up)


def _mentioned(case: Case, e: events.ColleaguesMentioned, at: datetime) -> Case:
    said = {"comment": e.comment, "accounts": list(e.accounts), "text": e.text, "at": at}
    return replace(case, mentions=(*case.mentions, said))


INBOX_APPLIERS: dict[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.TaskAssigned: _assigned,
    events.TaskFollowUpSet: _set_aside,
    events.ColleaguesMentioned: _mentioned,
}
