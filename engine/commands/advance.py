"""A step of the process becomes events: what closed, where the token went, what opened, and the national status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from engine.commands.work import Work
from engine.domain import deadline, events, status
from engine.domain.case import Case
from engine.domain.events import DeadlineAdjusted, Event
from engine.domain.process import JobWait, MessageWait, Step, TimerWait, UserWait, Wait


def advance(work: Work, step: Step, *, trigger: Mapping[str, Any]) -> None:
    """Add the events of `step`; `trigger` says what made the process move (kind, key, data)."""
    for key in step.closed:
        for event in cancelled(work.case, key):
            work.add(event)
    work.add(
        events.ProcessAdvanced(
            trigger=trigger,
            snapshot=step.snapshot,
            path=step.path,
            variables=step.variables,
            closed=step.closed,
            ended=step.ended,
            closed_reason=step.closed_reason,
        )
    )
    for code in step.statuses:
        change_status(work, code)
    for wait in step.opened:
        work.add(opened(wait))
    _close_incidents(work)
    _signals(work, step)
    if not step.conditional:
        _check_alive(work)


def _close_incidents(work: Work) -> None:
    """What was kept for a wait that is gone is of no use any more."""
    case = work.case
    for incident in case.incidents.values():
        if incident.kept is not None and incident.key not in case.tasks and incident.key not in case.subscriptions:
            work.add(events.IncidentClosed(incident=incident.id, key=incident.key))


def _signals(work: Work, step: Step) -> None:
    """What is no longer waited for, what is from now on, and what was thrown."""
    listening, before = {wait.key: wait for wait in step.listens}, work.case.listeners
    for key in [key for key in before if key not in listening]:
        work.add(events.SignalAbandoned(key=key))
    for key, wait in listening.items():
        if key not in before:
            work.add(events.SignalAwaited(**{f.name: getattr(wait, f.name) for f in fields(wait)}))
    for signal in step.thrown:
        work.add(events.SignalThrown(broadcast=work.ports.ids.new(), signal=signal.name, payload=signal.payload))


def _check_alive(work: Work) -> None:
    """A case that has not ended and waits for nothing would lie there unseen for ever: a person has to look at it."""
    case = work.case
    if case.ended or case.tasks or case.timers or case.jobs or case.subscriptions or case.listeners:
        return
    text = "Quy trình chưa kết thúc nhưng không còn chờ việc gì; hãy xem lại sơ đồ rồi dừng hồ sơ."
    work.add(events.IncidentRaised(incident=work.ports.ids.new(), key="", kind="process", error=text))


def cancelled(case: Case, key: str) -> list[Event]:
    """The cancellation of whatever is still open under this key; what was completed is gone already."""
    found: list[Event] = []
    if key in case.tasks:
        found.append(events.TaskCancelled(key=key))
    if key in case.timers:
        found.append(events.TimerCancelled(key=key))
    if key in case.jobs:
        found.append(events.JobCancelled(key=key))
    if key in case.subscriptions:
        found.append(events.MessageAbandoned(key=key))
    return found


def opened(wait: Wait) -> Event:
    """The event that puts a wait into the books."""
    match wait:
        case UserWait():
            return events.TaskCreated(**_shared(wait, events.TaskCreated))
        case JobWait():
            return events.JobCreated(**_shared(wait, events.JobCreated))
        case TimerWait():
            return events.TimerScheduled(**_shared(wait, events.TimerScheduled))
        case MessageWait():
            return events.MessageAwaited(**_shared(wait, events.MessageAwaited))


def _shared(wait: Wait, event: type[Event]) -> dict[str, Any]:
    return {f.name: getattr(wait, f.name) for f in fields(event)}


def change_status(work: Work, code: int) -> None:
    """Move to a national status and let the clock follow; RuleError when the national table forbids it."""
    before = work.case.status
    if before == code:
        return
    statuses = work.ports.catalog.statuses
    status.check(before, code, statuses)
    work.add(events.StatusChanged(before=before, after=code))
    effect = status.clock(before, code, statuses, begun=work.case.deadline is not None)
    event = _clock_event(work, effect, statuses[code].name)
    if event is not None:
        work.add(event)


def _clock_event(work: Work, effect: str, reason: str) -> DeadlineAdjusted | None:
    """What the term does on this change of status."""
    case, by = work.case, work.actor.id
    rule, calendar = work.procedure.deadline, work.ports.catalog.calendar(case.unit)
    term = case.deadline
    if term is None:
        return deadline.start(rule, work.now, calendar, by) if effect == "start" else None
    if term.finished_at is not None:
        return None
    running: dict[str, Callable[[], DeadlineAdjusted]] = {
        "pause": lambda: deadline.pause(term, work.now, calendar, by=by, reason=reason),
        "resume": lambda: deadline.resume(term, work.now, calendar, by=by, reason=reason),
        "restart": lambda: deadline.restart(rule, term, work.now, calendar, by=by, reason=reason),
        "finish": lambda: deadline.finish(term, work.now, calendar, by=by),
        "stop": lambda: deadline.stop(term, work.now, calendar, by=by, reason=reason),
    }
    return running[effect]() if effect in running else None
