"""What is kept of start timers, whose cases are yet to be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.domain.start_timer import StartTimer


@dataclass(frozen=True, slots=True, kw_only=True)
class StartLease:
    """A start timer claimed by a worker until `until`; `fence` grows with every claim."""

    unit: str
    procedure: str
    element_id: str
    fence: int
    until: datetime


class StartWriting(Protocol):
    """What a transaction does with start timers."""

    def start_timers(self, unit: str, procedure: str) -> list[StartTimer]:
        """The start timers of a procedure in a unit, by element, locked where the database can."""
        ...

    def start_timer(self, claim: StartLease) -> StartTimer | None:
        """The start timer, locked, when this is still the newest claim of it."""
        ...

    def put_start_timer(self, before: StartTimer | None, after: StartTimer) -> None:
        """Write a start timer, and take it out of every lease; StaleVersionError when somebody else made it first."""
        ...


class StartClaims(Protocol):
    """What workers and lists ask of start timers."""

    def claim_starts(self, now: datetime, *, limit: int, lease: timedelta) -> list[StartLease]:
        """Claim start timers that are due, as `claim` does."""
        ...

    def next_start(self) -> datetime | None:
        """When the next unleased start timer falls due."""
        ...

    def start_timers(self) -> list[StartTimer]:
        """All start timers, by unit, procedure and element."""
        ...
