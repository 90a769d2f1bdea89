"""Registrations, codes, identities and details of sessions in memory: the twin of the database's."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from engine.adapters.memory_people import MemoryAccounts
from engine.domain.errors import StaleVersionError
from engine.domain.registration import Registration, alive
from engine.ports.people import Identity, OpenSession, Verdict


@dataclass(slots=True)
class _Expected:
    digest: str
    payload: str
    sent: datetime
    expires: datetime
    tries: int = 0


class MemoryPeople:
    """Implements the PeopleStore port beside MemoryAccounts, whose sessions and attempts it looks at."""

    def __init__(self, accounts: MemoryAccounts) -> None:
        self._accounts = accounts
        self._lock = Lock()
        self._registrations: dict[tuple[str, str], Registration] = {}
        self._codes: dict[tuple[str, str], _Expected] = {}
        self._identities: dict[tuple[str, str, str], Identity] = {}
        self._details: dict[str, tuple[str, datetime, datetime | None]] = {}

    def begin(self, registration: Registration) -> None:
        """Keep a registration that begins; those that ran out are cleared away."""
        with self._lock:
            kept = {key: one for key, one in self._registrations.items() if one.expires_at > registration.begun_at}
            self._registrations = {**kept, (registration.unit, registration.id): registration}

    def registration(self, unit: str, registration_id: str) -> Registration | None:
        """The registration, whatever its state."""
        return self._registrations.get((unit, registration_id))

    def save(self, registration: Registration) -> Registration:
        """Replace it and count its version up."""
        key, after = (registration.unit, registration.id), replace(registration, version=registration.version + 1)
        with self._lock:
            stored = self._registrations.get(key)
            if stored is None or stored.version != registration.version:
                raise StaleVersionError()
            self._registrations[key] = after
        return after

    def put_code(
        self, unit: str, subject: str, digest: str, *, payload: str, sent: datetime, expires: datetime
    ) -> None:
        """Keep what is expected for a subject; whatever was expected before no longer counts."""
        with self._lock:
            self._codes[unit, subject] = _Expected(digest, payload, sent, expires)

    def try_code(self, unit: str, subject: str, digest: str, now: datetime, *, limit: int) -> tuple[Verdict, str]:
        """Compare, and spend it when right."""
        with self._lock:
            found = self._codes.get((unit, subject))
            if found is None or found.tries >= limit or not alive(found.sent, found.expires, now):
                return "over", ""
            if not hmac.compare_digest(found.digest, digest):
                found.tries += 1
                return "wrong", ""
            del self._codes[unit, subject]
            return "right", found.payload

    def link(self, identity: Identity) -> None:
        """Keep an identity; StaleVersionError where it is another's."""
        with self._lock:
            kept = self._identities.setdefault((identity.unit, identity.issuer, identity.subject), identity)
        if kept.account_id != identity.account_id:
            raise StaleVersionError()

    def account_of(self, unit: str, issuer: str, subject: str) -> str | None:
        """The id of the account with this identity."""
        found = self._identities.get((unit, issuer, subject))
        return found.account_id if found else None

    def identities(self, unit: str, account_id: str) -> list[Identity]:
        """Every identity of an account, oldest first."""
        own = [one for one in self._identities.values() if (one.unit, one.account_id) == (unit, account_id)]
        return sorted(own, key=lambda one: (one.linked_at, one.issuer, one.subject))

    def sessions(self, account_id: str, now: datetime) -> list[OpenSession]:
        """Live sessions, newest first."""
        live = self._accounts.live_sessions(account_id, now)
        rows = [self._open(token, opened) for token, opened in live.items()]
        return sorted(rows, key=lambda one: one.opened_at, reverse=True)

    def _open(self, token: str, opened: datetime) -> OpenSession:
        agent, seen, raised = self._details.get(token, ("", opened, None))
        return OpenSession(token_hash=token, agent=agent, opened_at=opened, seen_at=seen, raised_at=raised)

    def note_session(self, token_hash: str, agent: str, now: datetime) -> None:
        """What browser a session belongs to."""
        self._details[token_hash] = (agent[:400], now, None)

    def seen(self, token_hash: str, now: datetime) -> None:
        """The session was used."""
        if token_hash in self._details:
            agent, _, raised = self._details[token_hash]
            self._details[token_hash] = (agent, now, raised)

    def raise_session(self, token_hash: str, now: datetime) -> None:
        """Whoever holds the session has just proven it anew."""
        if token_hash in self._details:
            self._details[token_hash] = (*self._details[token_hash][:2], now)

    def raised_at(self, token_hash: str) -> datetime | None:
        """When that was last."""
        return self._details[token_hash][2] if token_hash in self._details else None

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """End all sessions of an account except one; how many ended."""
        own = [token for token in self._accounts.live_sessions(account_id, None) if token != but]
        for token in own:
            self._accounts.close_session(token)
        return len(own)

    def close_one(self, account_id: str, token_hash: str) -> None:
        """End one session of the account; nothing where it belongs to another."""
        if token_hash in self._accounts.live_sessions(account_id, None):
            self._accounts.close_session(token_hash)

    def forget_attempts(self, key: str) -> None:
        """Wipe out the counted attempts under a key."""
        self._accounts.forget_attempts(key)

    def attempts(self, key: str, now: datetime, window: timedelta) -> int:
        """How many attempts were counted within the window."""
        return self._accounts.attempts(key, now, window)
