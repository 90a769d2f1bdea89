"""Registrations, what is expected once, identities and the details of sessions in SQL."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal, select, update
from sqlalchemy.engine import Connection

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import ATTEMPT, SESSION
from engine.adapters.db.tables_people import IDENTITY, ONE_TIME_CODE, REGISTRATION, SESSION_DETAIL
from engine.domain.codec import dumps
from engine.domain.errors import StaleVersionError
from engine.domain.registration import Registration, alive
from engine.ports.people import Identity, OpenSession, Verdict

TEXTS = ("given", "facts", "reference")
MONTH = timedelta(days=30)


class SqlPeople:
    """Implements the PeopleStore port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def begin(self, registration: Registration) -> None:
        """Keep a registration that begins; those that ran out are cleared away."""
        with saving(self._store.engine) as connection:
            connection.execute(delete(REGISTRATION).where(REGISTRATION.c.expires_at <= registration.begun_at))
            connection.execute(insert(REGISTRATION).values(_row(registration)))

    def registration(self, unit: str, registration_id: str) -> Registration | None:
        """The registration, whatever its state."""
        own = REGISTRATION.c
        with self._store.reading() as connection:
            row = connection.execute(select(REGISTRATION).where(own.unit == unit, own.id == registration_id)).first()
        return _registration(row._mapping) if row else None

    def save(self, registration: Registration) -> Registration:
        """Replace it and count its version up."""
        own, after = REGISTRATION.c, replace(registration, version=registration.version + 1)
        here = and_(own.unit == registration.unit, own.id == registration.id, own.version == registration.version)
        with saving(self._store.engine) as connection:
            if connection.execute(update(REGISTRATION).where(here).values(_row(after))).rowcount != 1:
                raise StaleVersionError()
        return after

    def put_code(
        self, unit: str, subject: str, digest: str, *, payload: str, sent: datetime, expires: datetime
    ) -> None:
        """Keep what is expected for a subject; whatever was expected before no longer counts."""
        own = ONE_TIME_CODE.c
        row = {"unit": unit, "subject": subject, "digest": digest, "payload": payload, "sent_at": sent}
        with saving(self._store.engine) as connection:
            connection.execute(delete(ONE_TIME_CODE).where(own.unit == unit, own.subject == subject))
            connection.execute(delete(ONE_TIME_CODE).where(own.expires_at <= sent - MONTH))
            connection.execute(insert(ONE_TIME_CODE).values({**row, "expires_at": expires, "tries": 0}))

    def try_code(self, unit: str, subject: str, digest: str, now: datetime, *, limit: int) -> tuple[Verdict, str]:
        """Compare, and spend it when right; whoever tries at the same moment waits."""
        own = ONE_TIME_CODE.c
        here = and_(own.unit == unit, own.subject == subject)
        with saving(self._store.engine) as connection:
            row = connection.execute(select(ONE_TIME_CODE).where(here).with_for_update()).first()
            if row is None or row.tries >= limit or not alive(row.sent_at, row.expires_at, now):
                return "over", ""
            if not hmac.compare_digest(row.digest, digest):
                connection.execute(update(ONE_TIME_CODE).where(here).values(tries=row.tries + 1))
                return "wrong", ""
            connection.execute(delete(ONE_TIME_CODE).where(here))
            return "right", str(row.payload)

    def link(self, identity: Identity) -> None:
        """Keep an identity; StaleVersionError where it is another's."""
        with saving(self._store.engine) as connection:
            holder = _holder(connection, identity.unit, identity.issuer, identity.subject)
            if holder is None:
                row = {name: getattr(identity, name) for name in Identity.__slots__}
                connection.execute(insert(IDENTITY).values(row))
            elif holder != identity.account_id:
                raise StaleVersionError()

    def account_of(self, unit: str, issuer: str, subject: str) -> str | None:
        """The id of the account with this identity."""
        with self._store.reading() as connection:
            return _holder(connection, unit, issuer, subject)

    def identities(self, unit: str, account_id: str) -> list[Identity]:
        """Every identity of an account, oldest first."""
        own = IDENTITY.c
        query = select(IDENTITY).where(own.unit == unit, own.account_id == account_id)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.linked_at, own.issuer, own.subject)).all()
        return [Identity(**dict(row._mapping)) for row in rows]

    def sessions(self, account_id: str, now: datetime) -> list[OpenSession]:
        """Live sessions, newest first."""
        detail = SESSION_DETAIL.c
        joined = SESSION.outerjoin(SESSION_DETAIL, SESSION.c.token_hash == detail.token_hash)
        query = select(SESSION.c.token_hash, SESSION.c.opened_at, detail.agent, detail.seen_at, detail.raised_at)
        live = (SESSION.c.account_id == account_id, SESSION.c.expires_at > now)
        with self._store.reading() as connection:
            rows = connection.execute(query.select_from(joined).where(*live).order_by(SESSION.c.opened_at.desc())).all()
        return [
            OpenSession(
                token_hash=row.token_hash,
                agent=row.agent or "",
                opened_at=row.opened_at,
                seen_at=row.seen_at or row.opened_at,
                raised_at=row.raised_at,
            )
            for row in rows
        ]

    def note_session(self, token_hash: str, agent: str, now: datetime) -> None:
        """What browser a session belongs to; details of sessions that are gone are cleared away."""
        given = {"agent": agent[:400], "seen_at": now}
        values = [literal(value, SESSION_DETAIL.c[name].type).label(name) for name, value in given.items()]
        of_session = select(SESSION.c.unit, SESSION.c.token_hash, *values).where(SESSION.c.token_hash == token_hash)
        with saving(self._store.engine) as connection:
            living = select(SESSION.c.token_hash)
            connection.execute(delete(SESSION_DETAIL).where(SESSION_DETAIL.c.token_hash.not_in(living)))
            connection.execute(delete(SESSION_DETAIL).where(SESSION_DETAIL.c.token_hash == token_hash))
            connection.execute(insert(SESSION_DETAIL).from_select(["unit", "token_hash", *given], of_session))

    def seen(self, token_hash: str, now: datetime) -> None:
        """The session was used."""
        self._detail(token_hash, seen_at=now)

    def raise_session(self, token_hash: str, now: datetime) -> None:
        """Whoever holds the session has just proven it anew."""
        self._detail(token_hash, raised_at=now)

    def _detail(self, token_hash: str, **values: Any) -> None:
        with saving(self._store.engine) as connection:
            here = SESSION_DETAIL.c.token_hash == token_hash
            connection.execute(update(SESSION_DETAIL).where(here).values(values))

    def raised_at(self, token_hash: str) -> datetime | None:
        """When that was last."""
        query = select(SESSION_DETAIL.c.raised_at).where(SESSION_DETAIL.c.token_hash == token_hash)
        with self._store.reading() as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """End all sessions of an account except one; how many ended."""
        with saving(self._store.engine) as connection:
            others = delete(SESSION).where(SESSION.c.account_id == account_id, SESSION.c.token_hash != but)
            return connection.execute(others).rowcount

    def close_one(self, account_id: str, token_hash: str) -> None:
        """End one session of the account; nothing where it belongs to another."""
        with saving(self._store.engine) as connection:
            one = delete(SESSION).where(SESSION.c.account_id == account_id, SESSION.c.token_hash == token_hash)
            connection.execute(one)

    def forget_attempts(self, key: str) -> None:
        """Wipe out the counted attempts under a key."""
        with saving(self._store.engine) as connection:
            connection.execute(delete(ATTEMPT).where(ATTEMPT.c.key == key))

    def attempts(self, key: str, now: datetime, window: timedelta) -> int:
        """How many attempts were counted within the window."""
        query = select(func.count()).where(ATTEMPT.c.key == key, ATTEMPT.c.at > now - window)
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())


def _holder(connection: Connection, unit: str, issuer: str, subject: str) -> str | None:
    own = IDENTITY.c
    query = select(own.account_id).where(own.unit == unit, own.issuer == issuer, own.subject == subject)
    found: str | None = connection.execute(query).scalar()
    return found


def _row(registration: Registration) -> dict[str, Any]:
    row = {name: getattr(registration, name) for name in Registration.__slots__}
    return {**row, **{name: dumps(dict(row[name])) for name in TEXTS}}


def _registration(row: Mapping[Any, Any]) -> Registration:
    return Registration(**{**row, **{name: json.loads(row[name]) for name in TEXTS}})
