"""A cash drawer: what lies in it by denomination, what ought to lie in it, and what may be done with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.domain.cash import Move, Way
from engine.domain.errors import DomainError, FormInvalidError

Counts = Mapping[int, int]  # how many notes and coins of each denomination, in dong
PIECES = re.compile(r"[0-9]{1,5}")
LONGEST_REASON = 500


class NoDrawerError(DomainError):
    """Anh/chị chưa mở két hôm nay nên chưa thu, chi tiền mặt được. Mở két rồi làm lại.
    | You have no open cash drawer today. Open one, then try again."""

    code = "no_drawer"


class DrawerLeftOpenError(DomainError):
    """Két ngày {day} của anh/chị chưa đóng. Kiểm và đóng két đó trước; số tiền đã thu vẫn được giữ nguyên.
    | Your cash drawer of {day} is still open. Count and close it first; nothing that was taken is lost."""

    code = "drawer_left_open"


class DrawerClosedError(DomainError):
    """Két này đã đóng lúc {at}; số đã kiểm không sửa được. | This drawer was closed at {at}; its count stays."""

    code = "drawer_closed"


class DrawerShortError(DomainError):
    """Trong két chỉ còn {left} đồng, không đủ {amount} đồng để hoàn. Hoàn bằng cách khác.
    | There are only {left} dong in the drawer, not the {amount} dong to give back. Give it back another way."""

    code = "drawer_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """One drawer of one officer on one day. `expected`: what ought to lie in it by the house's account when it was
    counted; `reason`: why the count differs."""

    unit: str
    id: str
    officer: str
    day: date
    opened_at: datetime
    opening: Counts
    closed_at: datetime | None = None
    closed_by: str = ""
    closing: Counts = field(default_factory=dict)
    expected: int = 0
    reason: str = ""

    @property
    def opened_with(self) -> int:
        """The float, in dong."""
        return worth(self.opening)

    @property
    def counted(self) -> int:
        """What was counted at the end, in dong."""
        return worth(self.closing)

    @property
    def difference(self) -> int:
        """Counted less expected when it was closed; below 0 when money was missing."""
        return self.counted - self.expected if self.closed_at else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A drawer with the cash that belongs to it, by the cases' own histories."""

    drawer: Drawer
    moves: tuple[Move, ...]

    @property
    def taken(self) -> int:
        """What came in, in dong."""
        return total(self.moves, "in")

    @property
    def given_back(self) -> int:
        """What went out, in dong."""
        return total(self.moves, "out")

    @property
    def expected(self) -> int:
        """What ought to lie in it now, or lay in it at the end."""
        return self.drawer.opened_with + self.taken - self.given_back

    @property
    def later(self) -> int:
        """What was booked on it at the very moment it was counted, and is not in the count; mostly 0."""
        return self.expected - self.drawer.expected if self.drawer.closed_at else 0


def worth(counts: Counts) -> int:
    """The sum of notes and coins, in dong."""
    return sum(denomination * pieces for denomination, pieces in counts.items())


def total(moves: Iterable[Move], way: Way) -> int:
    """The sum of what came in or went out, in dong."""
    return sum(one.amount for one in moves if one.way == way)


def read_counts(typed: Mapping[int, str]) -> Counts:
    """What was typed by denomination; nothing typed is none. FormInvalidError under `count.<denomination>`."""
    said = {denomination: "".join(text.split()) for denomination, text in typed.items()}
    wrong = {f"count.{name}": [WRONG] for name, text in said.items() if text and not PIECES.fullmatch(text)}
    if wrong:
        raise FormInvalidError(wrong)
    return {denomination: int(text) for denomination, text in said.items() if text and int(text)}


WRONG = "Ghi số tờ bằng chữ số, từ 0 đến 99999."
