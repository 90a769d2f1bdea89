"""Money that comes in: tries to pay, a provider's verified notices, transfers that a cashier matched."""

from __future__ import annotations

from engine.commands.messages import RecordPayment, Result
from engine.commands.payment_messages import BookTransfer, OrderPayment, RecordOutcome
from engine.commands.taking import PAID, tell_of_payment
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case
from engine.domain.context import missing
from engine.domain.errors import CaseEndedError, ForbiddenError, NotFoundError, PaymentMismatchError, RuleError
from engine.domain.payment_appliers import entry_of
from engine.domain.procedure import pays_online

CASHIERS = ("cashier",)
MOST_TRIES = 50  # of one case: whoever comes so often should be helped at the desk


def record(work: Work, command: RecordPayment) -> Result:
    """Book a payment once; the order and its amount have to be the case's own. The waiting process goes on.

    Money is never refused: a suspended case keeps the message for later, a stuck one keeps it with an incident.
    """
    if work.actor.kind != "system":
        raise ForbiddenError()
    case = _by_code(work, command.unit, command.case_code)
    order = entry_of(case, command.order)
    if order is None or order["amount"] != command.amount or order["provider"] != command.provider:
        raise PaymentMismatchError(order=command.order)
    if order["paid"]:
        return Result(data={"already": True})
    _book(work, command.order, command.provider, command.amount, command.reference)
    return Result()


def _by_code(work: Work, unit: str, code: str) -> Case:
    case_id = work.uow.case_id_by_code(unit, code)
    if case_id is None:
        raise NotFoundError(what="hồ sơ", id=code)
    return work.load(unit, case_id)


def _book(work: Work, order: str, provider: str, amount: int, reference: str) -> None:
    work.add(events.PaymentReceived(order=order, provider=provider, amount=amount, reference=reference))
    payload = {"payment_order": order, "payment_reference": reference, "payment_way": "online"}
    if work.case.suspended is not None:
        work.add(events.PaymentHeld(order=order, amount=amount, payload=payload))
    else:
        tell_of_payment(work, order, amount, payload)


def order(work: Work, command: OrderPayment) -> Result:
    """Begin a try to pay: the applicant's own, or one the desk begins for somebody; over what is missing, no less."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if not (access.is_applicant(work.actor, case) or work.actor.in_any((access.DESK, *CASHIERS))):
        raise ForbiddenError()
    check_payable(case)
    if command.amount != missing(case) or entry_of(case, command.order) is not None:
        raise PaymentMismatchError(order=command.order)
    if len(case.payments) >= MOST_TRIES:
        raise RuleError(
            reason="Hồ sơ đã có quá nhiều lần thử nộp tiền; hãy nộp tại quầy hoặc gọi đường dây nóng.",
            reason_en="There were too many tries to pay for this case; pay at the desk or call the hotline.",
        )
    _begin(work, command)
    return Result(data={"order": command.order})


def check_payable(case: Case) -> None:
    """CaseEndedError or RuleError unless the case waits for money that may be paid online."""
    if case.ended:
        raise CaseEndedError(code=case.code)
    if not pays_online(case.level):
        raise RuleError(
            reason=f"Thủ tục mức độ {case.level} nộp phí, lệ phí tại quầy hoặc qua bưu chính.",
            reason_en=f"Fees of a procedure of level {case.level} are paid at the desk or by post.",
        )
    if missing(case) <= 0 or not any(one.message == PAID for one in case.subscriptions.values()):
        raise RuleError(
            reason="Hồ sơ hiện không chờ nộp tiền.", reason_en="The case does not wait for a payment just now."
        )


def _begin(work: Work, command: OrderPayment) -> None:
    work.add(
        events.PaymentBegun(
            order=command.order,
            provider=command.provider,
            amount=command.amount,
            url=command.url,
            expires_at=command.expires_at,
            details=command.details,
        )
    )


def record_outcome(work: Work, command: RecordOutcome) -> Result:
    """Keep what a provider says of a try that is not paid; a paid one stays paid, the same word counts once."""
    if work.actor.kind != "system":
        raise ForbiddenError()
    entry = entry_of(work.load(command.unit, command.case_id), command.order)
    if entry is None or entry["provider"] != command.provider:
        raise PaymentMismatchError(order=command.order)
    known = "failed" if command.outcome == "failed" else "doubted"
    if entry["paid"] or "failed" in entry or known in entry:
        return Result(data={"already": True})
    kind = events.PaymentFailed if command.outcome == "failed" else events.PaymentDoubted
    work.add(kind(order=command.order, provider=command.provider, code=command.code[:60]))
    return Result()


def book_transfer(work: Work, command: BookTransfer) -> Result:
    """Book a transfer whose case a cashier found; it has to be what is missing there, to the dong."""
    if not (work.actor.in_any(CASHIERS) and work.actor.unit == command.unit):
        raise ForbiddenError()
    case = _by_code(work, command.unit, command.case_code)
    check_payable(case)
    if command.amount != missing(case):
        raise PaymentMismatchError(order=command.order)
    work.add(
        events.PaymentBegun(
            order=command.order,
            provider=command.provider,
            amount=command.amount,
            url="",
            expires_at=work.moment,
            details={"line": command.reference},
        )
    )
    _book(work, command.order, command.provider, command.amount, command.reference)
    return Result()
