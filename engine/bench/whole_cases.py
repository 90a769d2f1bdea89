"""Whole cases, end to end, by several processes; then the same rows by the bare driver."""

from __future__ import annotations

from typing import Any

from engine.adapters.db.measure import event_count, remove_unit, state_bytes, table_bytes
from engine.bench import ceiling
from engine.bench.crew import Done, crew
from engine.bench.figures import mean, percentile, shares, spread
from engine.bench.hands import Part, Tally, work
from engine.bench.sample import Sample, play
from engine.bench.stage import piece, stage
from engine.bench.step_cost import step_cost
from engine.bootstrap import App
from engine.domain.events import JobCompleted
from engine.settings import Settings

PEOPLE, MACHINES = "CompleteTask", "CompleteJob"
MEANING = (
    "user tasks completed (CompleteTask) + jobs completed (job:completed in the histories, those done in the commit of "
    "another command included), over the seconds in which the processes did all of the cases"
)


def bench_engine(settings: Settings, url: str, *, cases: int, workers: int) -> dict[str, Any]:
    """The figures of docs/decisions/0010; CrewError, DatabaseInUseError."""
    with stage(settings, url) as app:
        sample = play(app, piece(settings.catalog))
        assert sample.case is not None
        alone = step_cost(app, sample.case.id)
        before, jobs = table_bytes(app.store), event_count(app.store, JobCompleted.tag)
        parts = [
            Part(settings=app.settings, number=n, cases=share, acts=tuple(sample.acts))
            for n, share in enumerate(shares(cases, workers))
        ]
        done = crew(work, parts)
        after, jobs = table_bytes(app.store), event_count(app.store, JobCompleted.tag) - jobs
        bare = crew(ceiling.write, ceiling.parts(sample, url, shares(cases, workers)))
        kept = _kept(app, before, after, cases)
        remove_unit(app.store, ceiling.UNIT)
    return {
        "bench": "engine",
        "database": url.partition(":")[0],
        "cases": cases,
        "workers": workers,
        **_rates(done, cases, jobs),
        "sql_statements": _statements(done.found, jobs),
        "bytes_per_case": kept,
        "engine_alone_cpu": alone,
        "ceiling": _ceiling(sample, len(_all(done.found, PEOPLE)) + jobs, done, bare),
    }


def _all(found: list[Tally], *kinds: str) -> list[float]:
    return [value for tally in found for kind in kinds for value in tally.seconds[kind]]


def _rates(done: Done[Tally], cases: int, jobs: int) -> dict[str, Any]:
    people, machines = _all(done.found, PEOPLE), _all(done.found, MACHINES)
    completions = len(people) + jobs
    commands = sum(len(values) for tally in done.found for values in tally.seconds.values())
    return {
        "cases_ended": sum(tally.ended for tally in done.found),
        "seconds": round(done.seconds, 3),
        "completions": completions,
        "user_tasks": len(people),
        "jobs": jobs,
        "jobs_of_their_own_commit": len(machines),
        "commands": commands,
        "completions_per_s": round(completions / done.seconds, 1),
        "completions_per_s_is": MEANING,
        "completions_per_s_less_outside": round(_rate_less_outside(done, completions), 1),
        "user_tasks_per_s": round(len(people) / done.seconds, 1),
        "jobs_per_s": round(jobs / done.seconds, 1),
        "commands_per_s": round(commands / done.seconds, 1),
        "completion": spread(people + machines),
        "user_task": spread(people),
        "job": spread(machines),
        "worker_cpu_ms_per_completion": round(sum(t.cpu_seconds for t in done.found) / completions * 1000, 3),
        "outside_ms_per_case": round(sum(t.outside_seconds for t in done.found) / cases * 1000, 3),
    }


def _rate_less_outside(done: Done[Tally], completions: int) -> float:
    """Completions in a second had the own work of jobs taken no time: documents, signatures, files, numbers drawn."""
    outside = sum(tally.outside_seconds for tally in done.found) / len(done.found)
    return completions / max(done.seconds - outside, 0.001)


def _statements(found: list[Tally], jobs: int) -> dict[str, Any]:
    counts: dict[str, list[float]] = {}
    for tally in found:
        for kind, values in tally.statements.items():
            counts.setdefault(kind, []).extend(values)
    both = counts.get(PEOPLE, []) + counts.get(MACHINES, [])
    completions = max(1, len(counts.get(PEOPLE, [])) + jobs)
    return {
        "per_completion": round(sum(both) / completions, 2),
        "most_for_a_completion": int(percentile(both, 1.0)),
        "per_completion_with_all_around_it": round(sum(t.all_statements for t in found) / completions, 2),
        **{kind: round(mean(values), 2) for kind, values in sorted(counts.items())},
    }


def _kept(app: App, before: dict[str, int], after: dict[str, int], cases: int) -> dict[str, Any]:
    grown = {name: (after[name] - before[name]) / cases for name in after}
    return {
        "events": round(grown["event"]),
        "all_rows": round(sum(grown.values())),
        "state_text": round(state_bytes(app.store)),
    }


def _ceiling(sample: Sample, completions: int, done: Done[Tally], bare: Done[int]) -> dict[str, Any]:
    return {
        "commits_per_case": len(sample.commits),
        "seconds": round(bare.seconds, 3),
        "commits_per_s": round(sum(bare.found) / bare.seconds, 1),
        "completions_per_s": round(completions / bare.seconds, 1),
        "share_of_it": round(bare.seconds / done.seconds, 3),
    }
