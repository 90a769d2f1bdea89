"""The commands `motcua bench …`: each needs an empty database of its own and prints figures."""

from __future__ import annotations

import json
from typing import Any

import click

from engine.bench.figures import lines
from engine.bench.queue_bench import bench_inbox, side_by_side
from engine.bench.timer_bench import bench_timers
from engine.bench.whole_cases import bench_engine
from engine.settings import Settings
from web.bench_pages import open_queue

DATABASE = click.option("--db", "url", required=True, help="An empty database of the bench's own.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print a list of plain objects.")
WORKERS = click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))


@click.group()
def bench() -> None:
    """Measure the engine on an empty database."""


def say(figures: dict[str, Any], as_json: bool) -> None:
    """Figures as one JSON list, or a line each."""
    click.echo(json.dumps([figures], ensure_ascii=False, indent=1) if as_json else "\n".join(lines(figures)))


class Numbers(click.ParamType):  # type: ignore[type-arg]  # generic in the stubs of some releases alone
    """Whole numbers from 1 on, with commas between them."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The numbers as a list."""
        parts = str(value).split(",")
        if not all(part.strip().isdecimal() and 0 < int(part) <= MOST_TASKS for part in parts):
            self.fail(f"{value!r} is not a list of numbers from 1 to {MOST_TASKS}", param, ctx)
        return [int(part) for part in parts]


MOST_TASKS = 100_000_000


@bench.command("engine")
@DATABASE
@click.option("--cases", default=200, show_default=True, type=click.IntRange(1, 1_000_000))
@WORKERS
@AS_JSON
def engine(url: str, cases: int, workers: int, as_json: bool) -> None:
    """Whole cases end to end, and the same rows written by the bare driver."""
    say(bench_engine(Settings.from_env(), url, cases=cases, workers=workers), as_json)


@bench.command("inbox")
@DATABASE
@click.option(
    "--tasks", default="1000000", show_default=True, type=Numbers(), help="Open tasks; more numbers, a table."
)
@click.option("--rounds", default=40, show_default=True, type=click.IntRange(1, 10_000), help="Looks of each kind.")
@AS_JSON
def inbox(url: str, tasks: list[int], rounds: int, as_json: bool) -> None:
    """One look into a queue with very many open tasks: the query, and the whole page."""
    found = bench_inbox(Settings.from_env(), url, open_queue, tasks=tasks, rounds=rounds)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif len(found) == 1:
        say(found[0], as_json)
    else:
        click.echo("\n".join(side_by_side(found)))


@bench.command("timers")
@DATABASE
@click.option("--timers", default=100_000, show_default=True, type=click.IntRange(1, 100_000_000))
@click.option("--due", default=600, show_default=True, type=click.IntRange(1, 1_000_000), help="So many fall due.")
@click.option("--rate", default=20.0, show_default=True, type=click.FloatRange(0.1, 10_000), help="In a second.")
@WORKERS
@AS_JSON
def timers(url: str, *, timers: int, due: int, rate: float, workers: int, as_json: bool) -> None:
    """How late timers fire while very many wait."""
    say(bench_timers(Settings.from_env(), url, timers=timers, due=due, rate=rate, workers=workers), as_json)
