"""Wordings of notices that units have of their own in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from engine.adapters.db.administration import count_up, number_of, write
from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_administration import UNIT_WORDING, WORDING_EDITION
from engine.domain.codec import dumps
from engine.domain.errors import StaleVersionError
from engine.domain.wording import Wording
from engine.ports.administration import Change


class SqlWordings:
    """Implements the WordingBook port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def wordings(self) -> Mapping[str, Sequence[Wording]]:
        """Those of every unit, oldest first."""
        found: dict[str, list[Wording]] = {}
        with self._store.reading() as connection:
            for row in connection.execute(select(UNIT_WORDING).order_by(UNIT_WORDING.c.edition)).mappings():
                one = Wording(**{**row, "texts": json.loads(row["texts"])})
                found.setdefault(one.unit, []).append(one)
        return {unit: tuple(rows) for unit, rows in found.items()}

    def number(self, unit: str) -> int:
        """The number of the unit's edition."""
        with self._store.reading() as connection:
            return number_of(connection, WORDING_EDITION, unit)

    def put(self, row: Wording, change: Change) -> None:
        """Whoever is first counts the number up; the other one finds that it has moved on."""
        with saving(self._store.engine) as connection:
            count_up(connection, WORDING_EDITION, row.unit, row.edition)
            connection.execute(insert(UNIT_WORDING).values({**asdict(row), "texts": dumps(dict(row.texts))}))
            write(connection, [change])

    def take_back(self, row: Wording, number: int, change: Change) -> None:
        """The same; a row that is gone by now was taken back by somebody else."""
        own = UNIT_WORDING.c
        here = (own.unit == row.unit, own.template == row.template, own.edition == row.edition)
        with saving(self._store.engine) as connection:
            count_up(connection, WORDING_EDITION, row.unit, number)
            if connection.execute(delete(UNIT_WORDING).where(*here)).rowcount != 1:
                raise StaleVersionError()
            write(connection, [change])
