"""What a day's cash drawers come to: takings by procedure with their receipts, what went back, what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.domain.cash import Move
from engine.domain.drawer import Drawer, Reckoned, total


@dataclass(frozen=True, slots=True, kw_only=True)
class ByProcedure:
    """What came in for one procedure. `receipts`: their numbers, in order; `without`: takings that have none."""

    procedure: str
    amount: int
    receipts: tuple[str, ...]
    without: int

    @property
    def count(self) -> int:
        """How many takings."""
        return len(self.receipts) + self.without


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """Drawers of a day. `loose`: cash outside any drawer; `left_open`: drawers of earlier days, today only; `names`: of
    officers by account; `everybody`: whether it is about the whole unit."""

    day: date
    everybody: bool
    drawers: tuple[Reckoned, ...]
    loose: tuple[Move, ...]
    left_open: tuple[Drawer, ...]
    names: Mapping[str, str]

    @property
    def moves(self) -> tuple[Move, ...]:
        """All cash of the report."""
        return (*(move for one in self.drawers for move in one.moves), *self.loose)

    @property
    def taken(self) -> int:
        """What came in, in dong."""
        return total(self.moves, "in")

    @property
    def given_back(self) -> int:
        """What went out, in dong."""
        return total(self.moves, "out")


def by_procedure(moves: Iterable[Move]) -> list[ByProcedure]:
    """Takings gathered by procedure, by its code."""
    found: dict[str, list[Move]] = {}
    for one in moves:
        if one.way == "in":
            found.setdefault(one.procedure, []).append(one)
    return [_gathered(code, found[code]) for code in sorted(found)]


def _gathered(procedure: str, moves: Sequence[Move]) -> ByProcedure:
    receipts = tuple(one.receipt for one in moves if one.receipt)
    return ByProcedure(
        procedure=procedure, amount=total(moves, "in"), receipts=receipts, without=len(moves) - len(receipts)
    )
