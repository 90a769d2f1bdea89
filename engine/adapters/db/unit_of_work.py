"""One write transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.adapters.db import event_store, projections, start_timers, tables
from engine.adapters.db.batch import Batch, Claim
from engine.adapters.db.connection import race_is_refusal
from engine.adapters.db.direct import rows
from engine.adapters.db.files import pack
from engine.adapters.db.look import DUE_TABLES, NUMBERING_OF_CASE, Seen, look, numbering
from engine.adapters.db.tables_notices import NOTICE, notice_row
from engine.domain.case import Case
from engine.domain.case_text import case_from
from engine.domain.codec import dumps
from engine.domain.errors import BookClosedError, CatalogError, StaleVersionError
from engine.domain.events import Recorded
from engine.domain.notice import Notice
from engine.domain.start_timer import StartTimer
from engine.ports import Answer, Deployment, Lease, Remembered, StartLease


class SqlUnitOfWork:
    """Implements the UnitOfWork port on one connection.

    A hopeful one on PostgreSQL begins no transaction for a command that needs none: it looks at the case without a
    lock, and its save is one statement that fails as a whole where the case has moved on. SQLite has one writer anyway.
    """

    def __init__(self, connection: Connection, *, hopeful: bool = False, known: Case | None = None) -> None:
        self._connection = connection
        self._hopeful = hopeful and connection.dialect.name == "postgresql"
        self._known = known if self._hopeful else None
        self._seen: Seen | None = None
        self._free: Case | None = None  # as it was seen, while nobody has locked it

    def recall(
        self, unit: str, key: str, *, subject: tuple[str, str] | None = None, lease: Lease | None = None
    ) -> Remembered | None:
        """The stored answer of a command, its case and its lease in one look; what is looked at is locked.

        A command that runs at the same instant under the same key is not waited for: `remember` refuses the second.
        """
        if lease is not None:
            subject = (lease.unit, lease.case_id)
        if lease is not None and self._known is not None and subject == (self._known.unit, self._known.id):
            self._seen = Seen(subject=subject, case=self._known, lease=lease, held=True)
            return None  # an earlier answer, a moved case, a lost lease: each refuses the save
        found = look(self._connection, unit, key, subject=subject, lease=lease, locked=not self._hopeful)
        if subject is not None and found is not None:
            self._seen = Seen(subject=subject, case=case_from(found.state), lease=lease, held=found.held)
        if found is None and subject is not None:  # no such case or lease: whether it was carried out is asked alone
            found = look(self._connection, unit, key)
        return found.answer if found else None

    def case(self, unit: str, case_id: str) -> Case | None:
        """The folded state kept on the case row, which is locked: who comes second decides on what the first left."""
        if self._seen is not None and self._seen.subject == (unit, case_id):
            self._free = self._seen.case if self._hopeful else None
            return self._seen.case
        query = select(tables.CASE.c.state).where(tables.CASE.c.unit == unit, tables.CASE.c.id == case_id)
        with race_is_refusal():
            text = self._connection.execute(query.with_for_update()).scalar()
        return case_from(text) if text is not None else None

    def case_id_by_code(self, unit: str, code: str) -> str | None:
        """The case with this code."""
        query = select(tables.CASE.c.id).where(tables.CASE.c.unit == unit, tables.CASE.c.code == code)
        return self._connection.execute(query).scalar()

    def save(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Recorded],
        answer: Answer | None = None,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Case row, events, answer, notices and projections; StaleVersionError when somebody else was first."""
        batch = Batch(self._connection.dialect.name)
        if before is None:
            batch.insert(tables.CASE, [projections.case_row(after)])
        else:
            seen = {"unit": before.unit, "id": before.id, "version": before.version}
            batch.update(tables.CASE, projections.case_changes(before, after), seen, self._claim())
        event_store.append(batch, events)
        projections.write(batch, before, after)
        if answer is not None:
            batch.insert(tables.COMMAND_LOG, [answer_row(answer)])
        batch.add(NOTICE, [notice_row(each) for each in notices])
        self._seen = None
        with race_is_refusal():
            batch.run(self._connection)

    def _claim(self) -> Claim | None:
        """The lease that has to hold still when the case is saved, where its row is not locked."""
        if self._free is None or self._seen is None or self._seen.lease is None:
            return None
        lease = self._seen.lease
        key = {"unit": lease.unit, "case_id": lease.case_id, "key": lease.key}
        return DUE_TABLES[lease.kind].name, {**key, "fence": lease.fence, "lease_until": lease.until}

    def waiting_for(self, unit: str, message: str, correlation: str) -> tuple[str, str] | None:
        """(case id, key) of the first open subscription of the oldest case."""
        own = tables.SUBSCRIPTION.c
        query = (
            select(own.case_id, own.key)
            .where(own.unit == unit, own.message == message, own.correlation == correlation)
            .order_by(own.case_id, own.opened, own.key)
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return (row.case_id, row.key) if row else None

    def begun_by(self, unit: str, message: str, correlation: str) -> str | None:
        """The code of the living case that this message began."""
        own = tables.BEGUN.c
        query = select(own.case_code).where(own.unit == unit, own.message == message, own.correlation == correlation)
        return self._connection.execute(query).scalar()

    def next_number(self, unit: str, counter: str) -> int:
        """The next number; the counter stays locked until the transaction ends: none is skipped or drawn twice."""
        case, self._free = self._free, None
        with race_is_refusal():
            if not self._connection.in_transaction():
                self._connection.begin()
            if case is None:
                found = rows(self._connection, numbering(self._connection.dialect.name), (unit, counter))
            else:
                values = (case.unit, case.id, str(case.version), unit, counter)
                found = rows(self._connection, NUMBERING_OF_CASE, values)
        if not found:
            raise StaleVersionError() if case is not None else BookClosedError()
        return int(found[0][0])

    def remember(self, unit: str, key: str, answer: Remembered, at: datetime) -> None:
        """Store the answer of a command; a second one under the same key is StaleVersionError."""
        batch = Batch(self._connection.dialect.name)
        batch.insert(tables.COMMAND_LOG, [answer_row(Answer(unit=unit, key=key, remembered=answer, at=at))])
        with race_is_refusal():
            batch.run(self._connection)

    def holds(self, lease: Lease, now: datetime) -> bool:
        """Whether this is still the newest claim of an existing row; the case is locked first, as every writer does."""
        if self._seen is not None and self._seen.lease == lease:
            return self._seen.held
        own, case = DUE_TABLES[lease.kind].c, tables.CASE.c
        query = (
            select(own.fence, own.lease_until)
            .select_from(tables.CASE)
            .join(DUE_TABLES[lease.kind], (own.unit == case.unit) & (own.case_id == case.id))
            .where(case.unit == lease.unit, case.id == lease.case_id, own.key == lease.key)
        )
        with race_is_refusal():
            row = self._connection.execute(query.with_for_update()).first()
        return row is not None and (row.fence, row.lease_until) == (lease.fence, lease.until)

    def release(self, lease: Lease, run_at: datetime) -> None:
        """Give the row back, to be claimed again from `run_at` (by way of the lease: its due instant stays)."""
        table = DUE_TABLES[lease.kind]
        own = table.c
        query = update(table).where(own.unit == lease.unit, own.case_id == lease.case_id, own.key == lease.key)
        query = query.where(own.fence == lease.fence, own.lease_until == lease.until)
        self._seen = None
        with race_is_refusal():
            self._connection.execute(query.values(lease_until=run_at, fence=own.fence + 1))

    def start_timers(self, unit: str, procedure: str) -> list[StartTimer]:
        """The start timers of a procedure in a unit, locked."""
        with race_is_refusal():
            return start_timers.planned(self._connection, unit, procedure)

    def start_timer(self, claim: StartLease) -> StartTimer | None:
        """The start timer, locked, when the claim is the newest."""
        with race_is_refusal():
            return start_timers.held(self._connection, claim)

    def put_start_timer(self, before: StartTimer | None, after: StartTimer) -> None:
        """Write a start timer; StaleVersionError when somebody else was first."""
        with race_is_refusal():
            start_timers.put(self._connection, before, after)

    def deploy(self, deployment: Deployment) -> None:
        """Store a version once; another digest under the same version is CatalogError."""
        own = tables.DEPLOYMENT.c
        query = select(own.digest).where(own.code == deployment.code, own.version == deployment.version)
        digest = self._connection.execute(query).scalar()
        if digest == deployment.digest:
            return
        if digest is not None:
            reason = f"phiên bản {deployment.version} đã triển khai với nội dung khác"
            raise CatalogError(code=deployment.code, reason=reason)
        row = {c.name: getattr(deployment, c.name) for c in tables.DEPLOYMENT.columns if c.name != "files"}
        with race_is_refusal():
            self._connection.execute(insert(tables.DEPLOYMENT).values({**row, "files": pack(deployment.files)}))

    def commit(self) -> None:
        """Make it last; where no transaction was begun, it does already."""
        if self._connection.in_transaction():
            with race_is_refusal():
                self._connection.commit()


def answer_row(answer: Answer) -> dict[str, Any]:
    """The row of a command's answer."""
    kept = answer.remembered
    return {
        "unit": answer.unit,
        "key": answer.key,
        "fingerprint": kept.fingerprint,
        "result": dumps(kept.result),
        "at": answer.at,
    }
