"""What officers chose for their inbox, in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import ACCOUNT
from engine.adapters.db.tables_inbox import INBOX_CHOICE, SAVED_FILTER
from engine.domain.codec import dumps
from engine.domain.errors import NameTakenError, StaleVersionError
from engine.ports.inbox import Choice, Colleague, SavedFilter


class SqlInboxChoices:
    """Implements the InboxChoices port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def of(self, unit: str, account: str) -> Choice:
        """Both reads are of one person's few rows."""
        own, kept = INBOX_CHOICE.c, SAVED_FILTER.c
        mine = select(own.columns, own.filter).where(own.unit == unit, own.account == account)
        named = select(kept.id, kept.name, kept.query).where(kept.unit == unit, kept.account == account)
        with self._store.reading() as connection:
            row = connection.execute(mine).first()
            found = connection.execute(named.order_by(kept.name)).all()
        saved = tuple(SavedFilter(id=r.id, name=r.name, query=json.loads(r.query)) for r in found)
        columns = tuple(row.columns.split()) if row else ()
        return Choice(columns=columns, filter=row.filter if row else "", saved=saved)

    def save(self, unit: str, account: str, saved: SavedFilter) -> None:
        """Change the row, else make it; the unique name refuses a second one."""
        own = SAVED_FILTER.c
        values = {"name": saved.name, "query": dumps(saved.query)}
        mine = update(SAVED_FILTER).where(own.unit == unit, own.account == account, own.id == saved.id)
        try:
            with saving(self._store.engine) as connection:
                if not connection.execute(mine.values(values)).rowcount:
                    row = {"unit": unit, "account": account, "id": saved.id, **values}
                    connection.execute(insert(SAVED_FILTER).values(row))
        except StaleVersionError as error:
            raise NameTakenError(name=saved.name) from error

    def delete(self, unit: str, account: str, filter_id: str) -> None:
        """The row."""
        own = SAVED_FILTER.c
        with saving(self._store.engine) as connection:
            connection.execute(
                delete(SAVED_FILTER).where(own.unit == unit, own.account == account, own.id == filter_id)
            )

    def choose(self, unit: str, account: str, *, columns: Sequence[str], first: str) -> None:
        """Change the person's row, else make it; of two at once the later stands."""
        own = INBOX_CHOICE.c
        values = {"columns": " ".join(columns), "filter": first}
        mine = update(INBOX_CHOICE).where(own.unit == unit, own.account == account).values(values)
        with saving(self._store.engine) as connection:
            if connection.execute(mine).rowcount:
                return
        try:
            with saving(self._store.engine) as connection:
                connection.execute(insert(INBOX_CHOICE).values(unit=unit, account=account, **values))
        except StaleVersionError:  # the other one made it meanwhile
            with saving(self._store.engine) as connection:
                connection.execute(mine)


class SqlColleagues:
    """Implements the Colleagues port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def all(self, unit: str) -> list[Colleague]:
        """By the index of kinds: citizens are many."""
        own = ACCOUNT.c
        query = select(own.id, own.name, own.groups).where(own.unit == unit, own.kind == "officer")
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.name, own.id)).all()
        return [Colleague(id=r.id, name=r.name, groups=frozenset(json.loads(r.groups))) for r in rows]

    def names(self, unit: str, accounts: Sequence[str]) -> Mapping[str, str]:
        """By the primary key."""
        if not accounts:
            return {}
        own = ACCOUNT.c
        query = select(own.id, own.name).where(own.unit == unit, own.kind == "officer", own.id.in_(sorted(accounts)))
        with self._store.reading() as connection:
            return {row.id: row.name for row in connection.execute(query)}
