"""Old cases, long chains, many blocks and many threads: cost and size must not grow with what is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bpmn.errors import StepError
from bpmn.lint import LintContext, lint
from bpmn.model import ProcessDefinition, Step
from bpmn.parse import parse
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    both,
    call,
    chain,
    define,
    each,
    end,
    flow,
    looped,
    process,
    start,
    user,
    xor,
)
from tests.support.forgetful import NOW
from tests.support.random_diagram import drawn
from tests.support.work import calls

ROW = 2_000  # elements in a row
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
    work = {number: calls(lambda number=number: round_of(runner, kept[number], number)) for number in kept}
    assert work[1000] == work[10]


def row(count: int) -> bytes:
    """A start, so many tasks one after the other, an end; drawn, so that lint has nothing to say but about names."""
    tasks = [f"do_t{number}" for number in range(count)]
    named = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="any"/>'
    return drawn(
        process("long", start(), *(user(key, zeebe=named) for key in tasks), end(), *chain("start", *tasks, "end"))
    )


def test_two_thousand_gateways_in_a_row_are_passed_in_one_step() -> None:
    passing = [f"g{number}" for number in range(ROW)]
    diagram = define(
        "long", start(), *(xor(key) for key in passing), user("last"), end(), *chain("start", *passing, "last", "end")
    )
    runner = Runner(diagram)
    step = runner.start(CALL)
    assert [wait.key for wait in step.opened] == ["last#1"]
    assert len(step.path) == ROW + 2
    assert runner.complete(step.snapshot, "last#1", {}, CALL).ended


def test_two_thousand_tasks_in_a_row_run_to_their_end_and_the_state_grows_in_a_line() -> None:
    runner = Runner(parse(row(ROW)))
    step = runner.start(CALL)
    sizes, work = [], []
    for number in range(ROW):
        if number in (500, 1000, 1500):
            sizes.append(len(step.snapshot))
            work.append(calls(lambda at=step.snapshot, key=f"do_t{number}#1": runner.complete(at, key, {}, CALL)))
        step = runner.complete(step.snapshot, f"do_t{number}#1", {}, CALL)
    assert step.ended
    assert abs((sizes[2] - sizes[1]) - (sizes[1] - sizes[0])) < 1000, sizes
    assert work[0] == work[1] == work[2]


def test_reading_linting_and_compiling_a_row_grow_in_a_line() -> None:
    work: dict[int, dict[str, int]] = {}
    for count in (ROW // 8, ROW // 4):
        data = row(count)
        definition = parse(data)
        work[count] = {
            "lint": calls(lambda data=data: lint(data, "x", LintContext())),
            "parse": calls(lambda data=data: parse(data)),
            "compile": calls(lambda definition=definition: Runner(definition)),
        }
    for name, most in work[ROW // 4].items():
        assert most < 2.1 * work[ROW // 8][name], (name, work)
    assert not [each for each in lint(row(ROW), "x", LintContext()) if each.rule in ("unreadable", "internal")]


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


def for_each(*, sequential: bool = False) -> Runner:
    many = looped(user("each"), each(sequential=sequential))
    return Runner(define("many", start(), many, end(), *chain("start", "each", "end")))


def with_items(count: int) -> Call:
    return Call(scopes={"": {"items": list(range(count))}}, now=NOW)


def test_a_thousand_live_tokens_take_room_and_work_in_a_line() -> None:
    sizes, work = {}, {}
    runner = for_each()
    for count in (500, 1000):
        step = runner.start(with_items(count))
        assert len(step.opened) == count
        sizes[count] = len(step.snapshot)
        scopes = {change.scope: dict(change.values) for change in step.variables}
        call = Call(scopes=scopes, now=NOW)
        state, key = step.snapshot, f"each#1/each#{count}"
        work[count] = calls(lambda state=state, key=key, call=call: runner.complete(state, key, {}, call))
    assert sizes[1000] < 2.1 * sizes[500]
    assert work[1000] < 2.1 * work[500]


def test_ten_thousand_items_run_one_after_the_other() -> None:
    runner = for_each(sequential=True)
    step = runner.start(with_items(10_000))
    assert [wait.key for wait in step.opened] == ["each#1/each#1"]
    scopes = {change.scope: dict(change.values) for change in step.variables}
    step = runner.complete(step.snapshot, "each#1/each#1", {}, Call(scopes=scopes, now=NOW))
    assert [wait.key for wait in step.opened] == ["each#1/each#2"]


def test_more_instances_at_once_than_one_step_may_open_are_refused_by_name() -> None:
    with pytest.raises(StepError, match='"each" would open 10000 instances at once; 5000 are the most') as caught:
        for_each().start(with_items(10_000))
    assert caught.value.element_id == "each"
    assert "tuần tự" in caught.value.message_vi
    assert len(for_each().start(with_items(5_000)).opened) == 5_000


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
