"""Notes that ask for an officer's eye, in SQL: read is what lies in a case that was opened since."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, func, select

from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_following import CASE_LOOK
from engine.adapters.db.tables_inbox import MENTION
from engine.ports.inbox import Mention

NEWEST = 100


class SqlMentions:
    """Implements the Mentions port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def of(self, unit: str, account: str, limit: int = 50) -> list[Mention]:
        """The newest first."""
        with self._store.reading() as connection:
            return [Mention(**row._mapping) for row in connection.execute(_newest(unit, account, limit))]

    def unread(self, unit: str, account: str) -> int:
        """Counted among the newest alone."""
        with self._store.reading() as connection:
            return int(connection.execute(_unread(unit, account)).scalar_one())


@lru_cache(maxsize=1024)
def _unread(unit: str, account: str) -> Select[Any]:
    newest = _newest(unit, account, NEWEST).subquery().c
    return select(func.count()).where(newest.read.is_(False))


def _newest(unit: str, account: str, limit: int) -> Select[Any]:
    own, look = MENTION.c, CASE_LOOK.c
    opened = exists().where(
        look.unit == own.unit, look.case_id == own.case_id, look.account == own.account, look.last_at >= own.at
    )
    query = select(own.case_id, own.case_code, own.comment, own.text, own.at, opened.label("read"))
    mine = query.where(own.unit == unit, own.account == account)
    return mine.order_by(own.at.desc(), own.case_id.desc(), own.comment.desc()).limit(limit)
