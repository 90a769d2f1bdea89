"""kill -9 at random moments: `python -m tests.soak.soak_kill --db postgres --rounds 300 --seed 1`.

One round kills one web process or worker, half of the time while a request is on its way, starts it again, and holds
history against what people were told up to then. The others go on meanwhile.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import replace

from tests.soak import proofs
from tests.soak.campaign import Stage, close, settle, stage
from tests.soak.installation import Program, Size

LEASE_SECONDS = 10.0  # shorter than in the field, so that the dead are missed for less of the campaign
SIZES = {"postgres": Size(web=3, workers=2, crews=12), "sqlite": Size(web=1, workers=0, crews=6)}
PAUSE_SECONDS = 1.0
ENOUGH, BREATH_SECONDS = 2, 10.0
AGAIN_SHARE = 0.15
IN_FLIGHT_SECONDS = 3.0


def strike(program: Program, dice: random.Random) -> bool:
    """Wait for the moment: any, or a few milliseconds into a request; whether one was under way."""
    if program.kind == "worker" or dice.random() < 0.4:
        time.sleep(dice.random() * 0.5)
        return program.waiting > 0
    until = time.monotonic() + IN_FLIGHT_SECONDS
    while program.waiting == 0 and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(dice.random() * 0.04)
    return program.waiting > 0


def breathe(stage: Stage, dice: random.Random) -> None:
    """Between rounds something gets done, or a busy machine would only see starts; then a little while at random."""
    before, until = done(stage), time.monotonic() + BREATH_SECONDS
    while done(stage) < before + ENOUGH and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(dice.random() * PAUSE_SECONDS)


def done(stage: Stage) -> int:
    """How many requests that act were answered so far."""
    return sum(number for what, number in stage.ledger.counts.items() if what.endswith(" done"))


def one_round(stage: Stage, dice: random.Random) -> bool:
    """Kill, start again, check; whether the process died with a request in its hands."""
    program = dice.choice(stage.house.programs)
    hit = strike(program, dice)
    stage.house.kill(program)
    stage.house.launch(program)
    if dice.random() < AGAIN_SHARE:  # once more, while it is starting
        time.sleep(dice.random())
        stage.house.kill(program)
        stage.house.launch(program)
    stage.house.wait_for(program)
    for found in proofs.told(stage.house, [act for act in stage.ledger.acts() if act.outcome != "unknown"][-200:]):
        stage.ledger.find(found)
    return hit


def run(db: str, rounds: int, seed: int, size: Size) -> int:
    """The campaign; 0 when nothing was found."""
    begun, dice, hits = time.monotonic(), random.Random(seed), 0
    with stage(db, size, seed) as here:
        print(f"kill {db}: seed {seed}, {rounds} rounds, leases of {size.lease:.0f} s", flush=True)
        for number in range(1, rounds + 1):
            breathe(here, dice)
            hits += one_round(here, dice)
            if number % 25 == 0:
                print(f"  round {number}, {time.monotonic() - begun:.0f} s, {dict(here.ledger.counts)}", flush=True)
        settle(here)
        return close(f"kill {db}", here, begun, seed=seed, rounds=rounds, **{"killed in mid-request": hits})


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=sorted(SIZES), default="postgres")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--lease", type=float, default=LEASE_SECONDS)
    options = parser.parse_args()
    sys.exit(run(options.db, options.rounds, options.seed, replace(SIZES[options.db], lease=options.lease)))


if __name__ == "__main__":
    main()
