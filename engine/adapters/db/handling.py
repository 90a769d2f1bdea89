"""What officers keep beside a case, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_handling import CASE_SEEN, UNFINISHED_FORM
from engine.domain.codec import data_from, dumps
from engine.domain.errors import StaleVersionError
from engine.ports.handling import Seen, Unfinished

Values = Mapping[str, Any]


class SqlSeenCases:
    """Implements the SeenCases port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def get(self, unit: str, case_id: str, account: str) -> Seen | None:
        """What the officer knows; None before the first look."""
        own = CASE_SEEN.c
        query = select(own.version, own.before, own.at).where(_is(CASE_SEEN, unit, case_id, account=account))
        with self._store.reading() as connection:
            row = connection.execute(query).first()
        return Seen(**row._mapping) if row else None

    def put(self, unit: str, case_id: str, account: str, seen: Seen) -> None:
        """Keep it; of two looks at once either may stay."""
        values = {"version": seen.version, "before": seen.before, "at": seen.at}
        _put(self._store, CASE_SEEN, {"unit": unit, "case_id": case_id, "account": account}, values)


class SqlUnfinishedForms:
    """Implements the UnfinishedForms port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def get(self, unit: str, case_id: str, key: str, account: str) -> Unfinished | None:
        """The newest one."""
        own = UNFINISHED_FORM.c
        query = select(own.data, own.at).where(_is(UNFINISHED_FORM, unit, case_id, key=key, account=account))
        with self._store.reading() as connection:
            row = connection.execute(query).first()
        return Unfinished(data=data_from(row.data), at=row.at) if row else None

    def put(self, unit: str, case_id: str, key: str, account: str, form: Unfinished) -> None:
        """Keep it in place of the one before."""
        place = {"unit": unit, "case_id": case_id, "key": key, "account": account}
        _put(self._store, UNFINISHED_FORM, place, {"data": dumps(form.data), "at": form.at})

    def drop(self, unit: str, case_id: str, key: str, account: str) -> None:
        """Forget it; nothing happens when there is none."""
        mine = _is(UNFINISHED_FORM, unit, case_id, key=key, account=account)
        with saving(self._store.engine) as connection:
            connection.execute(delete(UNFINISHED_FORM).where(mine))

    def expire(self, unit: str, since: datetime) -> int:
        """Forget those that nobody has changed since; how many they were."""
        own = UNFINISHED_FORM.c
        with saving(self._store.engine) as connection:
            return connection.execute(delete(UNFINISHED_FORM).where(own.unit == unit, own.at < since)).rowcount


def _is(table: Table, unit: str, case_id: str, **more: str) -> Any:
    place = {"unit": unit, "case_id": case_id, **more}
    return and_(*(table.c[name] == value for name, value in place.items()))


def _put(store: SqlStore, table: Table, place: Values, values: Values) -> None:
    """Change the row, or begin it; where another page of the same person began it first, its own values count."""
    where = and_(*(table.c[name] == value for name, value in place.items()))
    with saving(store.engine) as connection:
        known = connection.execute(update(table).where(where).values(**values)).rowcount
    if not known:
        with suppress(StaleVersionError), saving(store.engine) as connection:
            connection.execute(insert(table).values(**place, **values))
