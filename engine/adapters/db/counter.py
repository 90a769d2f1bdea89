"""Tickets of people who wait, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from engine.adapters.db.connection import saving, saving_in_turn
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_counter import QUEUE_TICKET
from engine.ports.counter import Kinds, Ticket

OWN = QUEUE_TICKET.c
ROW = tuple(column.name for column in QUEUE_TICKET.columns)


class SqlTickets:
    """Implements the Tickets port: whoever draws or calls takes turns with all who do so on that day in that unit."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def draw(self, unit: str, day: date, kind: str, at: datetime) -> Ticket:
        """The next number of the day."""
        with self._in_turn(unit, day) as connection:
            last = connection.execute(select(func.max(OWN.number)).where(_of(unit, day))).scalar() or 0
            ticket = Ticket(unit=unit, day=day, number=last + 1, kind=kind, drawn_at=at)
            connection.execute(insert(QUEUE_TICKET).values({name: getattr(ticket, name) for name in ROW}))
        return ticket

    def call(self, unit: str, day: date, kinds: Kinds, *, window: str, by: str, at: datetime) -> Ticket | None:
        """The lowest number nobody called; what this window or officer served before is done."""
        waiting = and_(_of(unit, day), OWN.called_at.is_(None), OWN.kind.in_(list(kinds)))
        with self._in_turn(unit, day) as connection:
            served = and_(_served(unit, day), (OWN.window == window) | (OWN.by == by))
            connection.execute(update(QUEUE_TICKET).where(served).values(done_at=at))
            number = connection.execute(select(func.min(OWN.number)).where(waiting)).scalar()
            if number is None:
                return None
            this = and_(_of(unit, day), OWN.number == number)
            connection.execute(update(QUEUE_TICKET).where(this).values(called_at=at, window=window, by=by))
            return _ticket(connection.execute(select(QUEUE_TICKET).where(this)).one())

    def finish(self, unit: str, day: date, number: int, *, by: str, at: datetime) -> bool:
        """Done with somebody this officer called."""
        this = and_(_served(unit, day), OWN.number == number, OWN.by == by)
        with saving(self._store.engine) as connection:
            return connection.execute(update(QUEUE_TICKET).where(this).values(done_at=at)).rowcount == 1

    def link(self, unit: str, day: date, by: str, case_id: str) -> bool:
        """Whoever this officer serves filed this case."""
        this = and_(_served(unit, day), OWN.by == by, OWN.case_id == "")
        with saving(self._store.engine) as connection:
            return connection.execute(update(QUEUE_TICKET).where(this).values(case_id=case_id)).rowcount == 1

    def of_day(self, unit: str, day: date) -> Sequence[Ticket]:
        """Every ticket of the day by number."""
        with self._store.reading() as connection:
            rows = connection.execute(select(QUEUE_TICKET).where(_of(unit, day)).order_by(OWN.number))
            return [_ticket(row) for row in rows]

    def _in_turn(self, unit: str, day: date) -> AbstractContextManager[Connection]:
        return saving_in_turn(self._store.engine, f"queue_ticket/{unit}/{day}")


def _of(unit: str, day: date) -> ColumnElement[bool]:
    return and_(OWN.unit == unit, OWN.day == day)


def _served(unit: str, day: date) -> ColumnElement[bool]:
    return and_(_of(unit, day), OWN.called_at.is_not(None), OWN.done_at.is_(None))


def _ticket(row: Any) -> Ticket:
    return Ticket(**row._mapping)
