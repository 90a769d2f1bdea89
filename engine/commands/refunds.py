"""Money that goes back: asked for when a case ends without service, done by the provider or by a cashier."""

from __future__ import annotations

from engine.commands.cash import note_given_back
from engine.commands.drawer_messages import GiveCashBack
from engine.commands.messages import CaseCommand, Result
from engine.commands.payment_messages import DelayRefund, RetryRefund, SettleRefund
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError
from engine.domain.payment_appliers import Entry, entry_of, of_a_try

CASHIERS = ("cashier",)
CASH = "cash"


def ask_after_end(work: Work) -> None:
    """Ask for what was paid to go back once the case has ended in a status of settings.toml, `payments.refund_on`.

    An order that no payer chose at a provider is left to whoever reads its incident.
    """
    if not work.events or not work.case.ended or not work.case.payments:
        return
    rules = work.ports.catalog.settings.get("payments", {})
    if work.case.status not in rules.get("refund_on", ()):
        return
    for entry in work.case.payments:
        if entry["paid"] and "refund" not in entry and (of_a_try(entry) or entry["provider"] == CASH):
            ask(work, entry, "ended")


def ask(work: Work, entry: Entry, why: str) -> None:
    """One refund of the whole amount."""
    work.add(events.RefundRequested(order=entry["order"], provider=entry["provider"], amount=entry["amount"], why=why))


def settle(work: Work, command: SettleRefund) -> Result:
    """The money went back; once. A cashier says how it was given, a provider's answer comes from the machine."""
    _, entry = _asked(work, command, command.order)
    if entry["refund"]["state"] == "settled":
        return Result(data={"already": True})
    reference = command.reference.strip()[:200]
    if work.actor.kind != "system" and not reference:
        raise RuleError(
            reason="Hãy ghi đã hoàn tiền bằng cách nào, số chứng từ.",
            reason_en="Say how the money was given back, and the number of the slip.",
        )
    work.add(
        events.RefundSettled(order=command.order, amount=entry["amount"], code=command.code[:60], reference=reference)
    )
    if isinstance(command, GiveCashBack):
        note_given_back(work, command.order, entry["amount"], command.drawer)
    return Result()


def delay(work: Work, command: DelayRefund) -> Result:
    """A try failed: the next one comes later, or an incident waits for a person."""
    if work.actor.kind != "system":
        raise ForbiddenError()
    case, entry = _asked(work, command, command.order)
    if entry["refund"]["state"] == "settled":
        return Result(data={"already": True})
    error, attempt = command.error[:2000], entry["refund"]["attempt"] + 1
    work.add(events.RefundDelayed(order=command.order, attempt=attempt, error=error, retry_at=command.retry_at))
    if command.retry_at is None and not any(one.key == command.order for one in case.incidents.values()):
        text = f"Chưa hoàn được tiền của lệnh {command.order}: {error}"
        work.add(
            events.IncidentRaised(incident=work.ports.ids.new(), key=command.order, kind="payment", error=text[:2000])
        )
    return Result()


def retry(work: Work, command: RetryRefund) -> Result:
    """Somebody mended the cause: the provider is told again."""
    case, entry = _asked(work, command, command.order)
    if entry["refund"]["state"] == "settled":
        return Result(data={"already": True})
    work.add(events.RefundDelayed(order=command.order, attempt=0, error="", retry_at=work.moment))
    for incident in [one for one in case.incidents.values() if one.key == command.order]:
        work.add(events.IncidentClosed(incident=incident.id, key=command.order))
    return Result()


def _asked(work: Work, command: CaseCommand, order: str) -> tuple[Case, Entry]:
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if work.actor.kind != "system" and not (work.actor.unit == case.unit and work.actor.in_any(CASHIERS)):
        raise ForbiddenError()
    entry = entry_of(case, order)
    if entry is None or "refund" not in entry:
        raise NotFoundError(what="khoản hoàn trả", id=order)
    return case, entry
