"""The house's books about money in SQL: what cases hold of orders, notices, lines of statements, daily accounts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_payments import PAYMENT_DAY, PAYMENT_NOTICE, PAYMENT_ORDER, STATEMENT_LINE
from engine.domain.codec import dumps
from engine.domain.errors import StaleVersionError
from engine.ports import Row
from engine.ports.payments import Line, Values

OWN, LINE = PAYMENT_ORDER.c, STATEMENT_LINE.c
KEPT_BODY = 8_000  # characters of a notice
AT_ONCE = 200  # lines looked up by one statement


class SqlLedger:
    """Implements the Ledger port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def order(self, unit: str, order: str) -> Row | None:
        """The order of this number."""
        return next(iter(self.orders(unit, [order])), None)

    def orders(self, unit: str, orders: Sequence[str]) -> list[Row]:
        """Those of the numbers that are orders."""
        known = [one for one in orders if one and _text(one) == one]  # no other text is in the database
        return self._rows(self._tries(unit).where(OWN.key.in_(known))) if known else []

    def unsettled(self, unit: str, before: datetime, *, limit: int) -> list[Row]:
        """Orders begun before the instant of which nothing final is known, oldest first."""
        hanging = OWN.state.in_(("open", "held")) & (OWN.begun_at <= before)
        return self._rows(self._tries(unit).where(hanging).order_by(OWN.begun_at, OWN.key).limit(limit))

    def refunds(
        self, unit: str, *, due: datetime | None = None, providers: Sequence[str] = (), limit: int
    ) -> list[Row]:
        """Orders whose money shall go back, or went back."""
        query = select(PAYMENT_ORDER).where(OWN.unit == unit, OWN.refund.is_not(None))
        if due is not None:
            query = query.where(OWN.refund == "asked", OWN.refund_run_at <= due, OWN.provider.in_(providers))
        return self._rows(query.order_by(OWN.refund, OWN.refund_at.desc(), OWN.key).limit(limit))

    def booked(self, unit: str, since: datetime, until: datetime) -> list[Row]:
        """Orders paid in that time."""
        within = (OWN.paid_at >= since) & (OWN.paid_at < until)
        return self._rows(self._tries(unit).where(within).order_by(OWN.paid_at, OWN.key))

    @staticmethod
    def _tries(unit: str) -> Select[Any]:
        return select(PAYMENT_ORDER).where(OWN.unit == unit, OWN.begun_at.is_not(None))

    def note(self, unit: str, provider: str, at: datetime, *, order: str, verdict: str, body: str) -> None:
        """Keep a notice as it came, and what was made of it."""
        row = {"unit": unit, "id": uuid.uuid4().hex, "provider": provider, "at": at, "verdict": verdict}
        texts = {"order": _text(order)[:100], "body": _text(body)[:KEPT_BODY]}
        with saving(self._store.engine) as connection:
            connection.execute(insert(PAYMENT_NOTICE).values({**row, **texts}))

    def add_lines(self, unit: str, provider: str, lines: Sequence[Line], now: datetime) -> int:
        """Keep lines that are not there yet, as `new`; how many those are. A line is known by account and number."""
        rows = {row["id"]: row for row in (_line_row(unit, provider, line, now) for line in lines)}
        added = 0
        for first in range(0, len(rows), AT_ONCE):
            some = dict(list(rows.items())[first : first + AT_ONCE])
            for _ in range(3):
                try:
                    added += self._add(unit, some)
                    break
                except StaleVersionError:  # somebody reads the same statement at this instant
                    continue
        return added

    def _add(self, unit: str, rows: Mapping[str, Mapping[str, Any]]) -> int:
        with saving(self._store.engine) as connection:
            there = select(LINE.id).where(LINE.unit == unit, LINE.id.in_(list(rows)))
            known = set(connection.execute(there).scalars())
            fresh = [dict(row) for key, row in rows.items() if key not in known]
            if fresh:
                connection.execute(insert(STATEMENT_LINE), fresh)
        return len(fresh)

    def lines(self, unit: str, state: str, *, limit: int) -> list[Row]:
        """Lines in a state, oldest first."""
        query = select(STATEMENT_LINE).where(LINE.unit == unit, LINE.state == state)
        return self._rows(query.order_by(LINE.at, LINE.id).limit(limit))

    def line(self, unit: str, line_id: str) -> Row | None:
        """A line."""
        query = select(STATEMENT_LINE).where(LINE.unit == unit, LINE.id == _text(line_id))
        return next(iter(self._rows(query)), None)

    def settle_line(self, unit: str, line_id: str, *, seen: str, state: str, **facts: Any) -> bool:
        """Move a line to another state; False when it was not in the one that was seen."""
        names = {"at": "settled_at"}
        values = {names.get(name, name): _text(v) if isinstance(v, str) else v for name, v in facts.items()}
        this = (LINE.unit == unit) & (LINE.id == line_id) & (LINE.state == seen)
        with saving(self._store.engine) as connection:
            changed = connection.execute(update(STATEMENT_LINE).where(this).values({**values, "state": state}))
        return changed.rowcount == 1

    def keep_account(self, unit: str, day: date, provider: str, account: Values, now: datetime) -> None:
        """Keep the daily account of a provider in the place of an earlier one."""
        own = PAYMENT_DAY.c
        this: ColumnElement[bool] = (own.unit == unit) & (own.day == day) & (own.provider == provider)
        row = {"unit": unit, "day": day, "provider": provider, "made_at": now, "account": dumps(account)}
        with saving(self._store.engine) as connection:
            connection.execute(delete(PAYMENT_DAY).where(this))
            connection.execute(insert(PAYMENT_DAY).values({**row, "count": len(account.get("differences", ()))}))

    def accounts(self, unit: str, *, limit: int) -> list[Row]:
        """Daily accounts, newest first."""
        own = PAYMENT_DAY.c
        query = select(PAYMENT_DAY).where(own.unit == unit).order_by(own.day.desc(), own.provider).limit(limit)
        return [{**row, **json.loads(row["account"])} for row in self._rows(query)]

    def _rows(self, query: Select[Any]) -> list[Row]:
        with self._store.reading() as connection:
            return [{str(k): v for k, v in row._mapping.items()} for row in connection.execute(query)]


def _line_row(unit: str, provider: str, line: Line, now: datetime) -> dict[str, Any]:
    return {
        "unit": unit,
        "id": _text(f"{line.account}/{line.id}"),
        "provider": provider,
        "account": _text(line.account),
        "amount": line.amount,
        "content": _text(line.text),
        "at": line.at,
        "came_at": now,
        "state": "new",
        "order": "",
        "case_code": "",
        "by": "",
        "reason": "",
    }


def _text(value: str) -> str:
    """Without NUL, which PostgreSQL's text cannot hold, and without halves of characters."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()
