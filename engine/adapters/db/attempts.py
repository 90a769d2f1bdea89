"""Refused attempts in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from engine.adapters.db.counting import count
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_attempts import ATTEMPT_REFUSED
from engine.ports.attempts import Attempt


class SqlAttempts:
    """Implements the Attempts port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def note(self, unit: str, account: str, *, page: str, method: str, path: str, at: datetime) -> None:
        """Count one more."""
        key = {"unit": unit, "account": account, "day": at.date().isoformat(), "page": page, "method": method}
        count(self._store.engine, ATTEMPT_REFUSED, key, {"path": path[:300], "last_at": at})

    def latest(self, unit: str, limit: int = 200) -> list[Attempt]:
        """Those of a unit's people, the latest first."""
        own = ATTEMPT_REFUSED.c
        query = select(ATTEMPT_REFUSED).where(own.unit == unit).order_by(own.last_at.desc(), own.account, own.page)
        with self._store.reading() as connection:
            return [Attempt(**row._mapping) for row in connection.execute(query.limit(limit))]
