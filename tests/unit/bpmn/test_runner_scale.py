"""Old cases, long chains, many blocks and many threads: cost and size must not grow with what is over."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from bpmn.model import ProcessDefinition, Step
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    both,
    call,
    chain,
    define,
    end,
    flow,
    start,
    user,
    xor,
)
from tests.support.forgetful import NOW

ROW = 1_980  # elements in a row: with their flows close to what the reader lets pass
CALL = Call(scopes={"": {"again": True}}, now=NOW)


def supplement_loop() -> ProcessDefinition:
    return define(
        "loop", start(), xor("enter"), both("split"), user("a"), user("b"), both("join"),
        xor("again", default="again-end"), end(),
        *chain("start", "enter", "split", "a", "join", "again", "end"), *chain("split", "b", "join"),
        flow("again", "enter", "=again"),
    )  # fmt: skip


def round_of(runner: Runner, snapshot: str, number: int) -> Step:
    return runner.complete(runner.complete(snapshot, f"a#{number}", {}, CALL).snapshot, f"b#{number}", {}, CALL)


def cost(runner: Runner, snapshot: str, number: int) -> float:
    found = []
    for _ in range(15):
        begun = time.perf_counter()
        round_of(runner, snapshot, number)
        found.append(time.perf_counter() - begun)
    return min(found)


def test_the_thousandth_round_costs_what_the_tenth_does_and_takes_no_more_room() -> None:
    runner = Runner(supplement_loop())
    snapshot = runner.start(CALL).snapshot
    kept: dict[int, str] = {}
    for number in range(1, 1001):
        if number in (10, 1000):
            kept[number] = snapshot
        snapshot = round_of(runner, snapshot, number).snapshot
    assert runner.waits(snapshot) == ("a#1001", "b#1001")
    assert len(kept[1000]) - len(kept[10]) <= 2 * 9, "only the numbers get longer"
    # Interleaved minima, so that another process on the machine cannot decide the outcome.
    ratios = [cost(runner, kept[1000], 1000) / cost(runner, kept[10], 10) for _ in range(5)]
    assert statistics.median(ratios) < 1.5, ratios


def test_almost_two_thousand_elements_in_a_row_are_compiled_and_run() -> None:
    passing = [f"g{number}" for number in range(ROW)]
    diagram = define(
        "long", start(), *(xor(each) for each in passing), user("last"), end(), *chain("start", *passing, "last", "end")
    )
    runner = Runner(diagram)
    step = runner.start(CALL)
    assert [wait.key for wait in step.opened] == ["last#1"]
    assert len(step.path) == ROW + 2
    assert runner.complete(step.snapshot, "last#1", {}, CALL).ended


def test_almost_two_thousand_tasks_in_a_row_are_compiled_and_begun() -> None:
    tasks = [f"t{number}" for number in range(ROW)]
    runner = Runner(define("long", start(), *(user(each) for each in tasks), *chain("start", *tasks)))
    snapshot = runner.start(CALL).snapshot
    for each in tasks[:20]:
        snapshot = runner.complete(snapshot, f"{each}#1", {}, CALL).snapshot
    assert runner.waits(snapshot) == ("t20#1",)


def test_twenty_parallel_blocks_in_a_row_take_no_more_than_their_elements() -> None:
    parts, ends = [start(), end()], ["start"]
    for number in range(20):
        split, join, left, right = (f"{name}{number}" for name in ("split", "join", "left", "right"))
        parts += [both(split), both(join), user(left), user(right)]
        parts += [*chain(ends[-1], split, left, join), *chain(split, right, join)]
        ends.append(join)
    runner = Runner(define("blocks", *parts, flow(ends[-1], "end")))
    step = runner.start(CALL)
    visits = len(step.path)
    for number in range(20):
        for side in ("left", "right"):
            step = runner.complete(step.snapshot, f"{side}{number}#1", {}, CALL)
            visits += len(step.path)
    assert step.ended
    assert visits == 2 + 20 * 5  # each join is reached twice


def test_a_hundred_branches_open_and_join() -> None:
    names = [f"t{number}" for number in range(100)]
    branches = [part for name in names for part in (user(name), *chain("split", name, "join"))]
    runner = Runner(define("wide", start(), both("split"), both("join"), end(), flow("start", "split"), *branches,
                           flow("join", "end")))  # fmt: skip
    step = runner.start(CALL)
    assert len(step.opened) == 100
    for name in names:
        step = runner.complete(step.snapshot, f"{name}#1", {}, CALL)
    assert step.ended


def test_one_runner_serves_eight_threads() -> None:
    inner = define("inner", start(), user("ask", inputs={"n": "=n"}), end(), *chain("start", "ask", "end"))
    outer = define(
        "outer", start(), xor("again"), call("fetch", "inner", inputs={"n": "=n"}, outputs={"n": "=n + answer"}),
        xor("enough", default="enough-again"), end(), *chain("start", "again", "fetch", "enough", "again"),
        flow("enough", "end", "=n >= limit"),
    )  # fmt: skip
    runner = Runner(outer, {"inner": inner})

    def run(begin: int) -> list[int]:
        variables: dict[str, dict[str, object]] = {"": {"n": begin, "limit": begin + 40}}
        step, seen = runner.start(Call(scopes=variables, now=NOW)), []
        while True:
            for change in step.variables:
                variables.setdefault(change.scope, {}).update(change.values)
            if step.ended:
                return seen
            wait = step.opened[0]
            seen.append(wait.inputs["n"])  # type: ignore[union-attr]  # a user task
            step = runner.complete(step.snapshot, wait.key, {"answer": 1}, Call(scopes=variables, now=NOW))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(run, range(0, 1600, 100)))
    assert found == [list(range(begin, begin + 40)) for begin in range(0, 1600, 100)]
