"""Cases that nobody files: opened by a start timer that falls due, or by a signal."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.event_messages import FailStart, ScheduleStarts, StartBySignal, StartByTimer
from engine.commands.messages import Result
from engine.commands.opening import by_house, check_unit
from engine.commands.start_planning import drawn_of, plan_starts
from engine.commands.work import Work
from engine.domain.errors import ForbiddenError, LeaseLostError, NotFoundError
from engine.domain.procedure import in_force
from engine.domain.start_timer import StartTimer, fired, plan
from engine.ports import StartLease


def schedule(work: Work, command: ScheduleStarts) -> Result:
    """Plan the start timers of a procedure; what is planned already stays as it is."""
    _check_machine(work)
    plan_starts(work, command.procedure, work.ports.catalog.versions(command.procedure))
    return Result()


def by_timer(work: Work, command: StartByTimer) -> Result:
    """Open the case of a slot that is due and move on to the next one, in one commit; LeaseLostError.

    The version in force now decides. When it is not the one that planned, or the clock went back, there may be none.
    """
    _check_machine(work)
    timer = _held(work, command.claim)
    if timer.unit not in work.ports.catalog.settings["units"]:  # the house serves it no longer
        work.uow.put_start_timer(timer, replace(timer, run_at=None))
        return Result()
    drawn = drawn_of(work, work.ports.catalog.versions(timer.procedure))
    after = plan(replace(timer, error=""), drawn, now=work.now, since=timer.run_at or work.now)
    procedure = in_force(drawn.versions, work.now.date())
    result = Result()
    if procedure is not None and after.due is not None and after.due <= work.now:
        slot = after.due.astimezone(work.now.tzinfo).isoformat()
        begun = {"kind": "timer", "element_id": timer.element_id, "name": slot}
        result = by_house(work, procedure, timer.unit, begun=begun)
        after = fired(after, procedure, drawn, work.now)
    work.uow.put_start_timer(timer, after)
    return result


def fail(work: Work, command: FailStart) -> Result:
    """A start timer could not open its case: it keeps its slot, says why, and is tried again later."""
    _check_machine(work)
    timer = _held(work, command.claim)
    work.uow.put_start_timer(timer, replace(timer, run_at=command.retry_at, error=command.error[:2000]))
    return Result()


def by_signal(work: Work, command: StartBySignal) -> Result:
    """Open the case that a signal begins, with what it carries as variables."""
    _check_machine(work)
    check_unit(work, command.unit)
    procedure = work.ports.catalog.current(command.procedure, work.now.date())
    begins = (each.kind == "signal" and each.name == command.signal for each in work.ports.runner.starts(procedure))
    if not any(begins):
        raise NotFoundError(what="sự kiện bắt đầu", id=command.element_id)
    begun = {"kind": "signal", "element_id": command.element_id, "name": command.signal, "broadcast": command.broadcast}
    return by_house(work, procedure, command.unit, begun=begun, payload=command.payload)


def _held(work: Work, claim: StartLease) -> StartTimer:
    timer = work.uow.start_timer(claim)
    if timer is None:
        raise LeaseLostError(key=claim.element_id)
    return timer


def _check_machine(work: Work) -> None:
    if work.actor.kind != "system":
        raise ForbiddenError()
