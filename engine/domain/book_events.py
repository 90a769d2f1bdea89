"""Facts about the numbers of a case in the house's books."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCancelled(Event):
    """A number was struck out: it stays in its book, and nothing is issued under it any more."""

    tag = "number:cancelled"
    book: str  # the counter it was drawn from, with the year: receipt/intake/2026
    number: int
    written: str  # as it stood on the paper; empty where nothing was issued under it
    reason: str
    by: str
