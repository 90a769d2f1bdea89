"""Signals on their way from the case that threw them to all others that wait."""

from __future__ import annotations

from engine.commands.advance import advance
from engine.commands.event_messages import DeliverSignal, FinishBroadcast, ReportSignal
from engine.commands.messages import Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.errors import ForbiddenError, LeaseLostError


def deliver(work: Work, command: DeliverSignal) -> Result:
    """The case takes the signal, when it waited for it already at the time it was thrown; else nothing happens."""
    _check_machine(work)
    case = work.load(command.unit, command.case_id)
    waits = (w for w in case.listeners.values() if w.signal == command.signal and w.since <= command.thrown_at)
    if case.ended or not any(waits):
        return Result(data={"reached": False})
    access.check_moves(work.actor, case)
    caught = events.SignalCaught(broadcast=command.broadcast, signal=command.signal, payload=command.payload)
    payload = work.add(caught).payload
    step = work.ports.runner.deliver_signal(work.procedure, case.snapshot, command.signal, payload, work.call())
    advance(work, step, trigger={"kind": "signal", "key": command.signal, "data": payload})
    return Result(data={"reached": True})


def report(work: Work, command: ReportSignal) -> Result:
    """One incident tells the house; it is over when the signal gets through after all."""
    _check_machine(work)
    case = work.load(command.unit, command.case_id)
    if not any(incident.key == command.broadcast for incident in case.incidents.values()):
        incident, error = work.ports.ids.new(), command.error[:2000]
        work.add(events.IncidentRaised(incident=incident, key=command.broadcast, kind="signal", error=error))
    return Result()


def finish(work: Work, command: FinishBroadcast) -> Result:
    """The signal has reached all, or is put back; LeaseLostError when another worker took it over."""
    _check_machine(work)
    lease = command.lease
    if not work.uow.holds(lease, work.now):
        raise LeaseLostError(key=lease.key)
    case = work.load(lease.unit, lease.case_id)
    if lease.key not in case.broadcasts:
        raise LeaseLostError(key=lease.key)
    if command.retry_at is not None:
        work.uow.release(lease, command.retry_at)
        return Result()
    signal = case.broadcasts[lease.key].signal
    work.add(events.SignalSpread(broadcast=lease.key, signal=signal, reached=command.reached))
    return Result()


def _check_machine(work: Work) -> None:
    if work.actor.kind != "system":
        raise ForbiddenError()
