"""What people see of notices: the inbox of an account, what was told about a case, and what accounts want."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, tuple_, update

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_notices import NOTICE, NOTICE_PREFERENCE, NOTICE_TRY
from engine.domain.notice import DEFAULT, Attachment, KeptNotice, Notice, Preferences, State, Try

MOST_UNREAD = 100
N, T, P = NOTICE.c, NOTICE_TRY.c, NOTICE_PREFERENCE.c


class SqlInbox:
    """The reading half of the NoticeQueue port, and preferences."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def of_account(self, unit: str, account: str, *, limit: int = 50, before: str = "") -> list[KeptNotice]:
        """The inbox, newest first; `before`: the id of the last one seen."""
        query = select(NOTICE).where(N.unit == unit, N.account == account)
        if before:
            last = select(N.created_at, N.id).where(N.unit == unit, N.id == before, N.account == account)
            with self._store.reading() as connection:
                seen = connection.execute(last).first()
            if seen is not None:
                query = query.where(
                    tuple_(N.created_at, N.id)
                    < tuple_(
                        *(literal(value, column.type) for value, column in zip(seen, (N.created_at, N.id), strict=True))
                    )
                )
        return self._read(query.order_by(N.created_at.desc(), N.id.desc()).limit(limit))

    def one(self, unit: str, notice_id: str) -> KeptNotice | None:
        """The notice with this id."""
        return next(iter(self._read(select(NOTICE).where(N.unit == unit, N.id == notice_id))), None)

    def unread(self, unit: str, account: str) -> int:
        """How many of the inbox were not read, counted to 100."""
        own = select(N.id).where(N.unit == unit, N.account == account, N.read_at.is_(None)).limit(MOST_UNREAD)
        with self._store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(own.subquery())).scalar_one())

    def read(self, unit: str, account: str, at: datetime, ids: Sequence[str] = ()) -> None:
        """Mark as read: these, or all."""
        query = update(NOTICE).where(N.unit == unit, N.account == account, N.read_at.is_(None))
        with saving(self._store.engine) as connection:
            connection.execute((query.where(N.id.in_(ids)) if ids else query).values(read_at=at))

    def of_case(self, unit: str, case_id: str) -> list[KeptNotice]:
        """What was told about a case, oldest first."""
        return self._read(select(NOTICE).where(N.unit == unit, N.case_id == case_id).order_by(N.created_at, N.id))

    def listed(self, unit: str, state: State | None = None, *, limit: int = 100) -> list[KeptNotice]:
        """Notices of a unit, newest first."""
        query = select(NOTICE).where(N.unit == unit)
        query = query.where(N.state == state) if state else query
        return self._read(query.order_by(N.created_at.desc(), N.id.desc()).limit(limit))

    def counts(self, unit: str) -> Mapping[str, int]:
        """How many notices there are by state."""
        query = select(N.state, func.count()).where(N.unit == unit).group_by(N.state)
        with self._store.reading() as connection:
            return {state: int(count) for state, count in connection.execute(query)}

    def preferences(self, unit: str, account: str) -> Preferences:
        """What the account wants; the default for one that never said."""
        with self._store.reading() as connection:
            return preferences(connection, {(unit, account)}).get((unit, account), DEFAULT)

    def prefer(self, unit: str, account: str, wants: Preferences, at: datetime) -> None:
        """Keep what the account wants."""
        row = {
            "email": wants.email,
            "sms": wants.sms,
            "zalo": wants.zalo,
            "lang": wants.lang,
            "quiet_from": wants.quiet_from.isoformat("minutes"),
            "quiet_to": wants.quiet_to.isoformat("minutes"),
            "changed_at": at,
        }
        with saving(self._store.engine) as connection:
            connection.execute(delete(NOTICE_PREFERENCE).where(P.unit == unit, P.account == account))
            connection.execute(insert(NOTICE_PREFERENCE).values(unit=unit, account=account, **row))

    def _read(self, query: Select[Any]) -> list[KeptNotice]:
        with self._store.reading() as connection:
            return with_tries(connection, connection.execute(query).mappings().all())


def with_tries(connection: Connection, rows: Sequence[Any]) -> list[KeptNotice]:
    """The notices of these rows, each with its tries."""
    tries = _tries(connection, [(row["unit"], row["id"]) for row in rows])
    return [_kept(row, tries.get((row["unit"], row["id"]), ())) for row in rows]


def _tries(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[Try, ...]]:
    if not keys:
        return {}
    of = T.notice_id.in_([key for _, key in keys])
    rows = connection.execute(select(NOTICE_TRY).where(of).order_by(T.unit, T.notice_id, T.number)).mappings()
    grouped = groupby(rows, key=lambda row: (row["unit"], row["notice_id"]))
    return {key: tuple(_try(row) for row in group) for key, group in grouped}


def _try(row: Any) -> Try:
    names = ("channel", "at", "outcome", "provider_id", "error", "forgiven")
    return Try(**{name: row[name] for name in names})


def _kept(row: Any, tries: tuple[Try, ...]) -> KeptNotice:
    plain = ("unit", "key", "template", "event", "case_id", "account", "phone", "email", "wish", "created_at")
    notice = Notice(
        **{name: row[name] for name in plain},
        run_at=row["run_at"] or row["created_at"],
        data=json.loads(row["data"]),
        attachments=tuple(Attachment(**each) for each in json.loads(row["attachments"])),
        expires_at=row["expires_at"],
    )
    about = {name: row[name] for name in ("state", "attempts", "finished_at", "read_at")}
    return KeptNotice(notice=notice, tries=tries, **about)


def preferences(connection: Connection, accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Preferences]:
    """What accounts, (unit, id), want; those that never said are left out."""
    wanted = {account for _, account in accounts if account}
    if not wanted:
        return {}
    rows = connection.execute(select(NOTICE_PREFERENCE).where(P.account.in_(wanted))).mappings()
    return {(row["unit"], row["account"]): _preference(row) for row in rows}


def _preference(row: Any) -> Preferences:
    start, end = (time.fromisoformat(row[name]) for name in ("quiet_from", "quiet_to"))
    said: dict[str, Any] = {name: row[name] for name in ("email", "sms", "zalo", "lang")}
    return Preferences(**said, quiet_from=start, quiet_to=end)
