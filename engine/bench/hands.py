"""One worker process of the bench: it acts for the people of its cases and runs whatever jobs are due."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from engine.adapters.db.measure import StatementMeter
from engine.bench.crew import Ready
from engine.bench.sample import Act
from engine.bootstrap import build
from engine.commands.bus import Bus
from engine.commands.messages import Command, RecordPayment, Result
from engine.commands.worker import Worker
from engine.domain.actor import Actor
from engine.domain.case import Case, Job
from engine.domain.errors import TaskNotOpenError
from engine.ports import Ports
from engine.settings import Settings

OPEN = 8  # cases that a process has in hand at the same time
IDLE_SECONDS = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one process has to do: so many cases, each by the same acts."""

    settings: Settings
    number: int
    cases: int
    acts: tuple[Act, ...]


@dataclass(slots=True)
class Tally:
    """What one process did. Times of commands in seconds by kind, statements likewise; outside: what jobs did there."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    all_statements: int = 0
    outside_seconds: float = 0.0
    cpu_seconds: float = 0.0
    ended: int = 0


class _TimedBus(Bus):
    """A bus that notes what every command took."""

    tally: Tally
    meter: StatementMeter

    def handle(self, command: Command, actor: Actor, key: str, known: Case | None = None) -> Result:
        kind, sent, begun = type(command).__name__, len(self.meter.sent), time.perf_counter()
        result = super().handle(command, actor, key, known)
        self.tally.seconds[kind].append(time.perf_counter() - begun)
        self.tally.statements[kind].append(len(self.meter.sent) - sent)
        return result


class _TimedWorker(Worker):
    """A worker that notes how long jobs were busy outside."""

    tally: Tally

    def _perform(self, case: Case, job: Job) -> dict[str, object]:
        begun = time.perf_counter()
        try:
            return super()._perform(case, job)
        finally:
            self.tally.outside_seconds += time.perf_counter() - begun


def work(part: Part, ready: Ready) -> Tally:
    """Play the part's cases to their ends."""
    app = build(part.settings, migrate=False)
    for procedure in app.catalog.current_all(app.clock.now().date()):
        app.diagrams.library(procedure)  # a process that has been up for a while has compiled what it runs
    tally, meter = Tally(), StatementMeter(app.store)
    bus = _TimedBus(app.ports)
    worker = _TimedWorker(app.ports, bus, f"bench/{part.number}")
    bus.tally = worker.tally = tally
    bus.meter = meter
    ready()
    meter.sent.clear()
    begun = time.process_time()
    _play(app.ports, bus, worker, part)
    tally.cpu_seconds = time.process_time() - begun
    tally.all_statements = len(meter.sent)
    app.store.close()
    return tally


def _play(ports: Ports, bus: _TimedBus, worker: Worker, part: Part) -> None:
    waiting: Iterator[int] = iter(range(part.cases))
    at_hand: dict[str, int] = {}  # case id -> acts done
    while True:
        while len(at_hand) < OPEN and (number := next(waiting, None)) is not None:
            at_hand[_file(bus, part, number)] = 1
        if not at_hand:
            return
        done = worker.drain()
        done += sum([_go_on(ports, bus, part, at_hand, case_id) for case_id in list(at_hand)])
        if not done:  # the other processes have what everybody waits for
            time.sleep(IDLE_SECONDS)


def _go_on(ports: Ports, bus: _TimedBus, part: Part, at_hand: dict[str, int], case_id: str) -> bool:
    """Do what comes next in a case, or let go of one that has ended; False while it is with the machines."""
    number = at_hand[case_id]
    if number < len(part.acts):
        at_hand[case_id] += (did := _act(ports, bus, part.acts[number], case_id, number))
        return did
    case = ports.store.case(None, case_id)
    if case is None or not case.ended:
        return False
    bus.tally.ended += 1
    del at_hand[case_id]
    return True


def _file(bus: _TimedBus, part: Part, number: int) -> str:
    act = part.acts[0]
    return cast(str, bus.handle(act.command, act.actor, f"bench/{part.number}/{number}").case_id)


def _act(ports: Ports, bus: _TimedBus, act: Act, case_id: str, number: int) -> bool:
    """Do the next thing people do in a case; False where it is not its turn yet."""
    command = _for(ports, act.command, case_id)
    if command is None:
        return False
    try:
        bus.handle(command, act.actor, f"{case_id}/{number}")
    except TaskNotOpenError:
        return False
    return True


def _for(ports: Ports, command: Command, case_id: str) -> Command | None:
    """The same command for another case; None for a payment that nothing was ordered for yet."""
    if not isinstance(command, RecordPayment):
        changed: Any = replace(command, case_id=case_id)  # type: ignore[call-arg]  # claims and completions name a case
        return cast(Command, changed)
    case = ports.store.case(None, case_id)
    order: Any = next((p["order"] for p in case.payments if not p["paid"]), None) if case else None
    return replace(command, order=order, case_code=case.code) if case and order else None
