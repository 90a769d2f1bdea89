"""Prints what a step costs: load + step + save of a process with five tasks, and how it behaves as a case grows old.

Run: python -m tests.bench.bench_runner
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from bpmn.model import ProcessDefinition
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import boundary_timer, call, chain, define, end, flow, job, start, user, xor
from tests.support.forgetful import NOW

CALL = Call(scopes={"": {"accepted": True, "again": True}}, now=NOW)
TASKS = ("receive_case", "assess_fee", "review_case", "sign_result", "deliver_result")


def five_tasks() -> ProcessDefinition:
    return define(
        "five",
        start(),
        *(user(task) if task != "assess_fee" else job(task, "fee.assess") for task in TASKS),
        boundary_timer("overdue", "review_case", duration="P2D", interrupting=False),
        xor("accepted", default="accepted-refused"),
        end(),
        end("refused"),
        end("reminded"),
        *chain("start", *TASKS[:3], "accepted"),
        *chain(*TASKS[3:], "end"),
        *chain("overdue", "reminded"),
        flow("accepted", "sign_result", "=accepted"),
        flow("accepted", "refused"),
    )


def called() -> ProcessDefinition:
    return define(
        "outer", start(), call("run", "five", inputs={"x": "=accepted"}), end(), *chain("start", "run", "end")
    )


def loop() -> ProcessDefinition:
    return define("loop", start(), user("a"), xor("g", default="g-end"), end(), *chain("start", "a", "g", "end"),
                  flow("g", "a", "=again"))  # fmt: skip


def whole_case(runner: Runner, prefix: str) -> list[int]:
    """Complete the five tasks; return the size of each snapshot in bytes."""
    step = runner.start(CALL)
    sizes = [len(step.snapshot.encode())]
    for task in TASKS:
        step = runner.complete(step.snapshot, f"{prefix}{task}#1", {"done": True}, CALL)
        sizes.append(len(step.snapshot.encode()))
    return sizes


def micros(work: Callable[[], object], rounds: int = 400) -> float:
    """Return the median time of one call, in microseconds."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter_ns()
        work()
        found.append((time.perf_counter_ns() - begun) / 1000)
    return statistics.median(found)


def main() -> None:
    five = five_tasks()
    print(f"compile, 5 tasks: {micros(lambda: Runner(five), 50):.0f} us")
    for name, runner, prefix in (
        ("own process", Runner(five), ""),
        ("called process", Runner(called(), {"five": five}), "run#1/"),
    ):
        sizes = whole_case(runner, prefix)
        per_step = micros(lambda runner=runner, prefix=prefix: whole_case(runner, prefix)) / (len(TASKS) + 1)  # type: ignore[misc]  # bound on purpose
        print(f"{name}: {per_step:.0f} us per load + step + save; snapshots {min(sizes)} to {max(sizes)} bytes")
    aging(Runner(loop()))


def aging(runner: Runner) -> None:
    snapshot = runner.start(CALL).snapshot
    for number in range(1, 1001):
        taken, key = snapshot, f"a#{number}"
        snapshot = runner.complete(taken, key, {}, CALL).snapshot
        if number in (10, 100, 1000):
            cost = micros(lambda taken=taken, key=key: runner.complete(taken, key, {}, CALL))  # type: ignore[misc]  # bound
            print(f"loop, round {number}: {cost:.0f} us, {len(snapshot.encode())} bytes")


if __name__ == "__main__":
    main()
