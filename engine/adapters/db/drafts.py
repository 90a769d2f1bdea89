"""Unfinished applications, files on their way and reports about pages, in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_drafts import DRAFT, INCOMING, PAGE_REPORT, PART, VIEWING_COPY
from engine.domain.drafting import Draft
from engine.domain.errors import StaleVersionError
from engine.ports.drafts import Incoming, PageReport

IN_STATE = ("on_behalf_of", "prefilled", "own", "sections", "savers", "overwritten")
MOST, MOST_UNTOUCHED = 100, 500


class SqlDrafts:
    """Implements the Drafts port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add(self, draft: Draft) -> None:
        """Keep a new one; StaleVersionError when its id is taken."""
        with saving(self._store.engine) as connection:
            connection.execute(insert(DRAFT).values(_row(draft)))

    def get(self, unit: str, draft_id: str) -> Draft | None:
        """The draft."""
        query = select(DRAFT).where(DRAFT.c.unit == unit, DRAFT.c.id == draft_id)
        with self._store.reading() as connection:
            row = connection.execute(query).first()
        return _draft(row._mapping) if row else None

    def of(self, unit: str, account: str) -> list[Draft]:
        """An account's drafts that were not sent, last changed first; at most 100."""
        own = DRAFT.c
        query = select(DRAFT).where(own.unit == unit, own.account == account, own.case_id.is_(None))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.updated_at.desc(), own.id).limit(MOST))
            return [_draft(row._mapping) for row in rows]

    def save(self, draft: Draft) -> None:
        """Replace the version before it; StaleVersionError when that is no longer the newest, or gone."""
        own = DRAFT.c
        before = (own.unit == draft.unit, own.id == draft.id, own.version == draft.version - 1)
        with saving(self._store.engine) as connection:
            if not connection.execute(update(DRAFT).where(*before).values(_row(draft))).rowcount:
                raise StaleVersionError()

    def remove(self, unit: str, draft_id: str) -> None:
        """Forget it and what was on its way to it; nothing happens when it is gone already."""
        with saving(self._store.engine) as connection:
            for table in (PART, INCOMING):
                connection.execute(delete(table).where(table.c.unit == unit, table.c.draft == draft_id))
            connection.execute(delete(DRAFT).where(DRAFT.c.unit == unit, DRAFT.c.id == draft_id))

    def untouched(self, unit: str, since: datetime) -> list[Draft]:
        """Drafts that nobody changed at or after this instant, oldest first; at most 500."""
        own = DRAFT.c
        query = select(DRAFT).where(own.unit == unit, own.updated_at < since)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.updated_at, own.id).limit(MOST_UNTOUCHED))
            return [_draft(row._mapping) for row in rows]

    def incoming(self, unit: str, draft_id: str, key: str) -> Incoming | None:
        """The file on its way under this key."""
        query = select(INCOMING).where(*_mine(INCOMING, unit, draft_id, key))
        with self._store.reading() as connection:
            row = connection.execute(query).first()
        return Incoming(**row._mapping) if row else None

    def append(self, incoming: Incoming, offset: int, content: bytes) -> Incoming:
        """Keep a part that begins at `offset`; StaleVersionError when that is not where the last one ended."""
        after = {"received": offset + len(content), "at": incoming.at}
        head = {"unit": incoming.unit, "draft": incoming.draft, "key": incoming.key}
        with saving(self._store.engine) as connection:
            if offset == 0:
                whole = {**head, "path": incoming.path, "name": incoming.name, "size": incoming.size, **after}
                connection.execute(insert(INCOMING).values(whole))
            else:
                mine = (*_mine(INCOMING, **_named(incoming)), INCOMING.c.received == offset)
                if not connection.execute(update(INCOMING).where(*mine).values(after)).rowcount:
                    raise StaleVersionError()
            connection.execute(insert(PART).values(**head, start=offset, content=content))
            query = select(INCOMING).where(*_mine(INCOMING, **_named(incoming)))
            return Incoming(**connection.execute(query).one()._mapping)

    def content(self, incoming: Incoming) -> bytes:
        """What has come of it so far."""
        query = select(PART.c.content).where(*_mine(PART, **_named(incoming))).order_by(PART.c.start)
        with self._store.reading() as connection:
            return b"".join(connection.execute(query).scalars())

    def drop(self, unit: str, draft_id: str, key: str) -> None:
        """Forget a file on its way."""
        with saving(self._store.engine) as connection:
            for table in (PART, INCOMING):
                connection.execute(delete(table).where(*_mine(table, unit, draft_id, key)))

    def on_their_way(self, unit: str, draft_id: str) -> int:
        """How many bytes of unfinished files a draft holds."""
        query = select(func.coalesce(func.sum(INCOMING.c.received), 0))
        with self._store.reading() as connection:
            found = connection.execute(query.where(INCOMING.c.unit == unit, INCOMING.c.draft == draft_id))
            return int(found.scalar_one())


class SqlPageReports:
    """Implements the PageReports port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add(self, report: PageReport) -> None:
        """Keep it."""
        with saving(self._store.engine) as connection:
            connection.execute(insert(PAGE_REPORT).values({f.name: getattr(report, f.name) for f in fields(report)}))

    def newest(self, unit: str, limit: int = 100) -> list[PageReport]:
        """The last ones, newest first."""
        own = PAGE_REPORT.c
        query = select(PAGE_REPORT).where(own.unit == unit).order_by(own.at.desc(), own.id).limit(limit)
        with self._store.reading() as connection:
            return [PageReport(**row._mapping) for row in connection.execute(query)]


class SqlViewingCopies:
    """Implements the ViewingCopies port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def put(self, unit: str, sha256: str, view_sha256: str, reason: str) -> None:
        """Note that the file is shown by another one."""
        own = VIEWING_COPY.c
        with saving(self._store.engine) as connection:
            connection.execute(delete(VIEWING_COPY).where(own.unit == unit, own.sha256 == sha256))
            row = {"unit": unit, "sha256": sha256, "view_sha256": view_sha256, "reason": reason}
            connection.execute(insert(VIEWING_COPY).values(row))

    def of(self, unit: str, sha256: str) -> str | None:
        """The file that is shown for this one; None when it may be shown itself."""
        query = select(VIEWING_COPY.c.view_sha256).where(VIEWING_COPY.c.unit == unit, VIEWING_COPY.c.sha256 == sha256)
        with self._store.reading() as connection:
            found: str | None = connection.execute(query).scalar()
        return found


def _mine(table: Any, unit: str, draft: str, key: str) -> tuple[Any, ...]:
    return (table.c.unit == unit, table.c.draft == draft, table.c.key == key)


def _named(incoming: Incoming) -> dict[str, str]:
    return {"unit": incoming.unit, "draft": incoming.draft, "key": incoming.key}


def _row(draft: Draft) -> dict[str, Any]:
    row = {each.name: getattr(draft, each.name) for each in fields(draft) if each.name not in IN_STATE}
    state = {name: getattr(draft, name) for name in IN_STATE}
    return {**row, "data": _text(draft.data), "state": _text(state)}


def _draft(row: Mapping[Any, Any]) -> Draft:
    plain = {str(name): value for name, value in row.items() if name != "state"}
    state = json.loads(row["state"])
    more = {**state, "overwritten": tuple(state["overwritten"])}
    return Draft(**{**plain, **more, "data": json.loads(row["data"])})


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
