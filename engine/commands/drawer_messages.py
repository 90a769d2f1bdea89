"""What one may ask about money in hand: the same as without, and into or out of which drawer it goes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.messages import CompleteTask
from engine.commands.payment_messages import SettleRefund


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCash(CompleteTask):
    """Finish a task with which money is taken in hand. `drawer`: where it goes; "" where the unit works without."""

    drawer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCashBack(SettleRefund):
    """Note that money was given back in cash. `drawer`: where it came from; "" where the unit works without."""

    drawer: str
