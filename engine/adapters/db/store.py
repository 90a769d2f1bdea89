"""The database as one port: transactions, claims, histories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, tuple_
from sqlalchemy import case as sql_case

from engine.adapters.db import event_store, projections, start_timers, tables
from engine.adapters.db.batch import CONVERT, postgres_value
from engine.adapters.db.connection import asking, at_once, connect, reading, saving, writing
from engine.adapters.db.direct import rows
from engine.adapters.db.files import unpack
from engine.adapters.db.look import DUE_TABLES, QUEUES, RESERVING, claiming, look, looking, stating
from engine.adapters.db.of_unit import of
from engine.adapters.db.outage import patience
from engine.adapters.db.soonest import soonest
from engine.adapters.db.unit_of_work import SqlUnitOfWork
from engine.adapters.reserving import reserved
from engine.domain.case import Case
from engine.domain.case_text import case_from
from engine.domain.errors import BookClosedError, StaleVersionError
from engine.domain.events import Recorded
from engine.domain.start_timer import StartTimer
from engine.ports import Deployment, Due, Lease, Queue, Remembered, Row, StartLease, Taken

LEASE_COLUMNS = frozenset({"lease_until", "fence"})


class SqlStore:
    """Implements the Store port on SQLite or PostgreSQL. `serves`: the only unit whose due work is taken and whose
    people are known, where several communes share the database."""

    def __init__(self, engine: Engine, serves: str | None = None) -> None:
        self.engine = engine
        self.serves = serves

    def serving(self, unit: str | None) -> SqlStore:
        """The same database and its connections, for another commune."""
        return SqlStore(self.engine, unit)

    @contextmanager
    def begin(self, *, hopeful: bool = False, known: Case | None = None) -> Iterator[SqlUnitOfWork]:
        """A write transaction; rolled back unless committed."""
        with writing(self.engine, hopeful=hopeful) as connection:
            yield SqlUnitOfWork(connection, hopeful=hopeful, known=known)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with reading(self.engine) as connection:
            yield connection

    def due(self, now: datetime) -> frozenset[Queue]:
        """The kinds of which something can be claimed now: one look that takes no lock."""
        dialect = self.engine.dialect.name
        with asking(self.engine) as connection:
            values = (*self._own, *(CONVERT[dialect](now),) * 2) * len(QUEUES)
            (row,) = rows(connection, looking(dialect, bool(self._own)), values)
        return frozenset(kind for kind, found in zip(QUEUES, row, strict=True) if found)

    def claim(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Lease]:
        """Claim due rows in one statement; rows that others are claiming are passed over."""
        query = claiming(self.engine.dialect.name, kind, bool(self._own))
        return [found for found, _ in self._claimed(query, kind, now, limit, lease)]

    def take(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Taken]:
        """The same, with the cases as they are at that moment."""
        query = claiming(self.engine.dialect.name, kind, bool(self._own), with_state=True)
        found = self._claimed(query, kind, now, limit, lease)
        return [Taken(lease=lease, case=case_from(more[0]) if more[0] is not None else None) for lease, more in found]

    def _claimed(
        self, query: str, kind: Due, now: datetime, limit: int, lease: timedelta
    ) -> list[tuple[Lease, tuple[Any, ...]]]:
        convert, until = CONVERT[self.engine.dialect.name], now + lease
        with at_once(self.engine) as connection:
            asked = (*self._own, *(convert(value) for value in (now, now, limit, until)))
            found = rows(connection, query, asked)
        return [
            (Lease(kind=kind, unit=unit, case_id=case_id, key=key, fence=fence, until=until), tuple(more))
            for _, case_id, key, unit, fence, *more in sorted(found)
        ]

    @property
    def _own(self) -> tuple[str, ...]:
        return () if self.serves is None else (self.serves,)

    def remembered(self, unit: str, key: str) -> Remembered | None:
        """The stored answer of a command, read outside any write transaction."""
        with asking(self.engine) as connection:
            found = look(connection, unit, key)
        return found.answer if found else None

    def draw(self, unit: str, counter: str, key: str, at: datetime) -> int:
        """The number reserved under the key: one statement on PostgreSQL, where who draws at the same instant under the
        same key has it to do again, and then finds the first one's."""
        if self.engine.dialect.name != "postgresql":
            with self.begin() as uow:
                return reserved(uow, unit, counter, key, at)
        try:
            return self._drawn(unit, counter, key, at)
        except StaleVersionError:
            return self._drawn(unit, counter, key, at)

    def _drawn(self, unit: str, counter: str, key: str, at: datetime) -> int:
        with at_once(self.engine) as connection:
            found = rows(connection, RESERVING, (unit, key, unit, counter, unit, key, counter, postgres_value(at)))
        if not found:
            raise BookClosedError()
        return int(found[0][0])

    def next_due(self, kind: Due) -> datetime | None:
        """When the next row falls due that no lease holds longer."""
        own = DUE_TABLES[kind].c
        mine = of(DUE_TABLES[kind], self.serves)
        free = select(func.min(own.run_at)).where(own.lease_until.is_(None), *mine)
        claimable = sql_case((own.lease_until > own.run_at, own.lease_until), else_=own.run_at)
        leased = select(func.min(claimable)).where(own.lease_until.is_not(None), own.run_at.is_not(None), *mine)
        with self.reading() as connection:
            first: datetime | None = connection.execute(free).scalar()
            if first is not None:  # only what fell due before it can come before it: few rows, by the index
                leased = leased.where(own.run_at < first)
            held: datetime | None = connection.execute(leased).scalar()
        return min((at for at in (first, held) if at is not None), default=None)

    def soonest(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a row of any kind falls due."""
        with self.reading() as connection:
            return soonest(connection, now, self.serves)

    def claim_starts(self, now: datetime, *, limit: int, lease: timedelta) -> list[StartLease]:
        """Claim start timers that are due."""
        with saving(self.engine) as connection:
            return start_timers.claim(connection, now, self.serves, limit=limit, lease=lease)

    def next_start(self) -> datetime | None:
        """When the next unleased start timer falls due."""
        with self.reading() as connection:
            return start_timers.next_due(connection, self.serves)

    def start_timers(self) -> list[StartTimer]:
        """All start timers."""
        with self.reading() as connection:
            return start_timers.everything(connection)

    def listening(self, unit: str, signal: str) -> list[str]:
        """Ids of the cases that wait for a signal, oldest first."""
        own = tables.SIGNAL_WAIT.c
        query = select(own.case_id).where(own.unit == unit, own.signal == signal).distinct().order_by(own.case_id)
        with self.reading() as connection:
            return list(connection.execute(query).scalars())

    def events(self, stream: str, *, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The history of a case, in order."""
        with self.reading() as connection:
            return event_store.read(connection, stream, after, until)

    def case(self, unit: str | None, case_id: str) -> Case | None:
        """The folded state."""
        unit = unit or self.serves
        query = stating(self.engine.dialect.name, unit is not None)
        with asking(self.engine) as connection:
            found = rows(connection, query, (case_id, unit) if unit is not None else (case_id,))
        return case_from(found[0][0]) if found else None

    @patience()
    def case_ids(self, unit: str | None = None) -> list[tuple[str, str]]:
        """(unit, case id) of all cases, oldest first."""
        own = tables.CASE.c
        mine = of(tables.CASE, unit or self.serves)
        query = select(own.unit, own.id).where(*mine).order_by(own.submitted_at, own.id)
        with self.reading() as connection:
            return [(row.unit, row.id) for row in connection.execute(query)]

    def running(self, unit: str, code: str, version: int, *, after: str = "", limit: int = 100) -> list[str]:
        """Ids of the cases that have not ended in this version, keyset-paged."""
        own = tables.CASE.c
        here = (own.unit == unit, own.procedure == code, own.procedure_version == version, own.ended.is_(False))
        query = select(own.id).where(*here, own.id > after).order_by(own.id).limit(limit)
        with self.reading() as connection:
            return list(connection.execute(query).scalars())

    def rows(self, case_id: str) -> Mapping[str, list[Row]]:
        """The projection rows of a case, leases left out."""
        found: dict[str, list[Row]] = {}
        with self.reading() as connection:
            for table, _ in projections.PROJECTIONS:
                query = select(table).where(table.c.case_id == case_id).order_by(*table.primary_key)
                found[table.name] = [_plain(row._mapping) for row in connection.execute(query)]
            row = connection.execute(select(tables.CASE).where(tables.CASE.c.id == case_id)).first()
            found["case_file"] = [dict(row._mapping)] if row else []
        return found

    def rebuild(self, case: Case) -> None:
        """Write the projection rows and the case's own anew; StaleVersionError when its history has gone on."""
        own = tables.CASE.c
        locked = select(own.version).where(own.unit == case.unit, own.id == case.id).with_for_update()
        with saving(self.engine) as connection:
            connection.execute(locked)
            event_store.check_newest(connection, case.unit, case.id, case.version)
            connection.execute(delete(tables.CASE).where(own.unit == case.unit, own.id == case.id))
            connection.execute(tables.CASE.insert().values(projections.case_row(case)))
            projections.rewrite(connection, case)

    def deployments(self, known: frozenset[tuple[str, int]] = frozenset()) -> list[Deployment]:
        """All deployed versions but the known ones, whose files are not read."""
        own = tables.DEPLOYMENT.c
        with self.reading() as connection:
            keys = {(r.code, r.version) for r in connection.execute(select(own.code, own.version))} - known
            if not keys:
                return []
            rows = connection.execute(select(tables.DEPLOYMENT).where(tuple_(own.code, own.version).in_(keys))).all()
        return [_deployment(row._mapping) for row in sorted(rows, key=lambda r: (r.code, r.version))]

    def count(self, kind: Due) -> int:
        """How many rows wait."""
        with self.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(DUE_TABLES[kind])).scalar_one())

    def pulse(self) -> str:
        """What PostgreSQL knows of transactions: as long as it stays the same, nobody has written anything. No table is
        touched. "" on SQLite, where no two connections see the same sign."""
        if self.engine.dialect.name != "postgresql":
            return ""
        with asking(self.engine) as connection:
            return str(rows(connection, "SELECT pg_current_snapshot()::text", ())[0][0])

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str, serves: str | None = None) -> SqlStore:
    """The store behind a database address."""
    return SqlStore(connect(url), serves)


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items() if name not in LEASE_COLUMNS}


def _deployment(row: Mapping[Any, Any]) -> Deployment:
    return Deployment(**{**{str(k): v for k, v in row.items()}, "files": unpack(row["files"])})
