"""Signatures that wait for their owner's PIN: jobs that sign and that no worker may take."""

from __future__ import annotations

from sqlalchemy import select

from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import AWAITED, JOB


class SqlAwaitedSignatures:
    """Implements the AwaitedSignatures port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def case_ids(self, unit: str, limit: int) -> list[str]:
        """By an index that holds these jobs alone."""
        own = JOB.c
        held = select(own.case_id).where(own.unit == unit, AWAITED)
        with self._store.reading() as connection:
            return list(connection.execute(held.order_by(own.case_id).limit(limit)).scalars())
