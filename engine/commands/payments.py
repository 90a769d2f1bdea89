"""Money that came in: a provider's verified notice."""

from __future__ import annotations

from engine.commands.messages import RecordPayment, Result
from engine.commands.taking import tell_of_payment
from engine.commands.work import Work
from engine.domain import events
from engine.domain.errors import ForbiddenError, NotFoundError, PaymentMismatchError


def record(work: Work, command: RecordPayment) -> Result:
    """Book a payment once; the order and its amount have to be the case's own. The waiting process goes on.

    Money is never refused: a suspended case keeps the message for later, a stuck one keeps it with an incident.
    """
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
    payload = {"payment_order": command.order, "payment_reference": command.reference, "payment_way": "online"}
    if case.suspended is not None:
        work.add(events.PaymentHeld(order=command.order, amount=command.amount, payload=payload))
    else:
        tell_of_payment(work, command.order, command.amount, payload)
    return Result()
