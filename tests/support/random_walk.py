"""Plays a random process against its oracle: whoever moves next is drawn, and after every move both must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest
from hypothesis import note
from hypothesis import strategies as st

from bpmn.errors import StepError
from bpmn.lint import LintContext, lint
from bpmn.model import Element, ProcessDefinition, TimerWait
from bpmn.parse import parse
from bpmn.runner import problems
from tests.support.forgetful import NOW, Forgetful
from tests.support.random_blocks import CODES, SIGNALS, Block
from tests.support.random_diagram import files, shown
from tests.support.random_oracle import Oracle, Place

FREE, MOST = 25, 400  # moves of any kind, then moves that only lead to the end
PROCESS = "random"
HOUR = timedelta(hours=1)


class Stage(Protocol):
    """What runs the process: the bare runner, or the engine in a house."""

    now: datetime
    definitions: Mapping[str, ProcessDefinition]

    def open(self) -> Mapping[str, datetime | None]:
        """The open waits by key, with the instant of those that are timers."""

    def ended(self) -> bool:
        """Whether the process is over."""

    def visited(self) -> list[tuple[str, str]]:
        """(process, element) of everything the last move reached."""

    def results(self) -> list[tuple[str, tuple[Any, ...]]]:
        """What the last move wrote under names that end in _results."""

    def complete(self, place: Place, values: Mapping[str, Any]) -> str:
        """End a task; return the key that was ended."""

    def fire(self, place: Place, now: datetime) -> str:
        """Fire a timer."""

    def deliver(self, place: Place) -> str:
        """Deliver a message; another instance that waits for the same may get it."""

    def fail(self, place: Place, code: str, caught: bool) -> bool:
        """End a task with an error; False when this stage cannot."""

    def signal(self, name: str) -> bool:
        """Hand in a signal; False when this stage cannot."""


@dataclass
class Figures:
    """What was executed over all walks."""

    walks: int = 0
    moves: int = 0
    ended: int = 0
    cut: int = 0  # too long to be played to its end
    kinds: Counter[str] = field(default_factory=Counter)

    def count(self, stage: Stage) -> None:
        self.moves += 1
        for process_id, element_id in stage.visited():
            self.kinds[kind_of(stage.definitions[process_id].elements[element_id])] += 1


def kind_of(element: Element) -> str:
    """Say what an element is, in one line of a table."""
    event = f" ({element.event})" if element.event != "none" else ""
    beside = " beside" if element.kind == "boundaryEvent" and not element.interrupting else ""
    loop = f" × {element.loop}" if element.loop != "none" else ""
    return f"{element.kind}{event}{beside}{loop}{' triggered' if element.triggered else ''}"


def deployed(block: Block) -> dict[str, bytes]:
    """Return the diagrams of a block after lint and the compiler have agreed that they can run."""
    found = files(block, PROCESS)
    library = {name: parse(data) for name, data in found.items()}
    for name, data in found.items():
        rules = LintContext(process_ids=frozenset(found), form_ids=frozenset({"any"}), groups={"one_stop": "Một cửa"})
        wrong = [each for each in lint(data, name, rules) if each.severity == "error"]
        assert wrong == [], wrong
        assert problems(library[name], library) == ()
    return found


class RunnerStage:
    """The runner, forgetting everything but snapshot and variables between two moves."""

    def __init__(self, found: Mapping[str, bytes], every: int = 5) -> None:
        self.definitions = {name: parse(data) for name, data in found.items()}
        called = [each for name, each in self.definitions.items() if name != PROCESS]
        self.case = Forgetful(self.definitions[PROCESS], *called, variables={"case": {"code": "K"}}, every=every)
        self.now = NOW

    def open(self) -> Mapping[str, datetime | None]:
        return {key: wait.due if isinstance(wait, TimerWait) else None for key, wait in self.case.waits.items()}

    def ended(self) -> bool:
        return self.case.last.ended

    def visited(self) -> list[tuple[str, str]]:
        return [(visit.process_id, visit.element_id) for visit in self.case.last.path]

    def results(self) -> list[tuple[str, tuple[Any, ...]]]:
        return results_of(self.case.last.variables)

    def complete(self, place: Place, values: Mapping[str, Any]) -> str:
        self.case.act("complete", place.key, values)
        return place.key

    def fire(self, place: Place, now: datetime) -> str:
        self.now = now
        self.case.act("fire_timer", place.key, now=now)
        return place.key

    def deliver(self, place: Place) -> str:
        self.case.act("deliver_message", place.key, {})
        return place.key

    def fail(self, place: Place, code: str, caught: bool) -> bool:
        if caught:
            self.case.act("fail", place.key, code, {})
        else:
            with pytest.raises(StepError, match="caught nowhere"):
                self.case.act("fail", place.key, code, {})
        return caught

    def signal(self, name: str) -> bool:
        self.case.act("deliver_signal", name, {})
        return True


def results_of(changes: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the collected results that a step wrote outside of the loop that collects them."""
    found = []
    for change in changes:
        for name, value in change.values.items():
            own = change.scope.rpartition("/")[2].partition("#")[0]
            if name.endswith("_results") and f"{own}_results" != name and own != name.removesuffix("_results"):
                found.append((name, tuple(value)))
    return found


