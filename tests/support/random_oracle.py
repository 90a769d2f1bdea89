"""Says what a random process must do: a small interpreter of its blocks that knows nothing of diagrams or runners."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.support.random_blocks import ACTIVITIES, CODES, SIGNALS, Block, Watcher

Then = Callable[[], None]
WAITS = {"user": "task", "service": "task", "send": "task", "rule": "task", "manual": "task", "receive": "message"}
VISIBLE = ("task", "message", "timer")


@dataclass(eq=False)
class Level:
    """A running process, sub-process or handler, or the instances of a loop; `epoch` tells who was interrupted."""

    key: str
    host: Place | None
    done: Then
    places: list[Place] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    tokens: int = 1
    epoch: int = 0

    def clear(self) -> None:
        """Cancel everything here, and whatever was about to go on here."""
        self.epoch += 1
        for place in list(self.places):
            place.cancel()


@dataclass(eq=False, repr=False)
class Place:
    """Where something is waited for; `asks` says what a person decides here: None, "yes", or a number of ways."""

    level: Level
    element: str
    kind: str  # task, message, timer, signal, error, escalation, inside, first
    happen: Callable[[Any], None]
    said: str = ""
    asks: tuple[str, int] | None = None
    watcher: Watcher | None = None
    guard: bool = False
    host: Place | None = None
    due: datetime | None = None
    slots: tuple[datetime, timedelta, int, int | None] | None = None  # anchor, period, next, last
    fired: bool = False
    alive: bool = True
    inside: Level | None = None
    watchers: list[Place] = field(default_factory=list)
    started_by: Place | None = None  # of a handler: its guard
    exit: Then | None = None  # what follows an activity, which an interrupting boundary event leads to, too
    key: str = ""

    def __post_init__(self) -> None:
        self.level.visits[self.element] += 1
        prefix = f"{self.level.key}/" if self.level.key else ""
        self.key = f"{prefix}{self.element}#{self.level.visits[self.element]}"
        self.level.places.append(self)

    def __repr__(self) -> str:
        return self.key

    def cancel(self) -> None:
        """Let it go, with what is in it and what watches it."""
        if self.alive:
            self.alive = False
            self.level.places.remove(self)
            for each in self.watchers:
                each.cancel()
            if self.inside is not None:
                self.inside.clear()


class Oracle:
    """A process that is played by calling `happen` of its open places; `results` are those of finished loops."""

    def __init__(self, block: Block, now: datetime) -> None:
        self.now = now
        self.ended = False
        self.ran: Counter[str] = Counter()  # how often each waiting element was reached
        self.results: list[tuple[str, tuple[int | None, ...]]] = []
        self._later: deque[tuple[Level, int, Then]] = deque()
        self.top = Level("", None, self._end)
        self._begin(self.top, block)
        self._drain()

    def open(self) -> dict[str, Place]:
        """What the outside sees waiting, by key."""
        return {each.key: each for each in self.all() if each.kind in VISIBLE}

    def all(self) -> list[Place]:
        """Every place, outer levels first."""
        found: list[Place] = []
        levels = [self.top]
        for level in levels:
            found += level.places
            levels += [each.inside for each in level.places if each.inside is not None]
        return found

    def act(self, place: Place, value: Any, now: datetime) -> None:
        """Let a wait end: a task with what a person decided, a message or timer with nothing."""
        self.now = now
        place.happen(value)
        self._drain()

    def fail(self, place: Place, code: str) -> None:
        """End a task with an error that is caught somewhere."""
        caught = self._catcher(place.level, "error", code, place)
        assert caught is not None
        caught.happen(None)
        self._drain()

    def catches(self, place: Place, code: str) -> bool:
        """Tell whether an error of a task is caught somewhere."""
        return self._catcher(place.level, "error", code, place) is not None

    def signal(self, name: str) -> None:
        """A signal from outside."""
        self._shout(name)
        self._drain()

    def _end(self) -> None:
        self.ended = True

    def _drain(self) -> None:
        while self._later:
            level, epoch, then = self._later.popleft()
            if level.epoch == epoch:
                then()

    def _soon(self, level: Level, then: Then) -> None:
        self._later.append((level, level.epoch, then))

    # levels

    def _begin(self, level: Level, block: Block) -> None:
        for guard in block.guards:
            self._watch(guard, level, None)
        self._run(block.parts[0], level, lambda: self._finish(block, level))

    def _finish(self, block: Block, level: Level) -> None:
        """The body is over: its end event."""
        name, out = f"{block.id}_end", block.ending
        if out == "message":
            self._wait(level, name, "task", lambda: self._consume(level))
        elif out == "terminate":
            self._terminate(level)
        elif out in ("signal", "escalation"):
            said = SIGNALS[0] if out == "signal" else CODES[0]
            self._throw(level, f"{block.id}_before", out, said, lambda: self._consume(level))
        else:
            self._consume(level)

    def _consume(self, level: Level) -> None:
        level.tokens -= 1
        if level.tokens == 0:
            self._terminate(level)

    def _terminate(self, level: Level) -> None:
        level.clear()
        level.done()

    # waiting

    def _wait(self, level: Level, element: str, kind: str, then: Then, **more: Any) -> Place:
        def happen(value: Any) -> None:
            place.cancel()
            self._soon(level, then)

        place = Place(level, element, kind, happen, **more)
        self.ran[element] += 1
        return place

    def _ask(self, level: Level, element: str, asks: tuple[str, int], then: Callable[[Any], None]) -> None:
        def happen(value: Any) -> None:
            place.cancel()
            self._soon(level, lambda: then(value))

        place = Place(level, element, "task", happen, asks=asks)
        self.ran[element] += 1

    def _throw(self, level: Level, before: str, event: str, said: str, then: Then) -> None:
        def thrown() -> None:
            epoch = level.epoch
            self._hand(level, event, said)
            if level.epoch == epoch:
                self._soon(level, then)

        self._wait(level, before, "task", thrown)

    def _hand(self, level: Level, event: str, said: str) -> None:
        if event == "signal":
            self._shout(said)
        else:
            caught = self._catcher(level, event, said, None)
            assert caught is not None or event == "escalation", "the generator draws errors only where they are caught"
            if caught is not None:
                caught.happen(None)

    def _shout(self, name: str) -> None:
        for place in self.all():
            if (place.kind, place.said) == ("signal", name) and place.alive:
                place.happen(None)

    def _catcher(self, level: Level | None, event: str, code: str, origin: Place | None) -> Place | None:
        while level is not None:
            found = [each for each in level.places if each.kind == event and each.said in ("", code)]
            found = [each for each in found if self._hears(each, origin)]
            if found:
                return min(found, key=lambda each: (each.guard, each.said == ""))
            origin = level.host
            level = origin.level if origin is not None else None
        return None

    def _hears(self, each: Place, origin: Place | None) -> bool:
        if each.guard:
            return origin is None or origin.started_by is not each
        return each.host is origin and origin is not None

    # what watches

    def _watch(self, watcher: Watcher, level: Level, host: Place | None) -> None:
        kind = {"cycle": "timer"}.get(watcher.event, watcher.event)
        said = "" if kind in ("timer", "message") else watcher.said
        place = Place(level, watcher.id, kind, lambda value: self._happens(place), said=said, watcher=watcher,
                      guard=host is None, host=host)  # fmt: skip
        if kind == "timer":
            self._schedule(place, watcher)
        if host is not None:
            host.watchers.append(place)

    def _schedule(self, place: Place, watcher: Watcher) -> None:
        if watcher.event == "timer":
            place.due = self.now + span(watcher.said)
            return
        times, _, period = watcher.said.partition("/")
        place.slots = (self.now, span(period), 1, int(times[1:]) if times[1:] else None)
        place.due = self.now + span(period)

    def _happens(self, place: Place) -> None:
        watcher, level, host = place.watcher, place.level, place.host
        assert watcher is not None
        if place.fired and host is not None:
            level.visits[place.element] += 1
        place.fired = True
        if watcher.interrupting:
            self._interrupt(place, watcher)
            return
        level.tokens += 1
        if host is None:
            self._soon(level, lambda: self._handle(place))
        else:
            self._soon(level, lambda: self._run(watcher.body, level, lambda: self._consume(level)))
        self._next_slot(place)

    def _interrupt(self, place: Place, watcher: Watcher) -> None:
        level, host = place.level, place.host
        if host is None:
            level.clear()
            level.tokens = 1
            self._soon(level, lambda: self._handle(place))
        else:
            assert host.exit is not None
            after = host.exit
            host.cancel()
            self._soon(level, lambda: self._run(watcher.body, level, after))

    def _next_slot(self, place: Place) -> None:
        if place.slots is None:
            if place.kind == "timer":
                place.cancel()
            return
        anchor, period, index, last = place.slots
        index += 1
        while (last is None or index <= last) and anchor + index * period <= self.now:
            index += 1
        if last is not None and index > last:
            place.cancel()
        place.slots = (anchor, period, index, last)
        place.due = anchor + index * period

    def _handle(self, guard: Place) -> None:
        watcher, level = guard.watcher, guard.level
        assert watcher is not None
        handler = Place(level, f"{watcher.id}_handler", "inside", lambda value: None, started_by=guard)

        def done() -> None:
            handler.cancel()
            self._soon(level, lambda: self._consume(level))

        handler.inside = Level(handler.key, handler, done)
        inner = handler.inside
        self._run(watcher.body, inner, lambda: self._consume(inner))

    # blocks

    def _run(self, block: Block, level: Level, then: Then) -> None:
        if block.kind in ACTIVITIES:
            self._activity(block, level, then)
        elif block.kind in ("sequence", "xor", "and", "or", "first", "loop"):
            self._composed(block, level, then)
        else:
            self._leaf(block, level, then)

    def _activity(self, block: Block, level: Level, then: Then) -> None:
        place = self._repeated(block, level, then) if block.loop != "none" else self._single(block, level, then)
        place.exit = then
        for watcher in block.watchers:
            self._watch(watcher, level, place)

    def _single(self, block: Block, level: Level, then: Then) -> Place:
        if block.kind in WAITS:
            return self._wait(level, block.id, WAITS[block.kind], then)
        self.ran[block.id] += 1
        place = Place(level, block.id, "inside", lambda value: None)

        def done() -> None:
            place.cancel()
            self._soon(level, then)

        place.inside = Level(place.key, place, done)
        inner = place.inside
        self._soon(inner, lambda: self._begin(inner, block))
        return place

    def _repeated(self, block: Block, level: Level, then: Then) -> Place:
        place = Place(level, block.id, "inside", lambda value: None)
        place.inside = Level(place.key, place, lambda: None)
        rounds = Rounds(self, block, place, then)
        for _ in range(block.times if block.loop == "parallel" else min(block.times, 1)):
            rounds.begin()
        if not block.times:
            self._soon(place.inside, rounds.finish)
        return place

    def _leaf(self, block: Block, level: Level, then: Then) -> None:
        name = block.id
        match block.kind:
            case "catch message":
                self._wait(level, name, "message", then)
            case "catch timer":
                self._wait(level, name, "timer", then, due=self.now + span(block.said))
            case "throw message":
                self._wait(level, name, "task", then)
            case "milestone" | "link":
                then()
            case "signal pair":
                both = self._join(level, 2, then)
                self._wait(level, f"{name}_caught", "signal", both, said=f"pair_{name}")
                self._throw(level, f"{name}_before", "signal", f"pair_{name}", both)
            case "terminate":
                self._ask(level, f"{name}_asked", (name, 0), lambda out: self._terminate(level) if out else then())
            case "error":
                self._ask(level, f"{name}_asked", (name, 0),
                          lambda out: self._hand(level, "error", block.said) if out else then())  # fmt: skip
            case _:
                self._throw(level, f"{name}_before", block.kind.removeprefix("throw "), block.said, then)

    def _join(self, level: Level, count: int, then: Then) -> Then:
        level.tokens += count - 1
        left = count

        def arrive() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                level.tokens -= count - 1
                then()

        return arrive

    def _composed(self, block: Block, level: Level, then: Then) -> None:
        parts = block.parts
        match block.kind:
            case "sequence":
                self._sequence(list(parts), level, then)
            case "and":
                self._fork(parts, level, then)
            case "first":
                self._first(parts, level, then)
            case "loop":
                self._round(block, level, then)
            case "xor" if block.style == "asked":
                self._ask(level, f"{block.id}_asked", (block.id, len(parts)),
                          lambda way: self._run(parts[way], level, then))  # fmt: skip
            case "xor":
                self._run(parts[block.times], level, then)
            case _ if block.style == "asked":
                self._ask(level, f"{block.id}_asked", (block.id, -len(parts)),
                          lambda ways: self._fork(self._taken(parts, ways), level, then))  # fmt: skip
            case _:
                self._fork(self._taken(parts, block.taken), level, then)

    def _round(self, block: Block, level: Level, then: Then) -> None:
        def decided(again: bool) -> None:
            if again:
                self._round(block, level, then)
            else:
                then()

        asked = f"{block.id}_asked"
        self._run(block.parts[0], level, lambda: self._ask(level, asked, (block.id, 0), decided))

    def _taken(self, parts: tuple[Block, ...], ways: Any) -> tuple[Block, ...]:
        chosen = tuple(part for part, way in zip(parts[:-1], ways, strict=False) if way)
        return chosen or parts[-1:]

    def _sequence(self, parts: list[Block], level: Level, then: Then) -> None:
        first, *rest = parts
        self._run(first, level, (lambda: self._sequence(rest, level, then)) if rest else then)

    def _fork(self, parts: tuple[Block, ...], level: Level, then: Then) -> None:
        joined = self._join(level, len(parts), then)
        for part in parts:
            self._run(part, level, joined)

    def _first(self, branches: tuple[Block, ...], level: Level, then: Then) -> None:
        gate = Place(level, "gate", "first", lambda value: None)
        for branch in branches:
            kind = {"receive": "message"}.get(branch.style, branch.style)
            due = self.now + span("PT3H") if kind == "timer" else None
            place = Place(level, branch.id, kind, lambda value, branch=branch: self._chosen(gate, branch, then),
                          said=branch.said, due=due)  # fmt: skip
            gate.watchers.append(place)

    def _chosen(self, gate: Place, branch: Block, then: Then) -> None:
        gate.cancel()
        self._soon(gate.level, lambda: self._run(branch.parts[0], gate.level, then))


@dataclass
class Rounds:
    """The instances of a repeated activity: how many have begun, how many are done, and with which results."""

    oracle: Oracle
    block: Block
    place: Place
    then: Then
    begun: int = 0
    done: int = 0

    def __post_init__(self) -> None:
        self.collects = self.block.loop != "standard" and self.block.style == "items"
        self.results: list[int | None] = [None] * self.block.times

    def begin(self) -> None:
        """Open the next instance."""
        self.begun += 1
        number = self.begun
        assert self.place.inside is not None
        self.oracle._single(self.block, self.place.inside, lambda: self.after(number))

    def after(self, number: int) -> None:
        """An instance is done: its result is its item, which is ten times its number, and its number."""
        self.done += 1
        self.results[number - 1] = 11 * number
        if self.done in (self.block.times, self.block.until):
            self.finish()
        elif self.block.loop != "parallel":
            self.begin()

    def finish(self) -> None:
        """Go on, with whatever is open cancelled."""
        self.place.cancel()
        if self.collects:
            self.oracle.results.append((f"{self.block.id}_results", tuple(self.results)))
        self.oracle._soon(self.place.level, self.then)


def span(text: str) -> timedelta:
    """Return the time a duration of whole days or hours means."""
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(\d+)H)?", text)
    assert found is not None, text
    return timedelta(days=int(found[1] or 0), hours=int(found[2] or 0))
