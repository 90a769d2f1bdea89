"""Complaints, looks at cases and parcels, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.counting import count
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_following import CASE_LOOK, COMPLAINT, PARCEL
from engine.domain.errors import StaleVersionError
from engine.domain.parcel import OVER, Parcel, follows
from engine.ports.following import Complaint, Look


class SqlComplaints:
    """Implements the Complaints port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add(self, complaint: Complaint) -> None:
        """Keep a new one; one whose id is there already stays as it is."""
        if self.get(complaint.unit, complaint.id) is None:
            values = {f.name: getattr(complaint, f.name) for f in fields(complaint)}
            with saving(self._store.engine) as connection:
                connection.execute(insert(COMPLAINT).values(values))

    def get(self, unit: str, complaint_id: str) -> Complaint | None:
        """One of them."""
        query = select(COMPLAINT).where(COMPLAINT.c.unit == unit, COMPLAINT.c.id == complaint_id)
        with self._store.reading() as connection:
            row = connection.execute(query).first()
        return Complaint(**row._mapping) if row else None

    def answer(self, complaint: Complaint, before: str) -> None:
        """Keep an answer; StaleVersionError when its state is no longer `before`."""
        own = COMPLAINT.c
        changed = {name: getattr(complaint, name) for name in ("state", "answer", "answered_by", "answered_at")}
        here = update(COMPLAINT).where(own.unit == complaint.unit, own.id == complaint.id, own.state == before)
        with saving(self._store.engine) as connection:
            if connection.execute(here.values(**changed)).rowcount != 1:
                raise StaleVersionError()

    def of_account(self, unit: str, account: str, limit: int = 100) -> list[Complaint]:
        """What a person filed, newest first."""
        own = COMPLAINT.c
        return self._found({"unit": unit, "account": account}, (own.filed_at.desc(), own.id.desc()), limit)

    def of_unit(self, unit: str, state: str, limit: int = 200) -> list[Complaint]:
        """What is in a state, due first."""
        return self._found({"unit": unit, "state": state}, (COMPLAINT.c.due_at, COMPLAINT.c.id), limit)

    def _found(self, same: Mapping[str, str], order: tuple[Any, ...], limit: int) -> list[Complaint]:
        query = select(COMPLAINT).where(*(COMPLAINT.c[name] == value for name, value in same.items()))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(*order).limit(limit))
            return [Complaint(**row._mapping) for row in rows]


class SqlLooks:
    """Implements the Looks port: a row for each officer, case and day, which counts."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def note(self, unit: str, case_id: str, account: str, at: datetime) -> None:
        """Count one more look."""
        key = {"unit": unit, "case_id": case_id, "account": account, "day": at.date().isoformat()}
        count(self._store.engine, CASE_LOOK, key, {"last_at": at})

    def of(self, unit: str, case_id: str, limit: int = 200) -> list[Look]:
        """Who looked at a case, the latest first."""
        own = CASE_LOOK.c
        query = select(own.account, own.day, own.times, own.last_at).where(own.unit == unit, own.case_id == case_id)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.last_at.desc(), own.account).limit(limit))
            return [Look(**row._mapping) for row in rows]


class SqlParcels:
    """Implements the Parcels port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add(self, parcel: Parcel) -> None:
        """Keep a new one; the one of a task that is there already stays."""
        if any(one.task == parcel.task for one in self.of_case(parcel.unit, parcel.case_id)):
            return
        with suppress(StaleVersionError), saving(self._store.engine) as connection:  # another click was first
            connection.execute(insert(PARCEL).values({f.name: getattr(parcel, f.name) for f in fields(parcel)}))

    def of_case(self, unit: str, case_id: str) -> list[Parcel]:
        """Parcels of a case, the latest first."""
        query = select(PARCEL).where(PARCEL.c.unit == unit, PARCEL.c.case_id == case_id)
        with self._store.reading() as connection:
            return [Parcel(**row._mapping) for row in connection.execute(query.order_by(PARCEL.c.at.desc()))]

    def on_their_way(self, unit: str, limit: int = 200) -> list[Parcel]:
        """Parcels that have not arrived, those not heard of for longest first."""
        query = select(PARCEL).where(PARCEL.c.unit == unit, PARCEL.c.state.not_in(sorted(OVER)))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(PARCEL.c.at, PARCEL.c.number).limit(limit))
            return [Parcel(**row._mapping) for row in rows]

    def tell(self, unit: str, number: str, state: str, at: datetime) -> bool:
        """Keep a newer state of a parcel; False where it is not known, or not newer."""
        own = PARCEL.c
        mine = (own.unit == unit, own.number == number)
        with saving(self._store.engine) as connection:
            before = connection.execute(select(own.state).where(*mine)).scalar()
            if before is None or not follows(before, state):
                return False
            here = update(PARCEL).where(*mine, own.state == before).values(state=state, at=at)
            return bool(connection.execute(here).rowcount)
