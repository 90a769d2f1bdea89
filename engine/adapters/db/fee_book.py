"""Fees that units charge by resolutions of their own in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, delete, insert, select

from engine.adapters.db.administration import count_up, number_of, write
from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_administration import FEE_EDITION, UNIT_FEE
from engine.domain.errors import StaleVersionError
from engine.domain.unit_fees import UnitFee
from engine.ports.administration import Change


class SqlFeeBook:
    """Implements the FeeBook port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def fees(self) -> Mapping[str, Sequence[UnitFee]]:
        """Those of every unit, oldest first."""
        own = UNIT_FEE.c
        found: dict[str, list[UnitFee]] = {}
        query = select(UNIT_FEE).order_by(own.unit, own.procedure, own.fee, own.valid_from)
        with self._store.reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault(row["unit"], []).append(UnitFee(**row))
        return {unit: tuple(rows) for unit, rows in found.items()}

    def number(self, unit: str) -> int:
        """The number of the unit's edition."""
        with self._store.reading() as connection:
            return number_of(connection, FEE_EDITION, unit)

    def put(self, row: UnitFee, change: Change) -> None:
        """Whoever is first counts the number up; the other one finds that it has moved on."""
        with saving(self._store.engine) as connection:
            count_up(connection, FEE_EDITION, row.unit, row.edition)
            connection.execute(delete(UNIT_FEE).where(*_place(row)))
            connection.execute(insert(UNIT_FEE).values(asdict(row)))
            write(connection, [change])

    def take_back(self, row: UnitFee, number: int, change: Change) -> None:
        """The same; a row that is another by now stays."""
        with saving(self._store.engine) as connection:
            count_up(connection, FEE_EDITION, row.unit, number)
            here = (*_place(row), UNIT_FEE.c.edition == row.edition)
            if connection.execute(delete(UNIT_FEE).where(*here)).rowcount != 1:
                raise StaleVersionError()
            write(connection, [change])


def _place(row: UnitFee) -> tuple[ColumnElement[bool], ...]:
    own = UNIT_FEE.c
    return own.unit == row.unit, own.procedure == row.procedure, own.fee == row.fee, own.valid_from == row.valid_from
