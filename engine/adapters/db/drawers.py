"""Cash drawers in SQL; one of an officer is opened or closed at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, select, update
from sqlalchemy.engine import Connection

from engine.adapters.db.connection import saving_in_turn
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_drawers import CASH_DRAWER, CASH_MOVE
from engine.domain.cash import Move
from engine.domain.codec import dumps
from engine.domain.drawer import Counts, Drawer
from engine.ports.drawers import Decide

D, M = CASH_DRAWER.c, CASH_MOVE.c
NAMES = tuple(each.name for each in fields(Drawer))
COUNTED = ("opening", "closing")
MOVED = tuple(each.name for each in fields(Move))
AT_ONCE = 200  # drawers looked up by one statement


class SqlDrawers:
    """Implements the Drawers port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def open(self, drawer: Drawer) -> Drawer:
        """Keep a drawer, or the one that is open already."""
        with self._in_turn(drawer.unit, drawer.officer) as connection:
            found = _first(connection, _open_of(drawer.unit, drawer.officer))
            if found is None:
                connection.execute(insert(CASH_DRAWER).values(_row(drawer)))
        return found or drawer

    def open_of(self, unit: str, officer: str) -> Drawer | None:
        """The officer's open drawer."""
        with self._store.reading() as connection:
            return _first(connection, _open_of(unit, officer))

    def get(self, unit: str, drawer_id: str) -> Drawer | None:
        """A drawer of the unit."""
        with self._store.reading() as connection:
            return _first(connection, _this(unit, drawer_id))

    def close(self, unit: str, drawer_id: str, decide: Decide) -> Drawer | None:
        """Decide and write in turn with whatever else opens or closes a drawer of the officer."""
        drawer = self.get(unit, drawer_id)
        if drawer is None:
            return None
        with self._in_turn(unit, drawer.officer) as connection:
            drawer = _first(connection, _this(unit, drawer_id))
            assert drawer is not None  # drawers are never taken away
            moves = [_move(row) for row in connection.execute(_moves(unit, [drawer_id])).mappings()]
            closed = decide(drawer, moves)
            connection.execute(update(CASH_DRAWER).where(_this(unit, drawer_id)).values(_row(closed)))
        return closed

    def of_day(self, unit: str, day: date) -> Sequence[Drawer]:
        """Drawers of a day."""
        return self._drawers(and_(D.unit == unit, D.day == day))

    def left_open(self, unit: str, before: date) -> Sequence[Drawer]:
        """Drawers of earlier days that nobody has closed."""
        return self._drawers(and_(D.unit == unit, D.day < before, D.closed_at.is_(None)))

    def moves(self, unit: str, drawers: Collection[str]) -> Sequence[Move]:
        """Cash of these drawers, in order of time."""
        wanted, found = sorted(drawers), list[Move]()
        with self._store.reading() as connection:
            for first in range(0, len(wanted), AT_ONCE):
                query = _moves(unit, wanted[first : first + AT_ONCE])
                found += [_move(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda one: (one.at, one.case_code, one.key))

    def loose(self, unit: str, since: datetime, until: datetime) -> Sequence[Move]:
        """Cash without a drawer in that time."""
        query = _moves(unit, [""]).where(M.at >= since, M.at < until)
        with self._store.reading() as connection:
            return [_move(row) for row in connection.execute(query).mappings()]

    def _drawers(self, which: ColumnElement[bool]) -> list[Drawer]:
        query = select(CASH_DRAWER).where(which).order_by(D.opened_at, D.id)
        with self._store.reading() as connection:
            return [_drawer(row) for row in connection.execute(query).mappings()]

    def _in_turn(self, unit: str, officer: str) -> AbstractContextManager[Connection]:
        return saving_in_turn(self._store.engine, f"cash_drawer/{unit}/{officer}")


def _this(unit: str, drawer_id: str) -> ColumnElement[bool]:
    return and_(D.unit == unit, D.id == drawer_id.replace("\0", ""))


def _open_of(unit: str, officer: str) -> ColumnElement[bool]:
    return and_(D.unit == unit, D.officer == officer, D.closed_at.is_(None))


def _moves(unit: str, drawers: Sequence[str]) -> Select[Any]:
    return select(CASH_MOVE).where(M.unit == unit, M.drawer.in_(drawers)).order_by(M.at, M.case_code, M.key)


def _first(connection: Connection, which: ColumnElement[bool]) -> Drawer | None:
    row = connection.execute(select(CASH_DRAWER).where(which)).mappings().first()
    return _drawer(row) if row else None


def _row(drawer: Drawer) -> dict[str, Any]:
    row = {name: getattr(drawer, name) for name in NAMES}
    return {**row, **{name: dumps(_texts(row[name])) for name in COUNTED}}


def _texts(counts: Counts) -> dict[str, int]:
    return {str(denomination): pieces for denomination, pieces in counts.items()}


def _drawer(row: Mapping[Any, Any]) -> Drawer:
    counts: dict[str, Any] = {name: {int(k): v for k, v in json.loads(row[name]).items()} for name in COUNTED}
    return Drawer(**{name: row[name] for name in NAMES if name not in COUNTED}, **counts)


def _move(row: Mapping[Any, Any]) -> Move:
    return Move(**{name: row[name] for name in MOVED})
