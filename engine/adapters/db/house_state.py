"""Heartbeats of processes and what came of asking outside parties, in SQL; how the database's clock goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Table, cast, delete, func, insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import INCIDENT, JOB, TASK_GROUP, TIMER
from engine.adapters.db.tables_administration import CONNECTOR_TRIAL, HEARTBEAT
from engine.domain.errors import StaleVersionError
from engine.domain.outside_trial import Trial
from engine.ports.house_state import Beat

FORGOTTEN = timedelta(days=7)


class SqlHouseState:
    """Implements the HouseState port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def beat(self, beat: Beat) -> None:
        """The process is alive; those not heard of for a week are forgotten."""
        own = HEARTBEAT.c
        row = {name: getattr(beat, name) for name in Beat.__slots__}
        with saving(self._store.engine) as connection:
            mine = (own.unit == beat.unit, own.process == beat.process)
            if not connection.execute(update(HEARTBEAT).where(*mine).values(row)).rowcount:
                connection.execute(delete(HEARTBEAT).where(own.beat_at < beat.beat_at - FORGOTTEN))
                connection.execute(insert(HEARTBEAT).values(row))

    def beats(self) -> list[Beat]:
        """Every process of the installation, the latest first."""
        with self._store.reading() as connection:
            rows = connection.execute(select(HEARTBEAT).order_by(HEARTBEAT.c.beat_at.desc())).mappings().all()
        return [Beat(**row) for row in rows]

    def note_trial(self, trial: Trial) -> None:
        """Keep the latest of each party."""
        own, row = CONNECTOR_TRIAL.c, {name: getattr(trial, name) for name in Trial.__slots__}
        mine = (own.unit == trial.unit, own.party == trial.party)
        try:
            with saving(self._store.engine) as connection:
                if not connection.execute(update(CONNECTOR_TRIAL).where(*mine).values(row)).rowcount:
                    connection.execute(insert(CONNECTOR_TRIAL).values(row))
        except StaleVersionError:  # somebody asked at the same moment: theirs is as good
            return

    def trials(self, unit: str) -> dict[str, Trial]:
        """The latest of each party."""
        query = select(CONNECTOR_TRIAL).where(CONNECTOR_TRIAL.c.unit == unit)
        with self._store.reading() as connection:
            return {row["party"]: Trial(**row) for row in connection.execute(query).mappings()}

    def late(self, before: datetime) -> dict[str, int]:
        """How many jobs and timers fell due before then and were not done, and open incidents, in the installation."""
        with self._store.reading() as connection:

            def count(table: Table, *conditions: Any) -> int:
                query = select(func.count()).select_from(table).where(*conditions)
                return int(connection.execute(query).scalar_one())

            return {
                "jobs": count(JOB, JOB.c.run_at < before),
                "timers": count(TIMER, TIMER.c.run_at < before),
                "incidents": count(INCIDENT),
            }

    def open_tasks(self, unit: str, groups: Sequence[str], most: int = 1000) -> dict[str, int]:
        """Open tasks of each group; none is counted further than `most`."""
        own = TASK_GROUP.c
        with self._store.reading() as connection:

            def count(group: str) -> int:
                some = select(own.key).where(own.unit == unit, own.group_id == group).limit(most).subquery()
                return int(connection.execute(select(func.count()).select_from(some)).scalar_one())

            return {group: count(group) for group in groups}

    def clock(self) -> datetime:
        """What the database takes for now."""
        with self._store.reading() as connection:
            if connection.dialect.name == "sqlite":
                text = connection.execute(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).scalar_one()
                return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
            now: datetime = connection.execute(
                select(cast(func.clock_timestamp(), DateTime(timezone=True)))
            ).scalar_one()
            return now.astimezone(UTC)
