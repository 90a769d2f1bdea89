"""People, sessions and sign-in attempts in SQL."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, insert, literal, select, update

from engine.adapters.db.connection import saving, saving_in_turn
from engine.adapters.db.of_unit import of
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import ACCOUNT, ATTEMPT, SESSION
from engine.adapters.db.tables_administration import OFFICER_STATE
from engine.domain.codec import dumps
from engine.ports import Account


class SqlAccounts:
    """Implements the Accounts port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def by_login(self, login: str) -> Account | None:
        """The account with this login."""
        return self._one(ACCOUNT.c.login == folded_login(login))

    def by_id(self, account_id: str) -> Account | None:
        """The account."""
        return self._one(ACCOUNT.c.id == account_id)

    def _one(self, condition: Any) -> Account | None:
        with self._store.reading() as connection:
            query = _with_state().where(condition, *of(ACCOUNT, self._store.serves)).order_by(ACCOUNT.c.unit)
            row = connection.execute(query).first()
        return _account(row._mapping) if row else None

    def _this(self, account_id: str) -> list[ColumnElement[bool]]:
        return [ACCOUNT.c.id == account_id, *of(ACCOUNT, self._store.serves)]

    def put(self, account: Account) -> None:
        """Add or replace; StaleVersionError when somebody else has the login."""
        row = {
            "unit": account.unit,
            "id": account.id,
            "login": folded_login(account.login),
            "name": account.name,
            "kind": account.kind,
            "groups": dumps(sorted(account.groups)),
            "password_hash": account.password_hash,
            "profile": dumps(account.profile),
        }
        with saving(self._store.engine) as connection:
            # by id alone: who moves to another unit leaves this one
            connection.execute(delete(ACCOUNT).where(*self._this(account.id)))
            connection.execute(insert(ACCOUNT).values(row))

    def edit(self, account: Account) -> None:
        """Write name, profile and password of an account; login, unit and groups stay as they are by now."""
        told = {"name": account.name, "profile": dumps(account.profile), "password_hash": account.password_hash}
        with saving(self._store.engine) as connection:
            connection.execute(update(ACCOUNT).where(*self._this(account.id)).values(told))

    def all(self, unit: str) -> list[Account]:
        """Everybody of a unit."""
        with self._store.reading() as connection:
            ordered = _with_state().where(ACCOUNT.c.unit == unit).order_by(ACCOUNT.c.kind, ACCOUNT.c.id)
            rows = connection.execute(ordered)
            return [_account(row._mapping) for row in rows]

    def open_session(self, account_id: str, token_hash: str, now: datetime, expires: datetime) -> None:
        """Start a session; those that ran out are cleared away."""
        given = {"token_hash": token_hash, "account_id": account_id, "opened_at": now, "expires_at": expires}
        values = [literal(value, SESSION.c[name].type).label(name) for name, value in given.items()]
        of_account = select(ACCOUNT.c.unit, *values).where(*self._this(account_id))
        with saving(self._store.engine) as connection:
            connection.execute(delete(SESSION).where(SESSION.c.expires_at <= now))
            connection.execute(insert(SESSION).from_select(["unit", *given], of_account))

    def session(self, token_hash: str, now: datetime) -> Account | None:
        """Whose live session this is; nobody's once the account is locked."""
        with self._store.reading() as connection:
            row = connection.execute(_signed_in(self._store.serves), {"token": token_hash, "now": now}).first()
        return _account(row._mapping) if row else None

    def close_session(self, token_hash: str) -> None:
        """End a session."""
        with saving(self._store.engine) as connection:
            connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash))

    def count_attempt(self, key: str, now: datetime, window: timedelta) -> int:
        """Count an attempt and tell how many there were within the window, this one included."""
        own = ATTEMPT.c
        with saving_in_turn(self._store.engine, key) as connection:  # or attempts made at once would go uncounted
            connection.execute(delete(ATTEMPT).where(own.key == key, own.at <= now - window))
            connection.execute(insert(ATTEMPT).values(key=key, at=now))
            return int(connection.execute(select(func.count()).where(own.key == key)).scalar_one())


def folded_login(login: str) -> str:
    """A login as it is compared: without regard to case, outer blanks and how marks are encoded."""
    return unicodedata.normalize("NFC", login.strip().casefold())


@cache
def _signed_in(unit: str | None) -> Select[Any]:
    """Asked for every page: kept, since to build it takes longer than to run it."""
    own, now = SESSION.c, bindparam("now", type_=SESSION.c.expires_at.type)
    live = (own.token_hash == bindparam("token"), own.expires_at > now, OFFICER_STATE.c.locked_at.is_(None))
    whose = and_(own.unit == ACCOUNT.c.unit, own.account_id == ACCOUNT.c.id)
    return _with_state().join(SESSION, whose).where(*live, *of(ACCOUNT, unit))


def _with_state() -> Select[Any]:
    """Accounts with what an administrator did to them."""
    state = OFFICER_STATE.c
    own = and_(state.unit == ACCOUNT.c.unit, state.account_id == ACCOUNT.c.id)
    given = (state.locked_at, state.one_time_hash, state.one_time_until)
    return select(ACCOUNT, *given).select_from(ACCOUNT.outerjoin(OFFICER_STATE, own))


def _account(row: Mapping[Any, Any]) -> Account:
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        kind=cast(Any, row["kind"]),
        unit=row["unit"],
        groups=frozenset(json.loads(row["groups"])),
        password_hash=row["password_hash"],
        profile=json.loads(row["profile"]),
        locked=row["locked_at"] is not None,
        one_time_until=row["one_time_until"] if row["one_time_hash"] == row["password_hash"] else None,
    )
