"""Money that came in: a provider's verified notice."""

from __future__ import annotations

from engine.commands.advance import advance
from engine.commands.messages import RecordPayment, Result
from engine.commands.wake import wake
from engine.commands.work import Work
from engine.domain import events
from engine.domain.errors import ForbiddenError, NotFoundError, PaymentMismatchError
from engine.domain.fee import money

MESSAGE = "payment_received"


def record(work: Work, command: RecordPayment) -> Result:
    """Book a payment once; the order and its amount have to be the case's own. The waiting process goes on."""
    if work.actor.kind != "system":
        raise ForbiddenError()
    case_id = work.uow.case_id_by_code(command.unit, command.case_code)
    if case_id is None:
        raise NotFoundError(what="hồ sơ", id=command.case_code)
    case = work.load(command.unit, case_id)
    order = next((p for p in case.payments if p["order"] == command.order), None)
    if order is None or order["amount"] != command.amount or order["provider"] != command.provider:
        raise PaymentMismatchError(order=command.order)
    if order["paid"]:
        return Result(data={"already": True})
    work.add(
        events.PaymentReceived(
            order=command.order, provider=command.provider, amount=command.amount, reference=command.reference
        )
    )
    _go_on(work, command)
    return Result()


def _go_on(work: Work, command: RecordPayment) -> None:
    """Nothing waits when the cashier was quicker or the case was stopped: somebody has to give the money back."""
    key = next((k for k, s in work.case.subscriptions.items() if s.message == MESSAGE), None)
    if key is None:
        before = work.case.snapshot
        wake(work)
        if work.case.snapshot != before:
            return  # it waited for the money by a condition
        text = (
            f"Nhận {money(command.amount)} khi hồ sơ không còn chờ nộp tiền (lệnh {command.order}); xem việc hoàn trả."
        )
        work.add(events.IncidentRaised(incident=work.ports.ids.new(), key=command.order, kind="payment", error=text))
        return
    facts = {"payment_order": command.order, "payment_reference": command.reference, "payment_way": "online"}
    payload = work.add(events.MessageCorrelated(key=key, message=MESSAGE, payload=facts)).payload
    step = work.ports.runner.deliver_message(work.procedure, work.case.snapshot, key, payload, work.call())
    advance(work, step, trigger={"kind": "message", "key": key, "data": payload})
