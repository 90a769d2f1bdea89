"""Cash drawers, and the cash of cases by drawer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from engine.domain.cash import Move
from engine.domain.drawer import Drawer

Decide = Callable[[Drawer, Sequence[Move]], Drawer]


class Drawers(Protocol):
    """Rows apart from cases, in transactions of their own. What lies in a drawer is nowhere a second time: it is read
    from the rows of cash that the cases themselves write."""

    def open(self, drawer: Drawer) -> Drawer:
        """Keep a drawer; the one its officer has open already comes back instead, whatever its day."""
        ...

    def open_of(self, unit: str, officer: str) -> Drawer | None:
        """The officer's open drawer."""
        ...

    def get(self, unit: str, drawer_id: str) -> Drawer | None:
        """A drawer of the unit."""
        ...

    def close(self, unit: str, drawer_id: str, decide: Decide) -> Drawer | None:
        """Let `decide` see the drawer and its cash as they are, and keep what it says, while nobody else opens or
        closes a drawer of this officer; what it raises changes nothing. None: there is no such drawer."""
        ...

    def of_day(self, unit: str, day: date) -> Sequence[Drawer]:
        """Drawers of a day, by when they were opened."""
        ...

    def left_open(self, unit: str, before: date) -> Sequence[Drawer]:
        """Drawers of earlier days that nobody has closed, the oldest first."""
        ...

    def moves(self, unit: str, drawers: Collection[str]) -> Sequence[Move]:
        """Cash of these drawers, in order of time."""
        ...

    def loose(self, unit: str, since: datetime, until: datetime) -> Sequence[Move]:
        """Cash taken or given back without a drawer in that time."""
        ...
