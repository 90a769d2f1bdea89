"""What is counted of each case, in SQL: one row a case, with the instants that periods are picked by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, and_, delete, or_, select, tuple_

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import CASE
from engine.adapters.db.tables_following import COMPLAINT
from engine.adapters.db.tables_reports import CASE_FIGURE
from engine.domain.case_facts import CaseFacts
from engine.domain.codec import decoder, dumps
from engine.ports.following import Complaint

_read = decoder(CaseFacts, tagged=True)


class SqlFigures:
    """Implements the Figures port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def behind(self, after: tuple[str, str], limit: int) -> Sequence[tuple[str, str]]:
        """Cases whose row is missing or older than their history, by key from behind `after`."""
        own, row = CASE.c, CASE_FIGURE.c
        joined = CASE.outerjoin(CASE_FIGURE, and_(row.unit == own.unit, row.case_id == own.id))
        stale = or_(row.version.is_(None), row.version != own.version)
        query = select(own.unit, own.id).select_from(joined).where(stale, tuple_(own.unit, own.id) > after)
        with self._store.reading() as connection:
            found = connection.execute(query.order_by(own.unit, own.id).limit(limit))
            return [(one.unit, one.id) for one in found]

    def put(self, facts: Sequence[CaseFacts]) -> None:
        """Write rows anew."""
        if not facts:
            return
        keys = [(one.unit, one.case_id) for one in facts]
        with saving(self._store.engine) as connection:
            connection.execute(delete(CASE_FIGURE).where(tuple_(CASE_FIGURE.c.unit, CASE_FIGURE.c.case_id).in_(keys)))
            connection.execute(CASE_FIGURE.insert(), [_row(one) for one in facts])

    def between(self, unit: str, start: datetime, end: datetime) -> Sequence[CaseFacts]:
        """Received before `end`, not done before `start`; by code."""
        own = CASE_FIGURE.c
        query = select(own.data).where(
            own.unit == unit, own.received_at < end, or_(own.solved_at.is_(None), own.solved_at >= start)
        )
        with self._store.reading() as connection:
            return _facts(connection.execute(query.order_by(own.code)))

    def touched(self, unit: str, start: datetime, end: datetime) -> Sequence[CaseFacts]:
        """Something happened at or after `start`, filed before `end`; by code."""
        own = CASE_FIGURE.c
        query = select(own.data).where(own.unit == unit, own.last_at >= start, own.filed_at < end)
        with self._store.reading() as connection:
            return _facts(connection.execute(query.order_by(own.code)))

    def get(self, unit: str, case_id: str) -> CaseFacts | None:
        """The row of a case."""
        query = select(CASE_FIGURE.c.data).where(CASE_FIGURE.c.unit == unit, CASE_FIGURE.c.case_id == case_id)
        with self._store.reading() as connection:
            return next(iter(_facts(connection.execute(query))), None)

    def complaints(self, unit: str, start: datetime, end: datetime) -> Sequence[Complaint]:
        """Filed in the span, in order."""
        own = COMPLAINT.c
        query = select(COMPLAINT).where(own.unit == unit, own.filed_at >= start, own.filed_at < end)
        with self._store.reading() as connection:
            found = connection.execute(query.order_by(own.filed_at, own.id))
            return [Complaint(**one._mapping) for one in found]

    def forget(self, unit: str) -> None:
        """Take all rows of a unit away."""
        with saving(self._store.engine) as connection:
            connection.execute(delete(CASE_FIGURE).where(CASE_FIGURE.c.unit == unit))


def _row(facts: CaseFacts) -> dict[str, object]:
    return {
        "unit": facts.unit,
        "case_id": facts.case_id,
        "code": facts.code,
        "version": facts.version,
        "filed_at": facts.filed_at,
        "last_at": facts.last_at,
        "received_at": facts.received_at,
        "solved_at": facts.solved_at,
        "data": dumps(facts),
    }


def _facts(rows: Iterable[Row[tuple[str]]]) -> list[CaseFacts]:
    return [_read(json.loads(row.data)) for row in rows]
