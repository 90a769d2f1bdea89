"""A hundred thousand timers wait while a stream of them falls due: how late they fire."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.adapters.db.bulk import analyze, bring_forward, count_rows, multiply, put_cases, put_open, waiting_timers
from engine.adapters.scheduler import Ticker
from engine.bench.crew import Ready, crew
from engine.bench.crowd import crowd, names
from engine.bench.figures import spread
from engine.bench.sample import play
from engine.bench.stage import piece, plan, stage
from engine.bootstrap import App, build
from engine.commands.bus import Bus
from engine.commands.messages import Command, FireTimer, Result
from engine.commands.worker import Worker
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.settings import Settings

SEEDS = 1000  # pending timers made one by one; the others are copies of them
BEFORE_SECONDS, AFTER_SECONDS = 1.0, 60.0  # before the first falls due; longest wait after the last
LOOK_SECONDS = 0.2
AWAY = timedelta(days=3650)
STREAM = "f" * 8  # what the ids of the cases of the stream begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerPart:
    """What one process knows: the timers (case id, key) that fall due one after the other, `rate` in a second."""

    settings: Settings
    number: int
    stream: tuple[tuple[str, str], ...]
    rate: float


@dataclass(slots=True)
class Fired:
    """When a process had fired which case's timer (seconds of the wall clock), and when the stream began."""

    at: dict[str, float] = field(default_factory=dict)
    begun: float = 0.0


class _NotingBus(Bus):
    """A bus that notes when a timer has fired and is committed."""

    fired: Fired

    def handle(self, command: Command, actor: Actor, key: str, known: Case | None = None) -> Result:
        result = super().handle(command, actor, key, known)
        if isinstance(command, FireTimer):
            self.fired.at[command.lease.case_id] = time.time()
        return result


def bench_timers(settings: Settings, url: str, *, timers: int, due: int, rate: float, workers: int) -> dict[str, Any]:
    """Lateness from the instant a timer is due to the commit of its step, with `timers` pending."""
    with stage(settings, url) as app:
        case = _waiting(app)
        stream = _fill(app, case, timers, due)
        pending = count_rows(app.store, "timer")
        parts = [TimerPart(settings=app.settings, number=n, stream=tuple(stream), rate=rate) for n in range(workers)]
        done = crew(work, parts)
    begun = next(found.begun for found in done.found if found.begun)
    at = {case_id: instant for found in done.found for case_id, instant in found.at.items()}
    last = max(at.values(), default=begun)
    late = [at[case_id] - (begun + n / rate) for n, (case_id, _) in enumerate(stream) if case_id in at]
    return {
        "bench": "timers",
        "database": url.partition(":")[0],
        "pending": pending,
        "workers": workers,
        "fell_due": due,
        "per_second": rate,
        "fired": len(late),
        "fired_twice": sum(len(found.at) for found in done.found) - len(at),
        "lateness": spread(late),
        "fired_per_second": round(len(late) / (last - begun), 1) if last > begun else 0.0,
        "latest_ms": round(max(late, default=0.0) * 1000, 3),
    }


def _waiting(app: App) -> Case:
    """A case with timers open."""
    catalog = app.settings.catalog
    sample = play(app, piece(catalog, "timer_scenario"), steps=int(plan(catalog)["timer_steps"]))
    assert sample.case is not None
    assert sample.case.timers
    return sample.case


def _fill(app: App, case: Case, timers: int, due: int) -> list[tuple[str, str]]:
    """`timers` rows of cases that are not looked at, and `due` whole cases; (case id, key) of these."""
    now, people = app.clock.now(), names(plan(app.settings.catalog))
    first = min(case.timers.values(), key=lambda timer: timer.due)
    seeds = min(SEEDS, timers)
    put_open(app.store, [_one_timer(each, first.key, n) for n, each in enumerate(_far(case, seeds, people, now))])
    if timers > seeds:
        multiply(app.store, "timer", timers // seeds - 1)
    copies = crowd(case, due, people=people, now=now)
    # a crowd has some of a procedure that is only counted; these are carried on
    whole = [replace(each, id=STREAM + each.id[8:], procedure=case.procedure) for each in copies]
    put_cases(app.store, whole)
    analyze(app.store)
    return [(each.id, first.key) for each in whole]


def _far(case: Case, count: int, people: Sequence[str], now: datetime) -> list[Case]:
    return crowd(replace(case, tasks={}, subscriptions={}, jobs={}), count, people=people, now=now)


def _one_timer(case: Case, key: str, number: int) -> Case:
    """The case with one timer, due in a far year."""
    timer = replace(case.timers[key], due=case.timers[key].due + AWAY + timedelta(minutes=number))
    return replace(case, timers={key: timer})


def work(part: TimerPart, ready: Ready) -> Fired:
    """A worker process as `motcua worker` is one, until the whole stream has fired."""
    app = build(part.settings, migrate=False)
    fired = Fired()
    bus = _NotingBus(app.ports)
    bus.fired = fired
    ticker = Ticker(Worker(app.ports, bus, f"bench/{part.number}").run_due, app.store.soonest)
    for procedure in app.catalog.current_all(app.clock.now().date()):
        app.diagrams.library(procedure)
    ready()
    if part.number == 0:
        fired.begun = _begin(app, part)
    ticker.start()
    end = time.time() + BEFORE_SECONDS + len(part.stream) / part.rate + AFTER_SECONDS
    while time.time() < end and waiting_timers(app.store, STREAM):
        time.sleep(LOOK_SECONDS)
    ticker.stop()
    app.store.close()
    return fired


def _begin(app: App, part: TimerPart) -> float:
    """Let the stream fall due from a second from now on; the instant of the first."""
    begun = time.time() + BEFORE_SECONDS + len(part.stream) / 1000
    instants = [datetime.fromtimestamp(begun + n / part.rate, UTC) for n in range(len(part.stream))]
    bring_forward(app.store, app.settings.unit, [(*place, at) for place, at in zip(part.stream, instants, strict=True)])
    return begun
