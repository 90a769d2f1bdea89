"""Our own diagrams on random ways: whoever moves next and every condition is drawn; none is ever stuck or breaks."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bpmn import dmn
from bpmn.model import ProcessDefinition, Step, TimerWait, Wait
from bpmn.parse import parse
from bpmn.runner import Call, Runner
from tests.support import seeds
from tests.support.calendars import CALENDAR
from tests.support.desk import ROOT

SEED = seeds.of_this_run()
WALKS, MORE, MOST = 100, 5_000, 2_000  # walks of a procedure, walks until every flow was reached, steps of one
MORNING = datetime(2022, 12, 19, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CASE = {"code": "K", "level": 4, "channel": "online", "delivery": "electronic", "applicant": {}}
CONDITION = re.compile(r'(<bpmn:sequenceFlow id="(\w+)"[^>]*>\s*<bpmn:conditionExpression[^>]*>)[^<]*')


REPEATED = re.compile(r'inputCollection="[^"]*"')


def forced(path: Any) -> ProcessDefinition:
    """Read a diagram whose conditions ask for nothing but what the walk has drawn for their flow; lists have two."""
    text = path.read_text("utf-8")
    changed, count = CONDITION.subn(r"\1=forced.\2", text)
    assert count == text.count("<bpmn:conditionExpression")
    return parse(REPEATED.sub('inputCollection="=[1, 2]"', changed).encode())


SHARED = {each.id: each for each in map(forced, sorted((ROOT / "catalog/_shared/processes").glob("*.bpmn")))}
OWN = {path.parent.name: forced(path) for path in sorted((ROOT / "catalog").glob("*/process.bpmn"))}


@dataclass
class Seen:
    """What all walks have seen: flows, and how often a wait of an element was ended; what is rare is drawn more."""

    flows: set[tuple[str, str]] = field(default_factory=set)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)


class Walk:
    """One case, moved at random; between two steps only its snapshot and its variables exist."""

    def __init__(self, runner: Runner, chance: random.Random, flows: list[str], seen: Seen) -> None:
        self.runner, self.chance, self.flows, self.seen = runner, chance, flows, seen
        self.now = MORNING
        self.scopes: dict[str, dict[str, Any]] = {"": {}}
        self.waits: dict[str, Wait] = {}
        self.take(runner.start(self.call()))

    def call(self) -> Call:
        known = {flow for _, flow in self.seen.flows}
        drawn = {flow: self.chance.random() < (0.35 if flow in known else 0.8) for flow in self.flows}
        context = {"case": {**CASE, "submitted_at": MORNING}, "application": {}, "forced": drawn}
        return Call(scopes=self.scopes, now=self.now, context=context, functions=CALENDAR.functions())

    def move(self) -> None:
        keys = sorted(self.waits)
        elements = [(self.waits[key].process_id, self.waits[key].element_id) for key in keys]
        # What stops a case is drawn seldom once it was seen, or no walk would come far.
        weights = [
            1 / (1 + self.seen.ended[each]) if hasattr(self.waits[key], "correlation") else 1
            for key, each in zip(keys, elements, strict=True)
        ]
        (at,) = self.chance.choices(range(len(keys)), weights)
        wait = self.waits[keys[at]]
        self.seen.ended[elements[at]] += 1
        snapshot, key = self.step.snapshot, wait.key
        if isinstance(wait, TimerWait):
            self.now = max(self.now, wait.due)
            self.take(self.runner.fire_timer(snapshot, key, self.call()))
        elif hasattr(wait, "correlation"):
            self.take(self.runner.deliver_message(snapshot, key, {}, self.call()))
        else:
            self.take(self.runner.complete(snapshot, key, {}, self.call()))

    def take(self, step: Step) -> None:
        self.step = step
        for key in step.closed:
            del self.waits[key]
        self.waits |= {wait.key: wait for wait in step.opened}
        for change in step.variables:
            self.scopes.setdefault(change.scope, {}).update(change.values)
            if change.dropped:
                del self.scopes[change.scope]
        self.seen.flows.update((visit.process_id, visit.flow_id) for visit in step.path if visit.flow_id)
        assert step.ended or self.waits, "stuck"
        assert self.runner.waits(step.snapshot) == tuple(sorted(self.waits))


def test_random_walks_end_are_never_stuck_and_reach_every_flow() -> None:
    print(f"SEED={SEED}")
    seen = Seen()
    for slug, definition in OWN.items():
        library = {**SHARED, definition.id: definition}
        tables = [dmn.parse(path.read_bytes()) for path in sorted((ROOT / "catalog" / slug).glob("*.dmn"))]
        runner = Runner(definition, library, dmn.by_decision(tables))
        flows = [flow for each in library.values() for flow in each.flows]
        own = {(definition.id, flow) for flow in definition.flows}
        for number in range(MORE):
            if number >= WALKS and own <= seen.flows:
                break
            walk = Walk(runner, random.Random(f"{SEED}/{slug}/{number}"), flows, seen)
            steps = 0
            while not walk.step.ended and steps < MOST:
                walk.move()
                steps += 1
            assert walk.step.ended, (slug, number, sorted(walk.waits))
    everything = {(each.id, flow) for each in (*SHARED.values(), *OWN.values()) for flow in each.flows}
    assert sorted(everything - seen.flows) == []
