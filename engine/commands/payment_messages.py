"""What one may ask about money: tries to pay, what providers say of them, transfers matched by hand, refunds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.commands.messages import CaseCommand, Command


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPayment(CaseCommand):
    """The payer chose a provider, which has opened the order."""

    order: str
    provider: str
    amount: int
    url: str
    expires_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome(CaseCommand):
    """A provider says that a try failed, or that it looks into it."""

    order: str
    provider: str
    outcome: Literal["failed", "held"]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookTransfer(Command):
    """A cashier says which case a line of the statement paid for."""

    unit: str
    case_code: str
    order: str
    provider: str
    amount: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRefund(CaseCommand):
    """A try to give money back failed; `retry_at` None: a person has to see to it."""

    order: str
    error: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRefund(CaseCommand):
    """The cause was mended: try to give the money back again."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefund(CaseCommand):
    """The money went back: a provider says so, or a cashier gave it and notes how."""

    order: str
    code: str
    reference: str
