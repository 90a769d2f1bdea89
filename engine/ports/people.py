"""How people prove who they are, and what is kept of it beside their accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from engine.domain.registration import Registration, Standing

Verdict = Literal["right", "wrong", "over"]


class Way(Protocol):
    """One way to prove who somebody is; an outside party vouches."""

    def begin(self, given: Mapping[str, str], *, session: str, now: datetime) -> Standing:
        """Ask the outside party about what was typed. `session` names the browser for what is to be signed.

        NotVouchedError, OutsideSilentError, OutsideRefusedError.
        """
        ...

    def go_on(self, registration: Registration, answer: Mapping[str, str], now: datetime) -> Standing:
        """Go on with what came back (a signature), or ask again; the same errors and SignatureRefusedError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What an identity provider says of somebody. `facts`: names of the profile."""

    issuer: str
    subject: str
    name: str
    facts: Mapping[str, str]
    assurance: int


class SignOn(Protocol):
    """An identity provider elsewhere."""

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser; OutsideSilentError."""
        ...

    def vouched(self, *, code: str, nonce: str, verifier: str, now: datetime) -> Vouched:
        """Who came back with this code; NotVouchedError where the answer does not hold, OutsideSilentError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A name by which an outside issuer, or the house itself, knows an account."""

    unit: str
    issuer: str
    subject: str
    account_id: str
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A live session of an account. `agent`: what the browser calls itself; `raised_at`: when a code proved it anew."""

    token_hash: str
    agent: str
    opened_at: datetime
    seen_at: datetime
    raised_at: datetime | None


class PeopleStore(Protocol):
    """Rows about people beside their accounts; each call is a transaction of its own."""

    def begin(self, registration: Registration) -> None:
        """Keep a registration that begins; those that ran out are cleared away."""
        ...

    def registration(self, unit: str, registration_id: str) -> Registration | None:
        """The registration, whatever its state."""
        ...

    def save(self, registration: Registration) -> Registration:
        """Replace it and count its version up; StaleVersionError where the stored version is another."""
        ...

    def put_code(
        self, unit: str, subject: str, digest: str, *, payload: str, sent: datetime, expires: datetime
    ) -> None:
        """Keep what is expected for a subject; whatever was expected before no longer counts."""
        ...

    def try_code(self, unit: str, subject: str, digest: str, now: datetime, *, limit: int) -> tuple[Verdict, str]:
        """Compare, and spend it when right: (verdict, its payload when right). A wrong try counts, `limit` end it."""
        ...

    def link(self, identity: Identity) -> None:
        """Keep an identity; again for the same account is harmless, StaleVersionError where it is another's."""
        ...

    def account_of(self, unit: str, issuer: str, subject: str) -> str | None:
        """The id of the account with this identity."""
        ...

    def identities(self, unit: str, account_id: str) -> list[Identity]:
        """Every identity of an account, oldest first."""
        ...

    def sessions(self, account_id: str, now: datetime) -> list[OpenSession]:
        """Live sessions, newest first."""
        ...

    def note_session(self, token_hash: str, agent: str, now: datetime) -> None:
        """What browser a session belongs to."""
        ...

    def seen(self, token_hash: str, now: datetime) -> None:
        """The session was used."""
        ...

    def raise_session(self, token_hash: str, now: datetime) -> None:
        """Whoever holds the session has just proven it anew."""
        ...

    def raised_at(self, token_hash: str) -> datetime | None:
        """When that was last."""
        ...

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """End all sessions of an account except one; how many ended."""
        ...

    def close_one(self, account_id: str, token_hash: str) -> None:
        """End one session of the account; nothing where it belongs to another."""
        ...

    def forget_attempts(self, key: str) -> None:
        """Wipe out the counted attempts under a key."""
        ...

    def attempts(self, key: str, now: datetime, window: timedelta) -> int:
        """How many attempts were counted within the window; none is added."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WayText:
    """A way of registration as pages show it; data of the catalog. `fields`: what it asks, in order; "number" stands
    for the number of who registers."""

    id: str
    name: str
    name_en: str
    hint: str
    hint_en: str
    party: str
    party_en: str
    assurance: int
    subtypes: tuple[str, ...]
    fields: tuple[str, ...]