def walk(block: Block, stage: Stage, draw: Callable[[Any], Any], figures: Figures, *,
         after: Callable[[], None] = lambda: None) -> None:  # fmt: skip
    """Play a process to its end, or to where nothing more can come; AssertionError as soon as it goes another way."""
    note(shown(block))
    oracle = Oracle(block, stage.now)
    player = Player(oracle, stage, draw)
    player.agree("start")
    figures.count(stage)
    after()
    for number in range(MOST):
        told = player.move(free=number < FREE)
        if not told:
            break
        note(told)
        player.agree(told)
        figures.count(stage)
        after()
    else:  # handlers that call each other for ever, or crowds of instances: right at every move, but no end to wait for
        figures.walks += 1
        figures.cut += 1
        return
    figures.walks += 1  # here and not before: hypothesis gives some draws up
    figures.ended += oracle.ended
    assert oracle.ended or not [each for each in oracle.open().values() if each.watcher is None], "never ends"


@dataclass
class Player:
    """Draws who moves, tells the stage and the oracle, and compares them."""

    oracle: Oracle
    stage: Stage
    draw: Callable[[Any], Any]
    seen: int = 0

    def agree(self, told: str) -> None:
        """Both wait for the same things, at the same instants, and have collected the same results."""
        expected = {key: place.due for key, place in self.oracle.open().items()}
        assert dict(self.stage.open()) == expected, told
        assert self.stage.ended() == self.oracle.ended, told
        results, self.seen = self.oracle.results[self.seen :], len(self.oracle.results)
        found = self.stage.results()
        assert {name for name, _ in found} == {name for name, _ in results}, told
        for name, values in found:
            assert any(_alike(values, other) for each, other in results if each == name), told

    def move(self, *, free: bool) -> str:
        """Make one move and say which; "" when there is none."""
        places = sorted(self.oracle.open().values(), key=lambda each: each.key)
        if not free:
            places = [each for each in places if each.watcher is None] or self._signalled()
        if not places:
            return ""
        place = self.draw(st.sampled_from(places)) if free else places[0]
        if free and self.draw(st.integers(0, 15)) == 15:
            name = self.draw(st.sampled_from(SIGNALS))
            if self.stage.signal(name):
                self.oracle.signal(name)
                return f"signal {name}"
        if place.kind == "signal":
            return self._signal(place)
        return {"task": self._task, "timer": self._timer, "message": self._message}[place.kind](place, free)

    def _signalled(self) -> list[Place]:
        return [each for each in self.oracle.all() if each.kind == "signal" and each.watcher is None]

    def _signal(self, place: Place) -> str:
        if not self.stage.signal(place.said):
            return ""
        self.oracle.signal(place.said)
        return f"signal {place.said}"

    def _task(self, place: Place, free: bool) -> str:
        if free and self.draw(st.integers(0, 3)) == 3:
            code = self.draw(st.sampled_from(CODES))
            caught = self.oracle.catches(place, code)
            if self.stage.fail(place, code, caught):
                self.oracle.fail(place, code)
                return f"fail {place.key} {code}"
        value = self._decision(place.asks, free)
        values = {} if place.asks is None else {f"{place.asks[0]}_d": value}
        self.stage.complete(place, values)
        self.oracle.act(place, value, self.stage.now)
        return f"complete {place.key} {values}"

    def _decision(self, asks: tuple[str, int] | None, free: bool) -> Any:
        if asks is None:
            return None
        _, ways = asks
        if ways == 0:
            return free and self.draw(st.booleans())
        if ways > 0:
            return self.draw(st.integers(0, ways - 1))
        return [self.draw(st.booleans()) for _ in range(-ways)]

    def _timer(self, place: Place, free: bool) -> str:
        assert place.due is not None
        late = self.draw(st.sampled_from([0, 0, 0, 5, 30])) if free else 0
        now = max(self.stage.now, place.due) + late * HOUR
        self.stage.fire(place, now)
        self.oracle.act(place, None, now)
        return f"fire {place.key} at {now}"

    def _message(self, place: Place, free: bool) -> str:
        key = self.stage.deliver(place)
        self.oracle.act(self.oracle.open()[key], None, self.stage.now)
        return f"deliver {key}"


def _alike(found: tuple[Any, ...], expected: tuple[int | None, ...]) -> bool:
    """The same number of instances was done, each with its own result: which ones, their order may decide."""
    right = all(value in (None, 11 * (at + 1)) for at, value in enumerate(found))
    return right and len(found) == len(expected) and found.count(None) == expected.count(None)
