"""Points, boxes and segments on a diagram, in pixels; y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def at(cls, x: float, y: float, width: float, height: float) -> Box:
        """A box by its corner and size."""
        return cls(x, y, x + width, y + height)

    def grown(self, by: float) -> Box:
        """The box with all sides moved outwards."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: Box) -> bool:
        """Whether the two share some area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )  # fmt: skip

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of an edge."""

    a: Point
    b: Point

    def pieces(self) -> list[Box]:
        """The segment as boxes without area: itself when level or upright, else many small steps."""
        steps = 1 if self.a.x == self.b.x or self.a.y == self.b.y else 64
        across, down = (self.b.x - self.a.x) / steps, (self.b.y - self.a.y) / steps
        marks = [Point(self.a.x + across * n, self.a.y + down * n) for n in range(steps + 1)]
        return [Box(min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y)) for p, q in pairwise(marks)]


def segments(points: tuple[Point, ...]) -> list[Segment]:
    """The pieces of a line, without those of no length."""
    return [Segment(a, b) for a, b in pairwise(points) if a != b]


def touches(box: Box, form: str, other: Box) -> bool:
    """Whether a circle, diamond or box with these bounds and an upright rectangle (or a line) share some area."""
    if form == "box":
        return box.meets(other)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    across = abs(min(max(x, other.left), other.right) - x) / ((box.right - box.left) / 2 or 1)
    down = abs(min(max(y, other.top), other.bottom) - y) / ((box.bottom - box.top) / 2 or 1)
    return across + down < 1 if form == "diamond" else across**2 + down**2 < 1


def crossing(one: Segment, two: Segment) -> Point | None:
    """Where two segments cut or touch each other; None when they run apart or in one line."""
    ax, ay, bx, by = one.b.x - one.a.x, one.b.y - one.a.y, two.b.x - two.a.x, two.b.y - two.a.y
    turn = ax * by - ay * bx
    if abs(turn) < _NOTHING:
        return None
    dx, dy = two.a.x - one.a.x, two.a.y - one.a.y
    t, u = (dx * by - dy * bx) / turn, (dx * ay - dy * ax) / turn
    inside = all(-_NOTHING <= part <= 1 + _NOTHING for part in (t, u))
    return Point(one.a.x + t * ax, one.a.y + t * ay) if inside else None


def shared_length(one: Segment, two: Segment) -> float:
    """How far two upright or level segments run along one line."""
    if one.a.x == one.b.x == two.a.x == two.b.x:
        return _common(one.a.y, one.b.y, two.a.y, two.b.y)
    if one.a.y == one.b.y == two.a.y == two.b.y:
        return _common(one.a.x, one.b.x, two.a.x, two.b.x)
    return 0.0


def _common(a: float, b: float, c: float, d: float) -> float:
    return max(0.0, min(max(a, b), max(c, d)) - max(min(a, b), min(c, d)))
