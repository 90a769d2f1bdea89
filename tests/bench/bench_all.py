"""Runs every bench on a PostgreSQL of its own and prints one table of the figures that are aimed at.

Run: python -m tests.bench.bench_all [--fast] [--cases N] [--tasks N,N,N] [--timers N] [--only KIND]; --fast switches
fsync off.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from engine.bench.figures import lines
from engine.bench.queue_bench import side_by_side
from tests.support.postgres import FAST, SAFE, cluster, fresh_database

AIMS = (
    ("engine", "completions_per_s", ">= 400"),
    ("engine", "completion.p50_ms", ""),
    ("engine", "completion.p99_ms", ""),
    ("engine", "sql_statements.per_completion", "<= 6"),
    ("engine", "bytes_per_case.events", ""),
    ("engine", "bytes_per_case.all_rows", ""),
    ("engine", "engine_alone_cpu.all_ms", "<= 0.5"),
    ("engine", "ceiling.completions_per_s", ""),
    ("engine", "ceiling.share_of_it", ">= 0.5"),
    ("timers", "lateness.p50_ms", ""),
    ("timers", "lateness.p99_ms", "< 2000"),
    ("inbox", "query.first_page.p95_ms", "< 50"),
    ("inbox", "query.tenth_page.p95_ms", "< 50"),
    ("inbox", "query.one_group.p95_ms", "< 50"),
    ("inbox", "query.search_a_name.p95_ms", "< 50"),
    ("inbox", "page.first_page.p95_ms", "< 50"),
    ("inbox", "page.nobody_holds.p95_ms", "< 50"),
    ("inbox", "page.set_aside.p95_ms", "< 50"),
    ("inbox", "page.a_procedure.p95_ms", "< 50"),
    ("inbox", "nothing_new.p95_ms", ""),
)


def measured(kind: str, url: str, *options: str) -> dict[str, Any]:
    """The figures of one bench, run as a person runs it."""
    command = [sys.executable, "-m", "web.cli", "bench", kind, "--db", url, "--json", *options]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    if kind == "inbox" and len(found) > 1:
        print("\n".join(side_by_side(found)), end="\n\n")
    return dict(found[-1])


def at(figures: Any, path: str) -> Any:
    for name in path.split("."):
        figures = figures[name]
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fast", action="store_true")
    for name, number in (("cases", "200"), ("tasks", "10000,100000,1000000"), ("timers", "100000"), ("workers", "2")):
        options.add_argument(f"--{name}", default=number)
    options.add_argument("--only", choices=("engine", "timers", "inbox"))
    chosen = options.parse_args()
    own = {
        "engine": ("--cases", chosen.cases, "--workers", chosen.workers),
        "timers": ("--timers", chosen.timers, "--workers", chosen.workers),
        "inbox": ("--tasks", chosen.tasks),
    }
    with cluster(FAST if chosen.fast else SAFE) as url:
        found = {
            kind: measured(kind, fresh_database(url, f"bench_{kind}"), *more)
            for kind, more in own.items()
            if chosen.only in (None, kind)
        }
    for figures in found.values():
        print("\n".join(lines(figures)), end="\n\n")
    for kind, path, aim in (each for each in AIMS if each[0] in found):
        print(f"{kind:<8} {path:<36} {at(found[kind], path):>12,.3f}  {aim}")


if __name__ == "__main__":
    main()
