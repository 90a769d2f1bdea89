"""Random block-structured processes, as trees drawn by hypothesis so that a failure shrinks to its smallest form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

WORK = ("user", "service", "send", "rule", "manual", "receive")  # activities a token waits in
HOLDS = ("sub", "call")  # activities with a level inside
ACTIVITIES = WORK + HOLDS
SIGNALS, CODES = ("S1", "S2"), ("E1", "E2")
LEAVES = (
    *WORK, "catch message", "catch timer", "milestone", "link", "throw message", "throw signal", "throw escalation",
    "terminate", "error", "signal pair",
)  # fmt: skip
COMPOSED = ("sequence", "sequence", "xor", "and", "or", "first", "loop", "sub", "sub", "call")
FIRSTS = ("message", "timer", "signal", "receive")
ENDINGS = ("none", "none", "message", "terminate", "signal", "escalation")


@dataclass(frozen=True)
class Watcher:
    """A boundary event of an activity, or what starts an event sub-process of a level, and what follows it."""

    id: str
    event: str  # message, timer, cycle, error, escalation, signal
    said: str  # duration, cycle, code ("" = any) or name
    interrupting: bool
    body: Block


@dataclass(frozen=True)
class Block:
    """A block with one way in and one way out; `id` names its elements."""

    kind: str
    id: str
    parts: tuple[Block, ...] = ()
    loop: str = "none"  # of an activity: standard, parallel, sequential
    times: int = 0
    until: int = 0  # completed instances after which a multi-instance activity is over; 0: all
    style: str = ""  # how the times are said; the event of a first-of branch; whether a choice is asked for
    said: str = ""
    taken: tuple[bool, ...] = ()
    ending: str = "none"
    watchers: tuple[Watcher, ...] = ()
    guards: tuple[Watcher, ...] = ()

    def walk(self) -> Iterator[Block]:
        """Yield the block and every block in it."""
        yield self
        for part in (*self.parts, *(each.body for each in (*self.watchers, *self.guards))):
            yield from part.walk()


@dataclass
class Room:
    """What is known where a block is drawn: how much may still come, and which error codes are caught around it."""

    draw: Callable[[Any], Any]
    left: int
    number: int = 0
    codes: frozenset[str] = field(default_factory=frozenset)

    def name(self) -> str:
        self.number += 1
        self.left -= 1
        return f"b{self.number}"

    def one_of(self, *found: Any) -> Any:
        return self.draw(st.sampled_from(found))

    def small(self, least: int, most: int) -> int:
        return int(self.draw(st.integers(least, most)))

    def flip(self, one_in: int = 2) -> bool:
        """Say yes once in so many times; no is what failures shrink to."""
        return self.small(1, one_in) == one_in and one_in > 1


@st.composite
def processes(draw: Callable[[Any], Any], most: int = 40, depth: int = 4) -> Block:
    """Draw a whole process: a block "call" whose level is the process itself."""
    room = Room(draw, most)
    return _holding(room, "call", depth, watched=False)


def _block(room: Room, depth: int) -> Block:
    # Small things first, for failures shrink to them; a caught error is drawn often, as it needs much around it.
    kinds = LEAVES + ("error",) * 4 + ("throw escalation",) * 2 if depth < 3 or room.left < 3 else ()
    kinds = kinds + COMPOSED * (3 if depth > 1 else 1) if depth > 0 and room.left > 2 else kinds
    kind = room.one_of(*(each for each in kinds if each != "error" or room.codes))
    if kind in HOLDS:
        return _holding(room, kind, depth - 1)
    if kind in WORK:
        return _watched(room, _repeated(room, Block(kind, room.name())), depth)
    return _leaf(room, kind) if kind in LEAVES else _composed(room, kind, depth - 1)


def _leaf(room: Room, kind: str) -> Block:
    names = {"throw signal": SIGNALS, "throw escalation": CODES, "error": tuple(sorted(room.codes))}
    name = room.name()
    if kind == "catch timer":
        return Block(kind, name, said=room.one_of("PT1H", "PT5H", "P1D"))
    return Block(kind, name, said=room.one_of(*names[kind]) if kind in names else name)


def _composed(room: Room, kind: str, depth: int) -> Block:
    name = room.name()
    count = {"loop": 1, "or": room.small(2, 3) + 1}.get(kind, room.small(2, 3))
    parts = tuple(_block(room, depth) for _ in range(count))
    if kind == "first":
        parts = tuple(replace(Block("branch", f"{each.id}_w", (each,)), style=room.one_of(*FIRSTS)) for each in parts)
        parts = (replace(parts[0], style=room.one_of("message", "timer")), *parts[1:])  # one of them can always happen
        parts = tuple(replace(each, said=room.one_of(*SIGNALS)) if each.style == "signal" else each for each in parts)
    taken = tuple(room.flip() for _ in parts) if kind == "or" else ()
    return Block(kind, name, parts, times=room.small(0, count - 1), taken=taken, style=room.one_of("asked", "fixed"))


def _holding(room: Room, kind: str, depth: int, *, watched: bool = True) -> Block:
    """Draw an activity with a level inside; errors thrown there are caught by its guards, its boundary, or outside."""
    block = Block(kind, room.name())
    around = room.codes
    if watched:
        block = _watched(room, _repeated(room, block), depth)
    room.codes = around | _caught(block.watchers)
    guards = _watchers(room, depth, guards=True) if room.flip() else ()
    room.codes |= _caught(guards)
    body = _block(room, depth)
    room.codes = around
    return replace(block, parts=(body,), guards=guards, ending=room.one_of(*ENDINGS))


def _caught(watchers: tuple[Watcher, ...]) -> frozenset[str]:
    codes = {each.said for each in watchers if each.event == "error"}
    return frozenset(CODES) if "" in codes else frozenset(codes)


def _repeated(room: Room, block: Block) -> Block:
    loop = room.one_of("none", "none", "none", "standard", "parallel", "sequential")
    if loop == "none":
        return block
    if loop == "standard":
        style = room.one_of("counted", "maximum", "before", "never")
        times = room.small(1, 3) if style in ("counted", "before") else 0 if style == "never" else room.small(0, 3)
        return replace(block, loop=loop, style=style, times=times)
    style, times = room.one_of("items", "number"), room.small(0, 3)
    return replace(block, loop=loop, style=style, times=times, until=room.small(0, max(times - 1, 0)))


def _watched(room: Room, block: Block, depth: int) -> Block:
    return replace(block, watchers=_watchers(room, depth, holds=block.kind in HOLDS)) if room.flip() else block


def _watchers(room: Room, depth: int, *, guards: bool = False, holds: bool = True) -> tuple[Watcher, ...]:
    thrown = ("error", "error", "escalation", "escalation") if holds else ("error",)
    events = ("message", "timer", "cycle", "signal", *thrown)
    found: dict[tuple[str, str], Watcher] = {}
    for _ in range(room.small(1, 2)):
        event = room.one_of(*events)
        said = _said(room, event)
        interrupting = event == "error" or (event != "cycle" and room.flip())
        body = _block(room, min(depth - 1, 1))
        if not interrupting and not guards:
            # It may happen again while the first time is not over yet: each has a level of its own.
            body = Block("sub", room.name(), (body,))
        watcher = Watcher(room.name(), event, said, interrupting, body)
        found.setdefault((event, said if event in ("error", "escalation", "signal") else watcher.id), watcher)
    return tuple(found.values())


def _said(room: Room, event: str) -> str:
    choices = {
        "timer": ("PT2H", "P2D"), "cycle": ("R2/PT6H", "R/PT12H"), "signal": SIGNALS, "error": (*CODES, ""),
        "escalation": (*CODES, ""),
    }  # fmt: skip
    return str(room.one_of(*choices.get(event, ("",))))
