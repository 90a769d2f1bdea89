"""Feeds made-up expressions to FEEL and looks for hangs, escapes, bursts of memory and stray Python errors.

    python -m tests.soak.soak_feel --count 10000 --seed 7

Prints the seed and what became of them; exits with 1 and the expressions when anything was found.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence

from tests.support.feel_grammar import VARIABLES, expression
from tests.support.feel_prison import Outcome, Task, run

BATCH = 2_500  # expressions of one process


def tasks(count: int, seed: int) -> list[Task]:
    """Return the same expressions for the same seed; one in five is a cell of a decision table."""
    source = random.Random(seed)
    return [Task(expression(source), VARIABLES, unary=source.random() < 0.2) for _ in range(count)]


def campaign(count: int, seed: int) -> list[tuple[Task, Outcome]]:
    """Return every expression with its outcome."""
    made = tasks(count, seed)
    batches = [made[start : start + BATCH] for start in range(0, count, BATCH)]
    return [pair for batch in batches for pair in zip(batch, run(batch), strict=True)]


def findings(pairs: Sequence[tuple[Task, Outcome]]) -> list[str]:
    """Return one line for each outcome that may never be."""
    return [f"{outcome.kind}: {outcome.detail}\n    {task.text!r}" for task, outcome in pairs if outcome.is_finding]


def main() -> int:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(description="fuzz FEEL")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    wanted = parser.parse_args()
    print(f"{wanted.count} expressions, seed {wanted.seed}", flush=True)
    pairs = campaign(wanted.count, wanted.seed)
    print(", ".join(f"{number} {kind}" for kind, number in Counter(o.kind for _, o in pairs).most_common()))
    found = findings(pairs)
    print(*found, f"{len(found)} findings", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
