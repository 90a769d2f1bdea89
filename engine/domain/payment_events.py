"""Facts about trying to pay, and about money that goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentBegun(Event):
    """The payer chose a provider: a try of its own, with an order number that the provider knows."""

    tag = "payment:begun"
    order: str
    provider: str
    amount: int
    url: str  # where the payer goes, or what the QR code holds
    expires_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Event):
    """A try came to nothing, as the provider says or because its time is over; the case goes on waiting."""

    tag = "payment:failed"
    order: str
    provider: str
    code: str  # the provider's word, or "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDoubted(Event):
    """The provider looks into a payment: the money may have left the payer, nothing is final."""

    tag = "payment:doubted"
    order: str
    provider: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(Event):
    """What was paid has to go back. `why`: ended (no service was given), late (nobody waited for it any more)."""

    tag = "refund:requested"
    order: str
    provider: str
    amount: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDelayed(Event):
    """A try to give money back failed; `retry_at` None when a person has to see to it."""

    tag = "refund:delayed"
    order: str
    attempt: int
    error: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSettled(Event):
    """The money went back: the provider said so with its `code`, or a cashier gave it ("hand")."""

    tag = "refund:settled"
    order: str
    amount: int
    code: str
    reference: str
