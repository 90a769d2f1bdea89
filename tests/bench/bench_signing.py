"""Prints what signing and checking cost: ms of the clock and of the processor, time-stamps included, and bytes.

Run: python -m tests.bench.bench_signing [ROUNDS]. The time-stamper answers in this process: its work counts too.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from engine.adapters.signing.checking import PadesChecker
from tests.support.signing import AGENCY, LEADER, altered_page, office, paper

ROUNDS = 15


def timed(rounds: int, act: Callable[[], object]) -> tuple[float, float]:
    """Medians of so many calls in ms, by the clock and of the processor; the first, which opens keys, is left out."""
    act()
    clock, processor = [], []
    for _ in range(rounds):
        begun, worked = time.perf_counter(), time.process_time()
        act()
        clock.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return statistics.median(clock), statistics.median(processor)


def main(rounds: int) -> None:
    """Print a line each."""
    with office() as room:
        leader = room.leader()
        sealed = room.signing.sign(leader, role="agency", signer=AGENCY, key="k").content
        doctored = altered_page(sealed)
        acts: dict[str, Callable[[], object]] = {
            "sign as leader": lambda: room.signing.sign(paper(), role="leader", signer=LEADER, key="k"),
            "seal on top": lambda: room.signing.sign(leader, role="agency", signer=AGENCY, key="k"),
            "check, two signatures": lambda: _afresh(room.checker, sealed),
            "check, altered page": lambda: _afresh(room.checker, doctored),
            "check once more": lambda: room.checker.check(sealed),
        }
        for name, act in acts.items():
            clock, processor = timed(rounds, act)
            print(f"{name:<22} {clock:8.1f} ms  (processor {processor:.1f})")
        print(f"{'bytes':<22} {len(paper())} unsigned, {len(leader)} signed, {len(sealed)} sealed")


def _afresh(checker: PadesChecker, content: bytes) -> None:
    """Check what is not remembered."""
    checker._seen.clear()
    checker.check(content)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
