"""Facts about money in hand: what an officer took for a case in cash, and what went back to the payer in cash."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTaken(Event):
    """An officer took cash with a task; it lies in the officer's drawer."""

    tag = "cash:taken"
    key: str  # of the task
    amount: int
    by: str
    drawer: str  # "": in none, where the unit works without


@dataclass(frozen=True, slots=True, kw_only=True)
class CashGivenBack(Event):
    """An officer gave the payer the money of an order back in cash."""

    tag = "cash:given_back"
    order: str
    amount: int
    by: str
    drawer: str  # "": out of none, where the unit works without
