"""The officers of a unit in SQL, changed by one administrator at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import Connection

from engine.adapters.db.accounts import folded_login
from engine.adapters.db.administration import write
from engine.adapters.db.connection import saving_in_turn
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import ACCOUNT, SESSION
from engine.adapters.db.tables_administration import OFFICER_STATE
from engine.domain.codec import dumps
from engine.domain.errors import StaleVersionError
from engine.domain.staffing import Lock, Officer
from engine.ports.administration import Revision

NO_PASSWORD = "none"  # no hash: nothing that is typed matches it


class SqlStaff:
    """Implements the StaffStore port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def officers(self, unit: str) -> list[Officer]:
        """Everybody of the unit, by name."""
        with self._store.reading() as connection:
            return officers_in(connection, unit)

    def revise(self, unit: str, decide: Callable[[Sequence[Officer]], Revision]) -> Revision:
        """Decide and write in the unit's turn."""
        with saving_in_turn(self._store.engine, f"staff:{unit}") as connection:
            before = {one.id: one for one in officers_in(connection, unit)}
            revision = decide(list(before.values()))
            for officer in revision.officers:
                _put(connection, before.get(officer.id), officer)
            for officer_id, (password, until) in revision.passwords.items():
                _set_password(connection, unit, officer_id, password, until)
            if revision.ended:
                connection.execute(delete(SESSION).where(SESSION.c.account_id.in_(revision.ended)))
            write(connection, revision.changes)
        return revision


def officers_in(connection: Connection, unit: str) -> list[Officer]:
    """Everybody of the unit, by name, in the transaction at hand."""
    state = OFFICER_STATE.c
    own = and_(state.unit == ACCOUNT.c.unit, state.account_id == ACCOUNT.c.id)
    given = (ACCOUNT.c.id, ACCOUNT.c.login, ACCOUNT.c.name, ACCOUNT.c.groups, ACCOUNT.c.password_hash)
    columns = (*given, state.locked_at, state.locked_by, state.lock_reason, state.one_time_hash)
    query = select(*columns).select_from(ACCOUNT.outerjoin(OFFICER_STATE, own))
    query = query.where(ACCOUNT.c.unit == unit, ACCOUNT.c.kind == "officer").order_by(ACCOUNT.c.name, ACCOUNT.c.id)
    return [_officer(unit, row) for row in connection.execute(query).mappings()]


def _officer(unit: str, row: Mapping[Any, Any]) -> Officer:
    lock = Lock(at=row["locked_at"], by=row["locked_by"], reason=row["lock_reason"]) if row["locked_at"] else None
    return Officer(
        id=row["id"],
        unit=unit,
        login=row["login"],
        name=row["name"],
        groups=frozenset(json.loads(row["groups"])),
        lock=lock,
        one_time=row["one_time_hash"] == row["password_hash"],
    )


def _put(connection: Connection, before: Officer | None, officer: Officer) -> None:
    """Only what administrators change: the password and the rest of the account are left as they are."""
    told = {"login": folded_login(officer.login), "name": officer.name, "groups": dumps(sorted(officer.groups))}
    key = {"unit": officer.unit, "id": officer.id}
    if before is None:
        new = {**key, **told, "kind": "officer", "password_hash": NO_PASSWORD, "profile": "{}"}
        connection.execute(insert(ACCOUNT).values(new))
    else:
        _update(connection, officer.unit, officer.id, told)
    if before is None or officer.lock != before.lock:
        lock = officer.lock
        _state(
            connection,
            officer.unit,
            officer.id,
            locked_at=lock.at if lock else None,
            locked_by=lock.by if lock else "",
            lock_reason=lock.reason if lock else "",
        )


def _set_password(connection: Connection, unit: str, officer_id: str, password: str, until: datetime) -> None:
    _update(connection, unit, officer_id, {"password_hash": password})
    _state(connection, unit, officer_id, one_time_hash=password, one_time_until=until)


def _update(connection: Connection, unit: str, officer_id: str, values: Mapping[str, Any]) -> None:
    here = and_(ACCOUNT.c.unit == unit, ACCOUNT.c.id == officer_id, ACCOUNT.c.kind == "officer")
    if connection.execute(update(ACCOUNT).where(here).values(values)).rowcount != 1:
        raise StaleVersionError()  # the account's own page has written it anew at this moment


def _state(connection: Connection, unit: str, officer_id: str, **values: Any) -> None:
    here = and_(OFFICER_STATE.c.unit == unit, OFFICER_STATE.c.account_id == officer_id)
    if connection.execute(update(OFFICER_STATE).where(here).values(values)).rowcount:
        return
    blank = {"locked_at": None, "locked_by": "", "lock_reason": "", "one_time_hash": "", "one_time_until": None}
    connection.execute(insert(OFFICER_STATE).values({**blank, **values, "unit": unit, "account_id": officer_id}))
