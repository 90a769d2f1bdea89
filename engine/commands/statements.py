"""Lines of a bank's statement find their orders by the number in the text, the account and the amount; the rest waits
in suspense for a cashier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.commands.collector import LOG, Collector
from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.domain.order_number import numbers_in
from engine.domain.payment_appliers import entry_of
from engine.ports import Ports, Row
from engine.ports.payments import Line, PaymentProvider

AT_ONCE = 500
LOOK_BACK = timedelta(hours=6)  # so long after midnight the day before is read as well


class Statements:
    """`transfers`: the provider whose money is told by statements alone."""

    def __init__(self, ports: Ports, collector: Collector, transfers: PaymentProvider | None, unit: str) -> None:
        self._ports = ports
        self._collector = collector
        self._transfers = transfers
        self._unit = unit

    @property
    def offered(self) -> bool:
        """Whether there is an account to transfer to."""
        return self._transfers is not None

    def fetch(self, now: datetime) -> int:
        """Read the bank's feed of today, and of yesterday soon after midnight; how many lines are new."""
        if self._transfers is None:
            return 0
        added = 0
        for day in sorted({(now - LOOK_BACK).date(), now.date()}):
            try:
                lines = self._transfers.statement(day)
            except ConnectionError as error:
                LOG.warning("the statement of %s cannot be read: %s", day, error)
                break
            added += self._keep(lines or (), now)
        self.match(now)
        return added

    def take(self, lines: Sequence[Line]) -> tuple[int, int]:
        """Keep and match the lines of a file that a cashier brought; how many are new, how many now lie in suspense."""
        now = self._ports.clock.now()
        added = self._keep(lines, now)
        return added, self.match(now)

    def _keep(self, lines: Sequence[Line], now: datetime) -> int:
        name = self._transfers.name if self._transfers else ""
        return self._collector.ledger.add_lines(self._unit, name, [one for one in lines if one.amount > 0], now)

    def match(self, now: datetime) -> int:
        """Book what fits; how many lines were put into suspense."""
        ledger, suspended = self._collector.ledger, 0
        for line in ledger.lines(self._unit, "new", limit=AT_ONCE):
            order, problem = self._paid_by(line)
            facts = {"order": order["key"], "case_code": order["case_code"]} if order else {}
            state = "suspense" if problem else "matched"
            ledger.settle_line(self._unit, line["id"], seen="new", state=state, reason=problem, at=now, **facts)
            suspended += bool(problem)
        return suspended

    def _paid_by(self, line: Row) -> tuple[Row | None, str]:
        """The order that a line seems to be of, and why it was not booked ("" when it was)."""
        numbers = numbers_in(line["content"], self._collector.prefix)
        found = [
            one for one in self._collector.ledger.orders(self._unit, numbers) if one["provider"] == line["provider"]
        ]
        if len(found) != 1:
            return None, "several" if found else "unknown" if numbers else "no_number"
        order = found[0]
        entry = self._entry(order)
        if line["account"] != entry.get("details", {}).get("account"):
            return order, "account"
        if line["amount"] != order["amount"]:
            return order, "amount"
        return order, self._booked(order, line)

    def _booked(self, order: Row, line: Row) -> str:
        try:
            self._collector.pay(self._unit, order, line["id"])
        except DatabaseUnavailableError:
            raise
        except DomainError:
            LOG.exception("the line %s could not be booked", line["id"])
            return "error"
        return "" if self._entry(order)["reference"] == line["id"] else "twice"

    def _entry(self, order: Row) -> Row:
        case = self._ports.store.case(self._unit, order["case_id"])
        return (entry_of(case, order["key"]) if case else None) or {"reference": None}
