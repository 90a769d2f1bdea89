"""Collects money: begins tries to pay, and hears what providers say of them. Only they change what is paid."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.commands.bus import Bus
from engine.commands.job_room import draw_number
from engine.commands.messages import RecordPayment, Result
from engine.commands.payment_messages import BookTransfer, OrderPayment, RecordOutcome
from engine.commands.payments import check_payable
from engine.domain import access
from engine.domain.actor import Actor, system
from engine.domain.case import Case
from engine.domain.context import missing
from engine.domain.errors import (
    DatabaseUnavailableError,
    DomainError,
    NotFoundError,
    PaymentMismatchError,
    RuleError,
    StaleVersionError,
)
from engine.domain.order_number import order_number
from engine.ports import Ports, Row
from engine.ports.payments import Ledger, Notice, Order, PaymentProvider, Values, Verdict

LOG = logging.getLogger("motcua.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Where the payer is, and how the own page of the house is spoken to."""

    ip: str = "127.0.0.1"
    language: str = "vi"


class Collector:
    """`providers` by name, in the order they are offered; `prefix` begins this installation's order numbers."""

    def __init__(
        self,
        ports: Ports,
        bus: Bus,
        ledger: Ledger,
        providers: Mapping[str, PaymentProvider],
        *,
        prefix: str,
        public: str,
    ) -> None:
        self._ports = ports
        self._bus = bus
        self.ledger = ledger
        self.providers = providers
        self.prefix = prefix
        self._public = public

    def ways(self, case: Case) -> Sequence[PaymentProvider]:
        """The providers that take what is missing; none where the case does not wait for money online."""
        try:
            check_payable(case)
        except DomainError:
            return ()
        return [one for one in self.providers.values() if one.takes(missing(case))]

    def case_of(self, actor: Actor, code: str) -> str:
        """The id of a case of the actor's unit that the actor may see; NotFoundError."""
        with self._ports.store.begin() as uow:
            found = uow.case_id_by_code(actor.unit, code)
        case = self._ports.store.case(actor.unit, found) if found else None
        return access.check_sees(actor, case).id

    def begin(self, actor: Actor, case_id: str, provider: str, payer: Payer, key: str) -> str:
        """The number of a new order; the same one when the same is asked under the same key.

        NotFoundError, ForbiddenError, RuleError, PaymentRefusedError; ConnectionError when the provider is silent.
        """
        done = self._ports.store.remembered(actor.unit, key)
        if done is not None:
            return str(done.result["data"]["order"])
        case = access.check_sees(actor, self._ports.store.case(None, case_id))
        check_payable(case)
        chosen = next((one for one in self.ways(case) if one.name == provider), None)
        if chosen is None:
            raise RuleError(reason="Hãy chọn một cách nộp tiền.", reason_en="Choose a way to pay.")
        now, amount = self._ports.clock.now(), missing(case)
        number = self._number(case.unit, key)
        opened = chosen.create(
            Order(
                id=number,
                amount=amount,
                case_code=case.code,
                text=f"Nop phi ho so {case.code}",
                return_url=f"{self._public}/thanh-toan/{provider}/ket-qua",
                at=now,
                ip=payer.ip,
                language=payer.language,
            )
        )
        command = OrderPayment(
            unit=case.unit,
            case_id=case.id,
            order=number,
            provider=provider,
            amount=amount,
            url=opened.url,
            expires_at=opened.expires_at,
            details={"kind": opened.kind, **opened.details},
        )
        return str(self._bus.handle(command, actor, key).data["order"])

    def _number(self, unit: str, key: str) -> str:
        now = self._ports.clock.now()
        counter = f"order/{now:%y%m%d}"
        running = draw_number(self._ports.store, unit, counter, key=key, now=now)
        return order_number(self.prefix, now.date(), running)

    def hear(self, unit: str, name: str, fields: Values, body: str) -> tuple[int, Values | None]:
        """A provider's notice: checked in the order its protocol asks, booked, kept, answered. NotFoundError."""
        provider = self.providers.get(name)
        if provider is None:
            raise NotFoundError(what="đơn vị thanh toán", id=name[:40])
        notice = provider.read_notice(fields)
        verdict: Verdict = "forged"
        try:
            if notice is not None:
                verdict = self.book(unit, name, notice)
            self._note(unit, name, notice, verdict, body)
        except DatabaseUnavailableError:
            verdict = "error"
        return provider.answer(verdict)

    def _note(self, unit: str, name: str, notice: Notice | None, verdict: Verdict, body: str) -> None:
        order, now = notice.order if notice else "", self._ports.clock.now()
        LOG.info("notice of %s about %s: %s", name, order or "-", verdict)
        kept = body if notice else body[:500]
        self.ledger.note(unit, name, now, order=order, verdict=verdict, body=kept)

    def book(self, unit: str, name: str, notice: Notice) -> Verdict:
        """Make of a genuine notice what it says: a known order, the right amount, then once. DatabaseUnavailableError.

        A success after a failure is news and booked; whatever comes after a success is a repeat.
        """
        row = self.ledger.order(unit, notice.order)
        if row is None or row["provider"] != name:
            return "unknown"
        if row["amount"] != notice.amount:
            return "mismatch"
        try:
            result = self._told(unit, row, notice)
        except DatabaseUnavailableError:
            raise
        except PaymentMismatchError:
            return "mismatch"
        except DomainError:
            LOG.exception("a notice about %s could not be booked", notice.order)
            return "error"
        return "repeated" if result.repeated or result.data.get("already") else "recorded"

    def _told(self, unit: str, row: Row, notice: Notice) -> Result:
        name, said = row["provider"], f"{row['provider']}:{notice.order}"
        if notice.outcome == "open":
            return Result()
        if notice.outcome == "paid":
            return self.pay(unit, row, notice.reference)
        command = RecordOutcome(
            unit=unit,
            case_id=row["case_id"],
            order=notice.order,
            provider=name,
            outcome=notice.outcome,
            code=notice.code,
        )
        return self._bus.handle(command, system(unit, name), f"outcome:{said}:{notice.outcome}:{notice.code}"[:500])

    def pay(self, unit: str, row: Row, reference: str) -> Result:
        """Book an order as paid, once; raises DomainError."""
        command = RecordPayment(
            unit=unit,
            order=row["key"],
            case_code=row["case_code"],
            provider=row["provider"],
            amount=row["amount"],
            reference=reference[:200],
        )
        key = f"payment:{row['provider']}:{row['key']}:{reference[:200]}"
        return self._bus.handle(command, system(unit, row["provider"]), key)

    def fail(self, unit: str, row: Row, code: str) -> Result:
        """Give an order up; raises DomainError."""
        return self._told(
            unit, row, Notice(order=row["key"], amount=row["amount"], outcome="failed", code=code, reference="")
        )

    def match_by_hand(self, actor: Actor, line_id: str, case_code: str, reason: str) -> None:
        """A cashier says which case a line in suspense paid for. NotFoundError, RuleError, StaleVersionError."""
        line = self._suspended(actor, line_id)
        key = f"line:{line['id']}"
        command = BookTransfer(
            unit=actor.unit,
            case_code=case_code.strip().upper(),
            order=self._number(actor.unit, key),
            provider=line["provider"],
            amount=line["amount"],
            reference=line["id"],
        )
        self._bus.handle(command, actor, key)
        self._settle(actor, line, "settled", reason=reason, order=command.order, case_code=command.case_code)

    def give_line_back(self, actor: Actor, line_id: str, reason: str) -> None:
        """A cashier has sent the money of a line in suspense back. NotFoundError, RuleError, StaleVersionError."""
        line = self._suspended(actor, line_id)
        if not reason.strip():
            raise RuleError(reason="Hãy ghi lý do và số chứng từ.", reason_en="Say why, and the number of the slip.")
        self._settle(actor, line, "returned", reason=reason)

    def _suspended(self, actor: Actor, line_id: str) -> Row:
        line = self.ledger.line(actor.unit, line_id)
        if line is None:
            raise NotFoundError(what="dòng sao kê", id=line_id[:60])
        if line["state"] != "suspense":
            raise StaleVersionError(seen=0, version=0)
        return line

    def _settle(self, actor: Actor, line: Row, state: str, **facts: Any) -> None:
        now = self._ports.clock.now()
        facts["reason"] = facts["reason"].strip()[:1000]
        if not self.ledger.settle_line(
            actor.unit, line["id"], seen="suspense", state=state, by=actor.id, at=now, **facts
        ):
            raise StaleVersionError(seen=0, version=0)
