"""Timers that fall due and messages that come in."""

from __future__ import annotations

from engine.commands.messages import CorrelateMessage, FailTimer, FireTimer, Result
from engine.commands.opening import by_message
from engine.commands.taking import fire_timer, incident_of, take_or_keep
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Subscription
from engine.domain.errors import ForbiddenError, LeaseLostError
from engine.ports import Lease


def fire(work: Work, command: FireTimer) -> Result:
    """Fire a claimed timer; LeaseLostError when it is gone or somebody else's now."""
    fire_timer(work, _held(work, command.lease), {}, "")
    return Result()


def fail(work: Work, command: FailTimer) -> Result:
    """A timer could not fire: it stays, is tried again later, and one incident tells the house."""
    key = _held(work, command.lease)
    if incident_of(work, key) is None:
        incident = work.ports.ids.new()
        work.add(events.IncidentRaised(incident=incident, key=key, kind="timer", error=command.error[:2000]))
    work.uow.release(command.lease, command.retry_at)
    return Result()


def _held(work: Work, lease: Lease) -> str:
    if not work.uow.holds(lease, work.now):
        raise LeaseLostError(key=lease.key)
    case = work.load(lease.unit, lease.case_id)
    if lease.key not in case.timers or case.suspended is not None:
        raise LeaseLostError(key=lease.key)
    return lease.key


def correlate(work: Work, command: CorrelateMessage) -> Result:
    """Deliver a message to the one case that waits for it; when none does, it may begin one, else NothingWaitsError.

    A suspended case takes none (CaseSuspendedError): the sender keeps it and tries again.
    """
    found = work.uow.waiting_for(command.unit, command.message, command.correlation)
    if found is None:
        return by_message(work, command)
    case_id, key = found
    case = work.load(command.unit, case_id)
    subscription = case.subscriptions[key]
    _check_sender(work, subscription)
    access.check_moves(work.actor, case)
    payload = command.payload
    form_id = subscription.properties.get("messageForm")
    if form_id:
        payload = work.ports.forms.validate(
            work.procedure, form_id, payload, {**case.scopes.get("", {}), **work.call().context}
        )
    return take_or_keep(work, "message", key, payload, by=work.actor.id)


def _check_sender(work: Work, subscription: Subscription) -> None:
    """Machines may deliver any message; an officer only those whose diagram names a group of theirs."""
    if work.actor.kind in ("system", "agency") or access.may_enter(work.actor, work.case, subscription):
        return
    raise ForbiddenError(message=subscription.message)
