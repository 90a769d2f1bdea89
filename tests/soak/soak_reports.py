"""A whole made-up quarter on both databases: both reports equal to a second count from raw events; how long it takes.

Run: python -m tests.soak.soak_reports [--count 5000] [--seed N]; the status tells whether a number differed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from engine.adapters.db import open_store, upgrade
from engine.domain import report_ii06a
from tests.support.counted import Counted
from tests.support.postgres import cluster, fresh_database
from tests.support.quarter import UNIT
from tests.support.second_count import PERIODS, check_all, made, table_of


def run(url: str, count: int, seed: int) -> str:
    """Make, count and compare; a line of figures."""
    upgrade(url)
    store = open_store(url)
    try:
        begun = time.monotonic()
        house = made(store, count, seed)
        written = time.monotonic() - begun
        check_all(house, PERIODS)
        return f"{store.engine.dialect.name}: {count} cases made and counted in {written:.0f} s; {_figures(house)}"
    finally:
        store.close()


def _figures(house: Counted) -> str:
    """What the quarter shows, and how long each report takes."""
    span = house.queries.period(PERIODS[0], UNIT)
    begun = time.perf_counter()
    draft = house.queries.ii06a(UNIT, span)
    between = time.perf_counter()
    score = house.queries.score(UNIT, span)
    ended = time.perf_counter()
    total = dict(zip(report_ii06a.COLUMNS, table_of(draft)[""], strict=True))
    numbers = " ".join(f"({column})={number}" for column, number in total.items())
    shares = " ".join(f"{one.id}={one.hits}/{one.total}" for one in score.items if one.total)
    return (
        f"equal over {len(PERIODS)} periods\n  II.06a {span.id} in {between - begun:.2f} s: {numbers}\n"
        f"  766 in {ended - between:.2f} s: {score.points} of {score.counted} points; {shares}"
    )


def main() -> None:
    """Both databases with the same seed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=5000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = options.parse_args()
    print(f"reports: seed {chosen.seed}", flush=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            print(run(f"sqlite:///{Path(folder) / 'quarter.db'}", chosen.count, chosen.seed), flush=True)
        with cluster() as url:
            print(run(fresh_database(url, "quarter"), chosen.count, chosen.seed), flush=True)
    except AssertionError as difference:
        print(f"reports: seed {chosen.seed}: {difference}"[:4000])
        sys.exit(1)


if __name__ == "__main__":
    main()
