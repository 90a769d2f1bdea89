"""The control state as text: small, the same for the same state, refused when it does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpmn.errors import SnapshotError
from bpmn.migrations import LIFTS, VERSION
from bpmn.model import ProcessDefinition
from bpmn.parse import parse
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    begin,
    both,
    boundary_message,
    boundary_timer,
    call,
    catch_message,
    catch_timer,
    chain,
    define,
    each,
    end,
    first_of,
    flow,
    message,
    some,
    start,
    sub,
    user,
)
from tests.support.forgetful import NOW

CALL = Call(scopes={}, now=NOW)
GOLDEN = Path(__file__).parents[2] / "data" / "bpmn"


def everything() -> tuple[ProcessDefinition, ProcessDefinition]:
    inner = define("inner", start(), user("ask"), end(), *chain("start", "ask", "end"))
    outer = define(
        "outer",
        message("recall"),
        start(),
        both("split"),
        call("fetch", "inner"),
        boundary_message("recalled", "fetch", "recall", interrupting=False),
        user("review"),
        boundary_timer("overdue", "review", cycle="R3/P1M", interrupting=False),
        both("join"),
        end(),
        *chain("start", "split", "fetch", "join", "end"),
        *chain("split", "review", "join"),
        flow("split", "join"),
    )
    return outer, inner


def midway() -> tuple[Runner, str]:
    outer, inner = everything()
    runner = Runner(outer, {"inner": inner})
    step = runner.deliver_message(runner.start(CALL).snapshot, "recalled#1", {}, CALL)
    return runner, step.snapshot


def test_a_snapshot_holds_live_tokens_and_visit_numbers_only() -> None:
    _, snapshot = midway()
    assert json.loads(snapshot) == {
        "v": 1,
        "s": {
            "": {
                "n": {"start": 1, "split": 1, "fetch": 1, "recalled": 1, "review": 1, "overdue": 1, "join": 1},
                "t": [
                    ["fetch", 1],
                    ["join", 1, {"f": "split-join"}],
                    ["overdue", 1, {"h": 1, "c": [1, 3, "2026-01-31T08:00:00+07:00", "P1M"]}],
                    ["recalled", 1, {"h": 1, "x": 1}],
                    ["review", 1],
                ],
            },
            "fetch#1": {"n": {"start": 1, "ask": 1}, "t": [["ask", 1]]},
        },
    }
    assert " " not in snapshot
    assert len(snapshot) < 400


def test_tokens_at_an_event_gateway_and_in_inner_scopes_are_kept_alike() -> None:
    diagram = define(
        "p", message("paid"), start(), both("s"), first_of("which"), catch_message("m", "paid"),
        catch_timer("t", duration="P1D"), some("j"), sub("inside", start("i"), user("ask"), *chain("i", "ask"),
        loop=each("=[7]")), sub("late", begin("b", "timer", "P9D"), user("x"), *chain("b", "x"), triggered=True),
        *chain("start", "s", "which", "m", "j"), *chain("which", "t", "j"), *chain("s", "j"), *chain("s", "inside"),
        end(), *chain("j", "end"),
    )  # fmt: skip
    snapshot = Runner(diagram).start(CALL).snapshot
    state = json.loads(snapshot)
    assert state["v"] == 1
    assert state["s"][""]["t"] == [
        ["b", 1], ["inside", 1], ["j", 1, {"f": "s-j"}], ["m", 1, {"h": 1}], ["t", 1, {"h": 1}], ["which", 1]
    ]  # fmt: skip
    assert state["s"]["inside#1"]["t"] == [["inside", 1]]
    assert state["s"]["inside#1/inside#1"]["t"] == [["ask", 1]]
    runner = Runner(diagram)
    assert runner.waits(snapshot) == ("b#1", "inside#1/inside#1/ask#1", "m#1", "t#1")
    assert runner.cancel(snapshot).snapshot == '{"s":{},"v":1}'


def test_the_same_state_gives_the_same_text_whatever_came_first() -> None:
    diagram = define(
        "p", start(), both("s"), user("a"), user("b"), user("a2"), user("b2"), *chain("start", "s", "a", "a2"),
        *chain("s", "b", "b2"),
    )  # fmt: skip
    runner = Runner(diagram)
    begun = runner.start(CALL).snapshot
    one = runner.complete(runner.complete(begun, "a#1", {}, CALL).snapshot, "b#1", {}, CALL).snapshot
    other = runner.complete(runner.complete(begun, "b#1", {}, CALL).snapshot, "a#1", {}, CALL).snapshot
    assert one == other


def test_restoring_and_saving_changes_nothing() -> None:
    runner, snapshot = midway()
    assert runner.waits(snapshot) == ("fetch#1/ask#1", "overdue#1", "recalled#1", "review#1")
    step = runner.fire_timer(snapshot, "overdue#1", CALL)
    assert json.loads(step.snapshot)["s"][""]["t"][2] == [
        "overdue", 1, {"h": 1, "x": 1, "c": [2, 3, "2026-01-31T08:00:00+07:00", "P1M"]}
    ]  # fmt: skip


def test_numbers_of_a_called_process_go_with_its_scope() -> None:
    runner, snapshot = midway()
    step = runner.complete(snapshot, "fetch#1/ask#1", {}, CALL)
    assert list(json.loads(step.snapshot)["s"]) == [""]


def test_an_ended_case_is_almost_nothing() -> None:
    runner, snapshot = midway()
    assert runner.cancel(snapshot).snapshot == '{"s":{},"v":1}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"v"',
        "{}",
        '{"v":1}',
        '{"v":0,"s":{}}',
        '{"v":2,"s":{}}',
        '{"v":"1","s":{}}',
        '{"v":true,"s":{}}',
        '{"v":1.0,"s":{}}',
        '{"v":1,"s":[]}',
        '{"v":1,"s":{"":{}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["nothing",1]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["review"]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["start",1]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["end",1]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["overdue",1]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["overdue",1,{"h":1}]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["review",1,{"h":1}]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["join",1]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["join",1,{"f":"elsewhere"}]]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["fetch",1]]},"fetch#2":{"n":{},"t":[]}}}',
        '{"v":1,"s":{"":{"n":{},"t":[["review",1]]},"review#1":{"n":{},"t":[]}}}',
        '{"v":1,"s":{"fetch#1":{"n":{},"t":[["ask",1]]}}}',
    ],
)
def test_what_is_no_state_of_this_diagram_is_refused(text: str) -> None:
    outer, inner = everything()
    with pytest.raises(SnapshotError) as caught:
        Runner(outer, {"inner": inner}).waits(text)
    assert caught.value.message_vi != caught.value.message


def test_there_is_a_lift_for_every_older_version() -> None:
    assert set(LIFTS) == set(range(1, VERSION))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("golden-*.json")), ids=lambda path: path.stem)
def test_snapshots_of_released_versions_are_still_read(path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    definitions = [parse(text.encode()) for text in golden["diagrams"]]
    runner = Runner(definitions[0], {each.id: each for each in definitions})
    snapshot = golden["snapshot"]
    assert list(runner.waits(snapshot)) == golden["waits"]
    for method, key, expected in golden["then"]:
        values = () if method == "fire_timer" else ({},)
        step = getattr(runner, method)(snapshot, key, *values, CALL)
        snapshot = step.snapshot
        assert list(runner.waits(snapshot)) == expected
    assert step.ended


def test_there_is_a_golden_snapshot_of_every_version() -> None:
    versions = {
        json.loads(json.loads(path.read_text("utf-8"))["snapshot"])["v"] for path in GOLDEN.glob("golden-*.json")
    }
    assert versions == set(range(1, VERSION + 1))
