"""The database goes away in mid-work: `python -m tests.soak.soak_cut --seconds 30 --seed 1`.

People and workers go on meanwhile. The wire to PostgreSQL is cut, goes dead, is reset and grows long, and the server
itself is stopped as by a crash; each time everybody is told so within seconds, and work goes on by itself afterwards.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import threading
import time
from collections.abc import Callable

from tests.soak.campaign import Stage, close, settle, stage
from tests.soak.installation import Program, Size

SIZE = Size(web=2, workers=2, crews=8)
LONGEST_ANSWER = 15.0
BACK_SECONDS = 60.0
KINDS = ("cut", "black hole", "reset", "latency", "crash")


def trouble(stage: Stage, kind: str) -> Callable[[], None]:
    """Begin it; calling what comes back ends it."""
    wire, server = stage.wire, stage.server
    assert wire is not None
    assert server is not None
    if kind == "crash":
        server.stop(signal.SIGQUIT)
        return server.start
    acts = {"cut": wire.cut, "black hole": wire.black_hole, "reset": wire.reset, "latency": lambda: wire.latency(0.05)}
    acts[kind]()
    return wire.mend


def watch(stage: Stage, kind: str, over: threading.Event, seen: list[int]) -> None:
    """Ask every web process how it is while the trouble lasts; nobody may have to wait for long, or hang up."""
    while not over.is_set():
        for program in stage.house.web:
            begun = time.monotonic()
            seen.append(stage.house.health(program, "/health/ready"))
            if (took := time.monotonic() - begun) > LONGEST_ANSWER:
                stage.ledger.find(f"{kind}: {program.name} answered after {took:.1f} s")
        over.wait(0.2)


def one_trouble(stage: Stage, kind: str, seconds: float) -> float:
    """Let it happen to people at work; how long it took until all was well again, in seconds."""
    over, seen = threading.Event(), []
    end = trouble(stage, kind)
    watcher = threading.Thread(target=watch, args=(stage, kind, over, seen))
    watcher.start()
    time.sleep(seconds)
    end()
    over.set()
    watcher.join()
    if not set(seen) <= {200, 503}:
        stage.ledger.find(f"{kind}: health answered {sorted(set(seen))}")
    if kind in ("cut", "black hole", "crash") and seconds > LONGEST_ANSWER and 503 not in seen:
        stage.ledger.find(f"{kind}: health never said that the database is away")
    return back(stage, kind)


def back(stage: Stage, kind: str) -> float:
    """How long until every web process is ready again, in seconds."""
    begun = time.monotonic()
    while time.monotonic() - begun < BACK_SECONDS:
        if all(stage.house.health(program, "/health/ready") == 200 for program in stage.house.web):
            return time.monotonic() - begun
        time.sleep(0.1)
    stage.ledger.find(f"{kind}: not ready after {BACK_SECONDS:.0f} s")
    return BACK_SECONDS


def survivors(stage: Stage, pids: dict[str, int]) -> None:
    """Nobody died of it."""

    def gone(program: Program) -> bool:
        return not program.alive or program.pid != pids[program.name]

    for program in filter(gone, stage.house.programs):
        stage.ledger.find(f"{program.name} died: {stage.house.last_words(program)}")


def run(seconds: float, seed: int, kinds: tuple[str, ...] = KINDS, *, size: Size = SIZE, between: float = 5.0) -> int:
    """The campaign; 0 when nothing was found."""
    begun, dice, took = time.monotonic(), random.Random(seed), {}
    with stage("postgres", size, seed) as here:
        print(f"cut: seed {seed}, {seconds:.0f} s each of {', '.join(kinds)}", flush=True)
        pids = {program.name: program.pid for program in here.house.programs}
        for kind in kinds:
            time.sleep(between * (0.5 + dice.random()))
            took[f"back after {kind}"] = f"{one_trouble(here, kind, seconds):.1f} s"
        time.sleep(between)
        survivors(here, pids)
        settle(here)
        if here.ledger.counts["timed out"]:
            here.ledger.find("somebody waited in vain for an answer")
        return close("cut", here, begun, seed=seed, seconds=seconds, **took)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    options = parser.parse_args()
    sys.exit(run(options.seconds, options.seed, tuple(options.kinds)))


if __name__ == "__main__":
    main()
