"""What a step costs the engine alone, without a database: the state read, the process moved, the state written."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from engine.bench.figures import mean
from engine.bootstrap import App
from engine.domain.appliers import apply
from engine.domain.case import Case
from engine.domain.case_text import case_from, case_text
from engine.domain.context import case_context
from engine.domain.events import ProcessAdvanced
from engine.domain.process import Call
from engine.replay import take_step

ROUNDS = 25


def step_cost(app: App, case_id: str) -> dict[str, float]:
    """CPU milliseconds, means over all steps of the case's history: load, step (with its snapshot), save."""
    case: Case | None = None
    found: dict[str, list[float]] = {"load_ms": [], "step_ms": [], "save_ms": []}
    for link in app.store.events(case_id):
        if isinstance(link.event, ProcessAdvanced) and case is not None:
            text, event = case_text(case), link.event
            before = case_from(text)
            after = apply(before, event, link.at, link.hash)
            found["load_ms"].append(_cost(partial(case_from, text)))
            found["step_ms"].append(_cost(_step(app, before, event, link.at)))
            save = partial(case_text, after, before)
            found["save_ms"].append(_cost(save))
        case = apply(case, link.event, link.at, link.hash)
    means = {name: mean(values) for name, values in found.items()}
    return {name: round(value, 4) for name, value in {**means, "all_ms": sum(means.values())}.items()}


def _step(app: App, case: Case, event: ProcessAdvanced, now: Any) -> Callable[[], Any]:
    procedure = app.catalog.procedure(case.procedure, case.procedure_version)
    call = Call(scopes=case.scopes, now=now, context=case_context(case), functions=app.ports.functions(case.unit))
    return lambda: take_step(app.ports, procedure, case.snapshot, event.trigger, call)


def _cost(work: Callable[[], Any]) -> float:
    found = []
    for _ in range(ROUNDS):
        begun = time.thread_time_ns()
        work()
        found.append(time.thread_time_ns() - begun)
    return median(found) / 1e6
