"""What ends a wait: a completion, a message or a timer, taken whole; what cannot be taken is kept with an incident."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.commands.advance import advance
from engine.commands.messages import Result
from engine.commands.rounds import settle_round
from engine.commands.wake import wake
from engine.commands.work import Work
from engine.domain import events, handling
from engine.domain.case import Incident
from engine.domain.errors import DomainError
from engine.domain.fee import money
from engine.domain.payment_appliers import entry_of, of_a_try

PAID = "payment_received"
Values = Mapping[str, Any]


def complete_task(work: Work, key: str, data: Values, by: str) -> None:
    """The task is done and the process goes on."""
    snapshot = work.case.snapshot
    clean = work.add(events.TaskCompleted(key=key, by=by, data=data)).data
    if handling.is_beside(key):
        settle_round(work, handling.SUPPLIED, clean)
        release_payments(work)
        return
    step = work.ports.runner.complete(work.procedure, snapshot, key, clean, work.call())
    advance(work, step, trigger={"kind": "complete", "key": key, "data": clean})


def deliver_message(work: Work, key: str, payload: Values, by: str) -> None:
    """The message is handed to its wait and the process goes on."""
    snapshot, message = work.case.snapshot, work.case.subscriptions[key].message
    payload = work.add(events.MessageCorrelated(key=key, message=message, payload=payload)).payload
    step = work.ports.runner.deliver_message(work.procedure, snapshot, key, payload, work.call())
    advance(work, step, trigger={"kind": "message", "key": key, "data": payload})
    earlier = incident_of(work, key)
    if earlier is not None:
        work.add(events.IncidentClosed(incident=earlier.id, key=key))


def fire_timer(work: Work, key: str, data: Values, by: str) -> None:
    """The timer fires and the process goes on."""
    snapshot = work.case.snapshot
    work.add(events.TimerFired(key=key, due=work.case.timers[key].due))
    step = work.ports.runner.fire_timer(work.procedure, snapshot, key, work.call())
    advance(work, step, trigger={"kind": "timer", "key": key, "data": {}})


TAKE: Mapping[str, Callable[[Work, str, Values, str], None]] = {
    "task": complete_task,
    "message": deliver_message,
    "timer": fire_timer,
}


def take_or_keep(work: Work, kind: str, key: str, data: Values, *, by: str) -> Result:
    """Take a completion or a message; when the process cannot go on, keep it with the one incident of its wait.

    The answer holds "held" then, which the bus turns into a StepHeldError once everything is written.
    """
    error = work.attempt(lambda: TAKE[kind](work, key, data, by))
    if error is None:
        return Result()
    earlier = incident_of(work, key)
    incident = earlier.id if earlier else work.ports.ids.new()
    work.add(
        events.StepHeld(
            incident=incident,
            key=key,
            kind=kind,
            element=where(error, key),
            error=error.message[:2000],
            data=data,
            by=by,
        )
    )
    return Result(data={"held": {**told(error, key), "incident": incident}})


def told(error: DomainError, key: str) -> dict[str, str]:
    """What the asker is told of an error: the element, and the reason in both languages."""
    reason, reason_en = (error.data.get(name) for name in ("reason", "reason_en"))
    return {
        "element": where(error, key),
        "reason": str(reason or error.message).rstrip("."),
        "reason_en": str(reason_en or error.message_en).rstrip("."),
    }


def where(error: DomainError, key: str) -> str:
    """The element at which the process could not go on; that of the wait when the error names none."""
    return str(error.data.get("element") or key.rpartition("/")[2].rpartition("#")[0])


def incident_of(work: Work, key: str) -> Incident | None:
    """The open incident of a wait."""
    return next((each for each in work.case.incidents.values() if each.key == key), None)


def release_payments(work: Work) -> None:
    """Tell the process of the money that came in while the case was held still."""
    for one in work.case.held:
        work.add(events.PaymentReleased(order=one["order"]))
        tell_of_payment(work, one["order"], one["amount"], one["payload"])


def tell_of_payment(work: Work, order: str, amount: int, payload: Values) -> None:
    """The process goes on with the money that came in; when it cannot, the message is kept with an incident.

    Nothing waits when the cashier was quicker or the case was stopped: the money has to go back. Of a try that the
    payer made at a provider the house knows how; of any other order somebody is told.
    """
    key = next((k for k, s in work.case.subscriptions.items() if s.message == PAID), None)
    if key is not None:
        take_or_keep(work, "message", key, payload, by=work.actor.id)
        return
    before = work.case.snapshot
    wake(work)
    if work.case.snapshot != before:
        return  # it waited for the money by a condition
    entry = entry_of(work.case, order)
    if entry is not None and of_a_try(entry):
        work.add(events.RefundRequested(order=order, provider=entry["provider"], amount=amount, why="late"))
        return
    text = f"Nhận {money(amount)} khi hồ sơ không còn chờ nộp tiền (lệnh {order}); xem việc hoàn trả."
    work.add(events.IncidentRaised(incident=work.ports.ids.new(), key=order, kind="payment", error=text))
