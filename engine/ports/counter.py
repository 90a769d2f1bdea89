"""What the counter keeps apart from cases: tickets of people who wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

Kinds = Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A number of one day; `window`, `by`: where it was called and by whom; `case_id`: what it led to."""

    unit: str
    day: date
    number: int
    kind: str
    drawn_at: datetime
    called_at: datetime | None = None
    window: str = ""
    by: str = ""
    done_at: datetime | None = None
    case_id: str = ""

    @property
    def waited(self) -> float | None:
        """Seconds from drawing to calling; never below 0, whatever happened to the clock."""
        return max((self.called_at - self.drawn_at).total_seconds(), 0.0) if self.called_at else None


class Tickets(Protocol):
    """Numbers that begin anew each day; no two people get the same one, no two windows call the same one."""

    def draw(self, unit: str, day: date, kind: str, at: datetime) -> Ticket:
        """The next number of the day."""
        ...

    def call(self, unit: str, day: date, kinds: Kinds, *, window: str, by: str, at: datetime) -> Ticket | None:
        """The lowest number of these kinds that nobody called; what this window served is done. None: nobody."""
        ...

    def finish(self, unit: str, day: date, number: int, *, by: str, at: datetime) -> bool:
        """Done with somebody this officer called; False when that is not so."""
        ...

    def link(self, unit: str, day: date, by: str, case_id: str) -> bool:
        """Whoever this officer serves filed this case; False when the officer serves nobody, or filed one already."""
        ...

    def of_day(self, unit: str, day: date) -> Sequence[Ticket]:
        """Every ticket of the day by number."""
        ...
