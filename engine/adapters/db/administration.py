"""The log of administration in SQL: lines are written by whoever changes something, in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Connection

from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_administration import ADMINISTRATION_LOG
from engine.domain.codec import dumps
from engine.domain.errors import StaleVersionError
from engine.ports.administration import Change

OBJECTS = ("before", "after")


def write(connection: Connection, changes: Iterable[Change]) -> None:
    """Add the lines in the transaction at hand."""
    rows = [{name: getattr(change, name) for name in Change.__slots__} for change in changes]
    rows = [{**row, **{name: dumps(dict(row[name])) for name in OBJECTS}} for row in rows]
    if rows:
        connection.execute(insert(ADMINISTRATION_LOG), rows)


def count_up(connection: Connection, editions: Table, unit: str, number: int) -> None:
    """The unit's edition becomes `number`, which follows the one its author has seen; StaleVersionError where somebody
    was quicker."""
    if number == 1:
        connection.execute(insert(editions).values(unit=unit, number=1))
        return
    mine = (editions.c.unit == unit, editions.c.number == number - 1)
    if connection.execute(update(editions).where(*mine).values(number=number)).rowcount != 1:
        raise StaleVersionError()


def number_of(connection: Connection, editions: Table, unit: str) -> int:
    """The number of the unit's edition; 0 while nothing was changed."""
    return connection.execute(select(editions.c.number).where(editions.c.unit == unit)).scalar() or 0


class SqlAdministrationLog:
    """Implements the AdministrationLog port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def latest(self, unit: str, *, before: str | None = None, limit: int = 100) -> list[Change]:
        """The latest first."""
        own = ADMINISTRATION_LOG.c
        query = select(ADMINISTRATION_LOG).where(own.unit == unit)
        query = query if before is None else query.where(own.id < before)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.id.desc()).limit(limit)).mappings().all()
        return [Change(**{**row, **{name: json.loads(row[name]) for name in OBJECTS}}) for row in rows]
