"""People, sessions and sign-in attempts in memory: the twin of the database's; for tests, trials and teaching."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from engine.adapters.db.accounts import folded_login
from engine.domain.errors import StaleVersionError
from engine.ports import Account


class MemoryAccounts:
    """Implements the Accounts port."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._accounts: dict[str, Account] = {}
        self._sessions: dict[str, tuple[str, datetime, datetime]] = {}
        self._attempts: dict[str, list[datetime]] = {}

    def by_login(self, login: str) -> Account | None:
        """The account with this login."""
        wanted = folded_login(login)
        return next((a for a in self._accounts.values() if a.login == wanted), None)

    def by_id(self, account_id: str) -> Account | None:
        """The account."""
        return self._accounts.get(account_id)

    def put(self, account: Account) -> None:
        """Add or replace; StaleVersionError when somebody else has the login."""
        kept = replace(account, login=folded_login(account.login))
        with self._lock:
            held = (a for a in self._accounts.values() if (a.unit, a.login) == (kept.unit, kept.login))
            if any(each.id != account.id for each in held):
                raise StaleVersionError()
            self._accounts[account.id] = kept

    def edit(self, account: Account) -> None:
        """Write name, profile and password of an account; login, unit and groups stay as they are by now."""
        with self._lock:
            now = self._accounts[account.id]
            self._accounts[account.id] = replace(account, login=now.login, unit=now.unit, groups=now.groups)

    def all(self, unit: str) -> list[Account]:
        """Everybody of a unit."""
        return sorted((a for a in self._accounts.values() if a.unit == unit), key=lambda a: (a.kind, a.id))

    def open_session(self, account_id: str, token_hash: str, now: datetime, expires: datetime) -> None:
        """Start a session; those that ran out are cleared away."""
        with self._lock:
            self._sessions = {token: s for token, s in self._sessions.items() if s[1] > now}
            self._sessions[token_hash] = (account_id, expires, now)

    def session(self, token_hash: str, now: datetime) -> Account | None:
        """Whose live session this is."""
        account_id, expires, _ = self._sessions.get(token_hash, ("", now, now))
        return self._accounts.get(account_id) if expires > now else None

    def close_session(self, token_hash: str) -> None:
        """End a session."""
        self._sessions.pop(token_hash, None)

    def count_attempt(self, key: str, now: datetime, window: timedelta) -> int:
        """Count an attempt and tell how many there were within the window, this one included."""
        with self._lock:
            recent = [at for at in self._attempts.get(key, []) if at > now - window]
            self._attempts[key] = [*recent, now]
            return len(self._attempts[key])

    def live_sessions(self, account_id: str, now: datetime | None) -> dict[str, datetime]:
        """Token hashes of the account's sessions with when each was opened; with `now` only those still live."""
        own = {token: s for token, s in self._sessions.items() if s[0] == account_id}
        return {token: opened for token, (_, ends, opened) in own.items() if now is None or ends > now}

    def forget_attempts(self, key: str) -> None:
        """Wipe out the counted attempts under a key."""
        with self._lock:
            self._attempts.pop(key, None)

    def attempts(self, key: str, now: datetime, window: timedelta) -> int:
        """How many attempts were counted within the window."""
        return len([at for at in self._attempts.get(key, []) if at > now - window])
