"""One-time codes and links: six digits by SMS, a long secret by mail; only digests under the house's key are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.registration import CodeOverError, TooManyTriesError, WrongCodeError
from engine.ports import Accounts, Clock, Messages
from engine.ports.people import PeopleStore

LIFE = timedelta(minutes=5)
LINK_LIFE = timedelta(minutes=15)
WINDOW = timedelta(minutes=15)
TRIES, SENDS = 5, 5
OTP = {"sms": "otp", "email": "email_code"}  # the template of each channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """`key`: what digests are made with; `number` makes the six digits."""

    unit: str
    key: bytes
    store: PeopleStore
    accounts: Accounts
    messages: Messages
    clock: Clock
    number: Callable[[], str] = lambda: f"{secrets.randbelow(10**6):06d}"

    def send(self, subject: str, recipient: str, *, payload: str = "", channel: str = "sms") -> None:
        """Send a code for a subject to a phone number or, on the channel "email", an address; the one before no longer
        counts. TooManyTriesError beyond SENDS to a recipient in a quarter of an hour. Without a recipient everything
        but the sending happens, so that nobody learns from it whether there is one."""
        now = self.clock.now()
        self.count(f"code-to:{recipient or subject}", SENDS)
        code = self.number()
        self.store.put_code(
            self.unit, subject, self._digest(subject, code), payload=payload, sent=now, expires=now + LIFE
        )
        if recipient:
            data = {"otp": code, "minutes": int(LIFE.total_seconds() // 60)}
            key, template = f"otp:{subject}:{secrets.token_hex(8)}", OTP[channel]
            self.messages.send(channel=channel, recipient=recipient, template=template, data=data, key=key)

    def check(self, subject: str, code: str) -> str:
        """Spend the code; its payload. WrongCodeError, CodeOverError, TooManyTriesError."""
        plain = "".join(sign for sign in code if sign.isdecimal())[:12]
        digest = self._digest(subject, plain)
        verdict, payload = self.store.try_code(self.unit, subject, digest, self.clock.now(), limit=TRIES)
        if verdict == "wrong":
            raise WrongCodeError()
        if verdict == "over":
            raise CodeOverError()
        return payload

    def secret(self, purpose: str, payload: str, life: timedelta = LINK_LIFE) -> str:
        """A long secret that stands for the payload once."""
        name, secret = secrets.token_urlsafe(12), secrets.token_urlsafe(32)
        subject, now = f"{purpose}:{name}", self.clock.now()
        digest = self._digest(subject, secret)
        self.store.put_code(self.unit, subject, digest, payload=payload, sent=now, expires=now + life)
        return f"{name}.{secret}"

    def redeem(self, purpose: str, text: str) -> str:
        """The payload of a secret, once; CodeOverError."""
        name, _, secret = text.partition(".")
        subject = f"{purpose}:{name[:40]}"
        digest, now = self._digest(subject, secret), self.clock.now()
        verdict, payload = self.store.try_code(self.unit, subject, digest, now, limit=TRIES)
        if verdict != "right":
            raise CodeOverError()
        return payload

    def count(self, key: str, limit: int) -> None:
        """Count an attempt; TooManyTriesError beyond the limit in a quarter of an hour."""
        if self.accounts.count_attempt(key, self.clock.now(), WINDOW) > limit:
            raise TooManyTriesError()

    def mail(self, address: str, template: str, path: str, minutes: int) -> None:
        """A link to a page of ours, by mail."""
        key = f"{template}:{hashlib.sha256(path.encode()).hexdigest()[:32]}"
        data = {"path": path, "minutes": minutes}
        self.messages.send(channel="email", recipient=address, template=template, data=data, key=key)

    def _digest(self, subject: str, secret: str) -> str:
        return hmac.new(self.key, f"{self.unit}\n{subject}\n{secret}".encode(), hashlib.sha256).hexdigest()


def expired(at: datetime | None, now: datetime, minutes: int) -> bool:
    """Whether something proven at `at` has to be proven again; also when the clock was set back."""
    return at is None or not at - timedelta(minutes=1) <= now < at + timedelta(minutes=minutes)
