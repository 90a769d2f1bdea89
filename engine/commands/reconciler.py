"""What the house asks providers by itself: orders that hang, money that has to go back, and the account of each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.commands.bus import Bus
from engine.commands.collector import LOG, Collector
from engine.commands.payment_messages import DelayRefund, SettleRefund
from engine.domain.actor import system
from engine.domain.errors import DatabaseUnavailableError, DomainError, PaymentRefusedError
from engine.domain.order_number import numbers_in
from engine.domain.payment_appliers import entry_of
from engine.ports import Ports, Row
from engine.ports.payments import Asked, Line, PaymentProvider

AFTER = timedelta(minutes=15)  # an order that has hung so long is asked about
AT_ONCE = 50
FIRST_RETRY, LONGEST_RETRY, TRIES = timedelta(minutes=5), timedelta(hours=6), 8
Found = dict[str, Any]


class Reconciler:
    """Safe to run as often as one likes: all it finds is booked once."""

    def __init__(self, ports: Ports, bus: Bus, collector: Collector, unit: str) -> None:
        self._ports = ports
        self._bus = bus
        self._collector = collector
        self._ledger = collector.ledger
        self._unit = unit

    def ask(self, now: datetime) -> int:
        """Ask about orders that hang: a lost notice is made up for, what nobody paid in its time is given up.

        How many were asked about. A provider that is silent is left alone until the next time.
        """
        silent: set[str] = set()
        rows = self._ledger.unsettled(self._unit, now - AFTER, limit=AT_ONCE)
        for row in rows:
            if row["provider"] in silent:
                continue
            try:
                self._ask_about(row, now)
            except ConnectionError as error:
                LOG.warning("%s cannot be asked: %s", row["provider"], error)
                silent.add(row["provider"])
        return len(rows)

    def _ask_about(self, row: Row, now: datetime) -> None:
        provider = self._collector.providers.get(row["provider"])
        notice = provider.query(self._asked(row, now)) if provider else None
        if notice is not None and notice.outcome != "open":
            self._collector.book(self._unit, row["provider"], notice)
        elif row["state"] == "open" and now > row["expires_at"] + AFTER:
            try:
                self._collector.fail(self._unit, row, "expired")
            except DatabaseUnavailableError:
                raise
            except DomainError:
                LOG.exception("the order %s could not be given up", row["key"])

    def _asked(self, row: Row, now: datetime, reason: str = "") -> Asked:
        case = self._ports.store.case(self._unit, row["case_id"])
        entry = (entry_of(case, row["key"]) if case else None) or {}
        return Asked(
            order=row["key"],
            amount=row["amount"],
            at=row["begun_at"] or now,
            now=now,
            details=entry.get("details", {}),
            reference=row["reference"],
            reason=reason,
        )

    def give_back(self, now: datetime) -> int:
        """Tell providers to give money back; how many were told. What fails is tried again, then a person is told."""
        able = [one.name for one in self._collector.providers.values() if one.refunds]
        rows = self._ledger.refunds(self._unit, due=now, providers=able, limit=AT_ONCE)
        for row in rows:
            command, word = self._given_back(self._collector.providers[row["provider"]], row, now)
            try:
                self._bus.handle(command, system(self._unit, row["provider"]), f"refund:{row['key']}:{word}")
            except DatabaseUnavailableError:
                raise
            except DomainError:
                LOG.exception("the refund of %s could not be noted", row["key"])
        return len(rows)

    def _given_back(self, provider: PaymentProvider, row: Row, now: datetime) -> tuple[SettleRefund | DelayRefund, str]:
        which: Any = {"unit": self._unit, "case_id": row["case_id"], "order": row["key"]}
        again = f"delayed:{now.isoformat()}"
        try:
            done = provider.refund(self._asked(row, now, "hoan tien"))
        except PaymentRefusedError as error:
            return DelayRefund(**which, error=error.message, retry_at=None), again
        except ConnectionError as error:
            return DelayRefund(**which, error=str(error), retry_at=self._retry_at(row, now)), again
        return SettleRefund(**which, code=done.code, reference=done.reference), "settled"

    def _retry_at(self, row: Row, now: datetime) -> datetime | None:
        case = self._ports.store.case(self._unit, row["case_id"])
        entry = (entry_of(case, row["key"]) if case else None) or {}
        attempt = int(entry.get("refund", {}).get("attempt", 0)) + 1
        if attempt >= TRIES:
            return None
        pause: timedelta = min(FIRST_RETRY * 2 ** (attempt - 1), LONGEST_RETRY)
        return now + pause

    def close_day(self, now: datetime) -> None:
        """Hold what was booked yesterday against the providers' own accounts, and keep what differs."""
        day = now.date() - timedelta(days=1)
        for provider in self._collector.providers.values():
            try:
                lines = provider.statement(day)
            except ConnectionError as error:
                LOG.warning("%s tells no account of %s: %s", provider.name, day, error)
                lines = None
            account = self.account(provider, day, lines, now)
            self._ledger.keep_account(self._unit, day, provider.name, account, now)

    def account(self, provider: PaymentProvider, day: date, lines: Sequence[Line] | None, now: datetime) -> Found:
        """Both sides' numbers and sums of a day, and the differences: kind, order, case_code, ours, theirs."""
        start = datetime.combine(day, time(), now.tzinfo)
        booked = self._ledger.booked(self._unit, start, start + timedelta(days=1))
        ours = [row for row in booked if row["provider"] == provider.name]
        facts: Found = {
            "ours_count": len(ours),
            "ours_sum": sum(row["amount"] for row in ours),
            "told": lines is not None,
        }
        if lines is None:
            return {**facts, "theirs_count": 0, "theirs_sum": 0, "differences": []}
        named = {line.id: line.order or next(iter(numbers_in(line.text, self._collector.prefix)), "") for line in lines}
        told = {named[line.id] for line in lines} | {f"{line.account}/{line.id}" for line in lines}
        differences = [found for line in lines if (found := self._differs(provider, line, named[line.id])) is not None]
        differences += [self._lacking(row) for row in ours if not self._confirmed(provider, row, told, now)]
        theirs = {"theirs_count": len(lines), "theirs_sum": sum(line.amount for line in lines)}
        return {**facts, **theirs, "differences": differences}

    def _differs(self, provider: PaymentProvider, line: Line, order: str) -> Found | None:
        """What is wrong with a line of theirs; a payment that we missed is booked first, where they confirm it."""
        if not provider.refunds and self._ledger.line(self._unit, f"{line.account}/{line.id}") is not None:
            return None  # transfers are kept line by line: what fits nothing lies in suspense already
        row = self._ledger.order(self._unit, order) if order else None
        found = {"order": order or line.id, "ours": row["amount"] if row else 0, "theirs": line.amount}
        if row is None or row["provider"] != provider.name:
            return {**found, "kind": "unknown", "case_code": "", "ours": 0}
        if row["amount"] != line.amount:
            return {**found, "kind": "amount", "case_code": row["case_code"]}
        if row["state"] != "paid" and not self._booked_now(provider, row):
            return {**found, "kind": "unbooked", "case_code": row["case_code"], "ours": 0}
        return None

    def _booked_now(self, provider: PaymentProvider, row: Row) -> bool:
        try:
            notice = provider.query(self._asked(row, self._ports.clock.now()))
        except ConnectionError:
            return False
        return (
            notice is not None
            and notice.outcome == "paid"
            and (self._collector.book(self._unit, provider.name, notice) in ("recorded", "repeated"))
        )

    def _confirmed(self, provider: PaymentProvider, row: Row, told: set[str], now: datetime) -> bool:
        """Whether their account has the order; if not, it may be of the day before or after: they are asked."""
        if row["key"] in told or row["reference"] in told:
            return True
        try:
            notice = provider.query(self._asked(row, now))
        except ConnectionError:
            return False
        return notice is not None and notice.outcome == "paid" and notice.amount == row["amount"]

    @staticmethod
    def _lacking(row: Mapping[str, Any]) -> Found:
        ours = {"order": row["key"], "case_code": row["case_code"], "ours": row["amount"]}
        return {**ours, "kind": "missing", "theirs": 0}
