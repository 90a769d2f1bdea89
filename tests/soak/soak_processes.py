"""Plays many random processes, by the bare runner and through the engine, and prints what was executed.

    python -m tests.soak.soak_processes --count 300 --seed 20260131 [--db URL] [--level runner|engine|both]

Without a database the engine runs on a fresh SQLite file. A failure shrinks to its smallest process and stops.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from engine.adapters.db import upgrade
from tests.support.random_blocks import Block, processes
from tests.support.random_house import EngineStage, RandomHouse
from tests.support.random_walk import PROCESS, Figures, RunnerStage, deployed, walk

Play = Callable[[Block, st.DataObject], None]


def many(count: int, seed: int, play: Play) -> None:
    """Play so many processes; the first failure is shrunk and raised."""
    quiet = settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
    )

    @seeded(seed)
    @quiet
    @given(processes(), st.data())
    def each(block: Block, data: st.DataObject) -> None:
        play(block, data)

    each()


def by_runner(count: int, seed: int) -> Figures:
    """Play by the bare runner, which forgets all but its snapshot."""
    figures = Figures()
    many(count, seed, lambda block, data: walk(block, RunnerStage(deployed(block)), data.draw, figures))
    return figures


def by_engine(count: int, seed: int, url: str) -> Figures:
    """Play in a house: a procedure each, driven by commands, rebuilt after every step, replayed at the end."""
    figures = Figures()
    upgrade(url)
    with closing(RandomHouse(url)) as house:

        def play(block: Block, data: st.DataObject) -> None:
            stage = EngineStage(house, deployed(block), PROCESS)
            walk(block, stage, data.draw, figures)
            stage.prove()

        many(count, seed, play)
    return figures


def show(level: str, figures: Figures, seconds: float) -> None:
    """Print the figures of one level."""
    played = f"{figures.walks} processes, {figures.moves} steps, {figures.ended} ended, {figures.cut} cut off"
    print(f"{level}: {played}, {seconds:.0f} s")
    for kind, count in sorted(figures.kinds.items()):
        print(f"{count:8} {kind}")


def main() -> None:
    """Read the options and play."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--db", default="")
    parser.add_argument("--level", choices=("runner", "engine", "both"), default="both")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        url = options.db or f"sqlite:///{Path(folder) / 'random.db'}"
        for level in ("runner", "engine") if options.level == "both" else (options.level,):
            begun = time.monotonic()
            plays = by_runner(options.count, options.seed) if level == "runner" else None
            show(level, plays or by_engine(options.count, options.seed, url), time.monotonic() - begun)


if __name__ == "__main__":
    main()
