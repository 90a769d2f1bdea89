"""Every campaign in turn, with its full numbers or those of the environment: ROUNDS, SEED; `make soak`."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

MADE_UP = re.compile(r"seeds\.of_this_run|hypothesis")


def campaigns(rounds: int, seed: int) -> list[list[str]]:
    """The command lines; `rounds` are those of the longest campaign, the others keep their share of it."""
    share = rounds / 300
    few, many = max(1, round(100 * share)), max(1, round(500 * share))
    plans = [
        ["soak_kill", "--db", "postgres", "--rounds", str(rounds)],
        ["soak_kill", "--db", "sqlite", "--rounds", str(few)],
        ["soak_cut", "--seconds", str(max(2.0, 30 * min(1.0, share)))],
        ["soak_races", "--db", "postgres", "--times", str(many)],
        ["soak_races", "--db", "sqlite", "--times", str(few)],
        ["soak_feel", "--count", str(max(1, round(10_000 * share)))],
        ["soak_processes", "--count", str(rounds)],
        ["soak_numbers", "--db", "postgres", "--count", str(many)],
        ["soak_numbers", "--db", "sqlite", "--count", str(many)],
        ["soak_reports", "--count", str(max(100, round(5000 * share)))],
    ]
    there = [plan for plan in plans if importlib.util.find_spec(f"tests.soak.{plan[0]}")]
    drawn = [[sys.executable, "-m", f"tests.soak.{name}", *rest, "--seed", str(seed)] for name, *rest in there]
    return [[sys.executable, "-m", "pytest", "-q", "-s", *made_up_input()], *drawn]


def made_up_input() -> list[str]:
    """The tests that make their input up; in the suite they always make the same, here what the seed gives."""
    return [str(path) for path in sorted(Path("tests").rglob("test_*.py")) if MADE_UP.search(path.read_text())]


def main() -> None:
    """Run them all, whatever one of them finds; the status tells whether any found something."""
    rounds = int(os.environ.get("ROUNDS") or 300)
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    begun, bad = time.monotonic(), []
    for command in campaigns(rounds, seed):
        if subprocess.run(command, env=os.environ | {"SEED": str(seed)}).returncode:
            bad.append(" ".join(command[2:]))
    print(f"soak: seed {seed}, {time.monotonic() - begun:.0f} s, {len(bad)} campaigns with findings", *bad, sep="\n  ")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
