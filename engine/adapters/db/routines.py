"""When each routine of the house ran last: of many processes one gets to run it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import ROUTINE
from engine.domain.errors import StaleVersionError


class SqlRoutines:
    """Implements the RoutineLog port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def begin(self, unit: str, name: str, slot: datetime, now: datetime) -> bool:
        """Whether the caller is to run what has been due since `slot`; it is noted as run at `now`."""
        mine = (ROUTINE.c.unit == unit) & (ROUTINE.c.name == name)
        try:
            with saving(self._store.engine) as connection:
                changed = connection.execute(update(ROUTINE).where(mine, ROUTINE.c.ran_at < slot).values(ran_at=now))
                if changed.rowcount:
                    return True
                if connection.execute(select(ROUTINE.c.name).where(mine)).first() is not None:
                    return False
                connection.execute(insert(ROUTINE).values(unit=unit, name=name, ran_at=now))
                return True
        except StaleVersionError:  # another process made the row, or changed it, at the same instant
            return False
