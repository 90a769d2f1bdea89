"""Events fold into state here and nowhere else. A released applier never changes; a new event version adds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from engine.domain import books, deadline, events
from engine.domain import following_appliers as following
from engine.domain import steering_appliers as steering
from engine.domain.case import Case, Incident, Job, Subscription, Task, Timer
from engine.domain.cash import CASH_APPLIERS
from engine.domain.events import Event, Recorded
from engine.domain.handling_appliers import HANDLING_APPLIERS
from engine.domain.inbox_appliers import INBOX_APPLIERS
from engine.domain.leading_appliers import LEADING_APPLIERS
from engine.domain.payment_appliers import PAYMENT_APPLIERS
from engine.domain.process import JobWait, MessageWait, TimerWait, UserWait
from engine.domain.records import replace
from engine.domain.result_appliers import RESULT_APPLIERS
from engine.domain.seals import sealed
from engine.domain.signal_appliers import SIGNAL_APPLIERS

Applier = Callable[[Case, Any, datetime], Case]
T = TypeVar("T")
RECEIVED = 2
SUPPLEMENT = "supplement"  # the request slip counts (form 02 of Circular 01/2018/TT-VPCP), not the status


def fold(history: Iterable[Recorded]) -> Case:
    """The state after all these events; the first of a history is CaseSubmitted. Raises ValueError for an empty one."""
    case: Case | None = None
    for link in history:
        case = apply(case, link.event, link.at, link.hash)
    if case is None:
        raise ValueError("a case has at least one event")
    return case


def apply(case: Case | None, event: Event, at: datetime, head: str) -> Case:
    """The state after one more event."""
    if case is None:
        return _submitted(event, at, head)
    after = APPLIERS[type(event)](case, event, at)
    return replace(after, version=case.version + 1, head_hash=head)


def _submitted(event: Event, at: datetime, head: str) -> Case:
    if not isinstance(event, events.CaseSubmitted):
        raise ValueError(f"a history begins with {events.CaseSubmitted.tag}, not {event.tag}")
    return Case(
        id=event.case_id,
        unit=event.unit,
        code=event.code,
        procedure=event.procedure,
        procedure_version=event.procedure_version,
        procedure_digest=event.procedure_digest,
        level=event.level,
        channel=event.channel,
        delivery=event.delivery,
        applicant=event.applicant,
        application=event.application,
        documents=event.documents,
        begun={name: value for name, value in event.begun.items() if name != "payload"},  # variables by now
        submitted_at=at,
        version=1,
        head_hash=head,
        scopes={"": {}},
    )


def _with(entries: Mapping[str, T], key: str, value: T) -> dict[str, T]:
    return {**entries, key: value}


def _without(entries: Mapping[str, T], key: str) -> dict[str, T]:
    return {k: v for k, v in entries.items() if k != key}


def _advanced(case: Case, event: events.ProcessAdvanced, at: datetime) -> Case:
    scopes: dict[str, Mapping[str, Any]] = dict(case.scopes)
    for change in event.variables:
        if change.dropped:
            scopes.pop(change.scope, None)
        else:
            scopes[change.scope] = {**scopes.get(change.scope, {}), **change.values}
    reason = event.closed_reason or case.closed_reason
    return replace(case, snapshot=event.snapshot, scopes=scopes, ended=event.ended, closed_reason=reason)


def _facts(event: Event, wait: type[Any]) -> dict[str, Any]:
    """The fields that an event shares with the wait it reports."""
    return {f.name: getattr(event, f.name) for f in fields(wait)}


def _task_created(case: Case, e: events.TaskCreated, at: datetime) -> Case:
    task = Task(**_facts(e, UserWait), created_at=at, claimed_at=at if e.assignee else None)
    return replace(case, tasks=_with(case.tasks, e.key, task))


def _task(case: Case, key: str, **changes: Any) -> Case:
    return replace(case, tasks=_with(case.tasks, key, replace(case.tasks[key], **changes)))


def _task_gone(case: Case, e: events.TaskCompleted | events.TaskCancelled, at: datetime) -> Case:
    return replace(case, tasks=_without(case.tasks, e.key))


def _timer_scheduled(case: Case, e: events.TimerScheduled, at: datetime) -> Case:
    timer = Timer(**_facts(e, TimerWait))
    return replace(case, timers=_with(case.timers, e.key, timer))


def _timer_gone(case: Case, e: events.TimerFired | events.TimerCancelled, at: datetime) -> Case:
    kept = {k: i for k, i in case.incidents.items() if i.key != e.key}
    return replace(case, timers=_without(case.timers, e.key), incidents=kept)


def _job_created(case: Case, e: events.JobCreated, at: datetime) -> Case:
    job = Job(**_facts(e, JobWait), run_at=at)
    return replace(case, jobs=_with(case.jobs, e.key, job))


def _job_failed(case: Case, e: events.JobFailed, at: datetime) -> Case:
    job = replace(case.jobs[e.key], attempt=e.attempt, run_at=e.retry_at)
    return replace(case, jobs=_with(case.jobs, e.key, job))


def _job_gone(case: Case, e: events.JobCompleted | events.JobCancelled | events.JobErrorThrown, at: datetime) -> Case:
    kept = {k: i for k, i in case.incidents.items() if i.key != e.key}
    return replace(case, jobs=_without(case.jobs, e.key), incidents=kept)


def _message_awaited(case: Case, e: events.MessageAwaited, at: datetime) -> Case:
    subscription = Subscription(**_facts(e, MessageWait))
    return replace(case, subscriptions=_with(case.subscriptions, e.key, subscription))


def _message_abandoned(case: Case, e: events.MessageAbandoned, at: datetime) -> Case:
    return replace(case, subscriptions=_without(case.subscriptions, e.key))


def _incident_raised(case: Case, e: events.IncidentRaised, at: datetime) -> Case:
    incident = Incident(id=e.incident, key=e.key, kind=e.kind, error=e.error, raised_at=at)
    return replace(case, incidents=_with(case.incidents, e.incident, incident))


def _incident_resolved(case: Case, e: events.IncidentResolved, at: datetime) -> Case:
    case = replace(case, incidents=_without(case.incidents, e.incident))
    if e.key not in case.jobs:
        return case
    job = replace(case.jobs[e.key], run_at=at, attempt=0, retries=e.retries)
    return replace(case, jobs=_with(case.jobs, e.key, job))


def _status(case: Case, e: events.StatusChanged, at: datetime) -> Case:
    received = at if e.after == RECEIVED else case.received_at
    return replace(case, status=e.after, received_at=received)


def _deadline(case: Case, e: events.DeadlineAdjusted, at: datetime) -> Case:
    return replace(case, deadline=deadline.apply(case.deadline, e, at))


def _payment_ordered(case: Case, e: events.PaymentOrdered, at: datetime) -> Case:
    order = {
        "order": e.order,
        "provider": e.provider,
        "amount": e.amount,
        "url": e.url,
        "paid": False,
        "reference": None,
    }
    return replace(case, payments=(*case.payments, order))


def _receipt(case: Case, e: events.ReceiptIssued, at: datetime) -> Case:
    slip = {"kind": e.kind, "number": e.number, "at": at, "data": e.data, **({"by": e.by} if e.by else {})}
    supplements = case.supplements + (e.kind == SUPPLEMENT)
    return replace(case, receipts=(*case.receipts, slip), supplements=supplements)


def _closed(case: Case, e: events.CaseWithdrawn | events.CaseCancelled, at: datetime) -> Case:
    return replace(case, closed_reason=e.reason)


def _unchanged(case: Case, e: Event, at: datetime) -> Case:
    return case


APPLIERS: dict[type[Event], Applier] = {
    events.ProcessAdvanced: _advanced,
    events.TaskCreated: _task_created,
    events.TaskCancelled: _task_gone,
    events.TaskCompleted: _task_gone,
    events.TaskClaimed: lambda c, e, at: _task(c, e.key, assignee=e.assignee, claimed_at=at),
    events.TaskUnclaimed: lambda c, e, at: _task(c, e.key, assignee=None, claimed_at=None),
    events.TaskDelegated: lambda c, e, at: _task(c, e.key, assignee=e.assignee, claimed_at=at),
    events.TaskDraftSaved: lambda c, e, at: _task(c, e.key, draft=e.draft),
    events.TimerScheduled: _timer_scheduled,
    events.TimerFired: _timer_gone,
    events.TimerCancelled: _timer_gone,
    events.JobCreated: _job_created,
    events.JobFailed: _job_failed,
    events.JobCompleted: _job_gone,
    events.JobCancelled: _job_gone,
    events.JobErrorThrown: _job_gone,
    events.MessageAwaited: _message_awaited,
    events.MessageAbandoned: _message_abandoned,
    events.MessageCorrelated: _unchanged,  # a non-interrupting boundary message stays open; the step says what closed
    events.IncidentRaised: _incident_raised,
    events.IncidentResolved: _incident_resolved,
    events.StatusChanged: _status,
    events.DeadlineAdjusted: _deadline,
    events.FeeAssessed: lambda c, e, at: replace(c, fee_lines=e.lines, fee_total=e.total),
    events.PaymentOrdered: _payment_ordered,
    events.ReceiptIssued: _receipt,
    events.PaperSealed: sealed,
    **RESULT_APPLIERS,
    events.ResultDelivered: _unchanged,
    events.NotificationSent: _unchanged,
    events.CaseWithdrawn: _closed,
    events.CaseCancelled: _closed,
    events.CaseCommented: _unchanged,
    events.CaseSuspended: steering.suspended,
    events.CaseResumed: steering.resumed,
    events.PaymentHeld: steering.payment_held,
    events.PaymentReleased: steering.payment_released,
    events.StepHeld: steering.step_held,
    events.IncidentRetried: steering.incident_retried,
    events.IncidentRecurred: steering.incident_recurred,
    events.IncidentClosed: steering.incident_closed,
    events.IncidentNoted: steering.incident_noted,
    events.ApplicationAmended: following.amended,
    events.DeliveryChanged: following.delivery_changed,
    events.CaseRated: following.rated,
    **HANDLING_APPLIERS,
    events.NumberCancelled: books.cancelled,
    **SIGNAL_APPLIERS,
    **PAYMENT_APPLIERS,
    **CASH_APPLIERS,
    **INBOX_APPLIERS,
    **LEADING_APPLIERS,
    events.ModificationProposed: steering.proposed,
    events.ModificationApproved: steering.settled,
    events.ModificationRejected: steering.settled,
    events.CaseMigrated: steering.migrated,
}
