"""Payment providers, and the house's own books about what they say: orders, notices, bank lines, daily accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from engine.ports.database import Row

Kind = Literal["redirect", "qr"]
Outcome = Literal["paid", "failed", "held", "open"]  # held: the money may have left the payer; neither paid nor failed
Verdict = Literal["recorded", "repeated", "unknown", "mismatch", "forged", "error"]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One try to pay. `amount` in dong; `text` without marks; `ip` and `language` (vi, en) are the payer's."""

    id: str
    amount: int
    case_code: str
    text: str
    return_url: str
    at: datetime
    ip: str = "127.0.0.1"
    language: str = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came of an order: where to send the payer, or what the QR holds (`url`); `details` are kept for later."""

    kind: Kind
    url: str
    expires_at: datetime
    details: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a provider says of an order. `amount` in dong; `code` is the provider's own word."""

    order: str
    amount: int
    outcome: Outcome
    code: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An order of which the provider is asked, or whose money it shall give back. `details`: of its `Opened`."""

    order: str
    amount: int
    at: datetime
    now: datetime
    details: Values = field(default_factory=dict)
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """The provider gives the money back, or has been told to before. `code` is its own word."""

    code: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Money that came in, by a provider's own account of a day. `order`: by its number, or as found in the text."""

    id: str
    account: str
    amount: int
    text: str
    at: datetime
    order: str = ""


class PaymentProvider(Protocol):
    """A payment provider. Whatever of it goes outside has a time limit and is never called in a transaction.

    ConnectionError: no answer, or none that can be trusted; ask again later.
    """

    @property
    def name(self) -> str:
        """What it is called in orders."""
        ...

    @property
    def title(self) -> str:
        """What people call it, in Vietnamese."""
        ...

    @property
    def title_en(self) -> str:
        """What people call it, in English."""
        ...

    @property
    def refunds(self) -> bool:
        """Whether it gives money back when told; else a cashier does, by hand."""
        ...

    def takes(self, amount: int) -> bool:
        """Whether an order may be over so many dong."""
        ...

    def create(self, order: Order) -> Opened:
        """Open an order; repeating the same is harmless. ConnectionError, PaymentRefusedError."""
        ...

    def verify_return(self, fields: Mapping[str, str]) -> Notice | None:
        """What the payer's browser brought back, to be shown and never booked; None when not the provider's."""
        ...

    def read_notice(self, fields: Values) -> Notice | None:
        """What the provider says, server to server; None when not signed by it."""
        ...

    def answer(self, verdict: Verdict) -> tuple[int, Values | None]:
        """How a notice is answered: the HTTP status, and the JSON of the body (None: empty)."""
        ...

    def query(self, asked: Asked) -> Notice | None:
        """What the provider knows of an order; None when it does not know it. ConnectionError."""
        ...

    def refund(self, asked: Asked) -> Refunded:
        """Give all of it back; asking again is harmless. ConnectionError, PaymentRefusedError."""
        ...

    def statement(self, day: date) -> Sequence[Line] | None:
        """What came in on a day; None where the provider tells it nowhere. ConnectionError."""
        ...


class Ledger(Protocol):
    """The house's books about money; each write is a transaction of its own."""

    def order(self, unit: str, order: str) -> Row | None:
        """The order of this number, at any provider that was chosen for it: case_id, case_code, provider, amount,
        state (open, held, failed, paid), begun_at, expires_at."""
        ...

    def orders(self, unit: str, orders: Sequence[str]) -> list[Row]:
        """Those of the numbers that are orders."""
        ...

    def unsettled(self, unit: str, before: datetime, *, limit: int) -> list[Row]:
        """Orders begun before the instant of which nothing final is known, oldest first."""
        ...

    def refunds(
        self, unit: str, *, due: datetime | None = None, providers: Sequence[str] = (), limit: int
    ) -> list[Row]:
        """Orders whose money shall go back, or went back, newest first; with `due` only those of the
        providers that are to be tried now."""
        ...

    def booked(self, unit: str, since: datetime, until: datetime) -> list[Row]:
        """Orders paid in that time."""
        ...

    def note(self, unit: str, provider: str, at: datetime, *, order: str, verdict: str, body: str) -> None:
        """Keep a notice as it came, and what was made of it."""
        ...

    def add_lines(self, unit: str, provider: str, lines: Sequence[Line], now: datetime) -> int:
        """Keep lines that are not there yet, as `new`; how many those are."""
        ...

    def lines(self, unit: str, state: str, *, limit: int) -> list[Row]:
        """Lines in a state (new, matched, suspense, settled, returned), oldest first."""
        ...

    def line(self, unit: str, line_id: str) -> Row | None:
        """A line."""
        ...

    def settle_line(self, unit: str, line_id: str, *, seen: str, state: str, **facts: Any) -> bool:
        """Move a line from the state that was seen to another, with case_code, order, by, at, reason; False when it
        was not in that state any more."""
        ...

    def keep_account(self, unit: str, day: date, provider: str, account: Values, now: datetime) -> None:
        """Keep the daily account of a provider; a later one of the same day takes its place."""
        ...

    def accounts(self, unit: str, *, limit: int) -> list[Row]:
        """Daily accounts, newest first: day, provider, made_at, and what was kept."""
        ...
