"""Event-based gateways: the first event wins, the others close and were never visited."""

from __future__ import annotations

import pytest

from bpmn.errors import UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Runner
from tests.support.bpmn_builder import (
    Part,
    boundary_timer,
    catch_message,
    catch_timer,
    chain,
    define,
    end,
    first_of,
    flow,
    message,
    named,
    receive,
    start,
    throwing,
    user,
    xor,
)
from tests.support.forgetful import Forgetful


def diagram() -> ProcessDefinition:
    return define(
        "p", message("paid", "=code"), message("gone"), named("signal", "halt"), start(), xor("again"),
        first_of("which"), catch_message("by_message", "paid", {"sum": "=amount"}),
        catch_timer("by_time", duration="P3D"), receive("by_task", "gone"),
        throwing("intermediateCatchEvent", "by_signal", "signal", "halt"),
        user("m"), user("t"), user("r"), user("s"), end(), *chain("start", "again", "which", "by_message", "m", "end"),
        *chain("which", "by_time", "t", "again"), *chain("which", "by_task", "r", "end"),
        *chain("which", "by_signal", "s", "end"),
    )  # fmt: skip


def run() -> Forgetful:
    return Forgetful(diagram(), variables={"code": "7"})


def test_a_message_wins_and_only_it_is_visited() -> None:
    case = run()
    assert case.open == {"by_message#1", "by_time#1", "by_task#1"}
    assert [key for key, _ in case.walked] == ["start#1", "again#1", "which#1"]
    assert case.waits["by_message#1"].correlation == "7"  # type: ignore[union-attr]  # a message
    step = case.deliver("by_message", amount=8000)
    assert set(step.closed) == {"by_message#1", "by_time#1", "by_task#1"}
    assert case.walked[3:] == [("by_message#1", "which-by_message"), ("m#1", "by_message-m")]
    assert case.variables[""] == {"code": "7", "sum": 8000}
    assert case.complete("m").ended


def test_time_a_task_and_a_signal_may_win_too() -> None:
    case = run()
    case.fire("by_time")
    assert case.open == {"t#1"}
    case = run()
    case.deliver("by_task")
    assert case.open == {"r#1"}
    case = run()
    step = case.signal("halt")
    assert set(step.closed) == {"by_message#1", "by_time#1", "by_task#1"}
    assert case.open == {"s#1"}


def test_the_next_round_waits_afresh_under_new_numbers() -> None:
    case = run()
    case.fire("by_time")
    case.complete("t")
    assert case.open == {"by_message#2", "by_time#2", "by_task#2"}
    case.deliver("by_message", amount=1)
    assert case.open == {"m#1"}


@pytest.mark.parametrize(
    "parts",
    [
        [user("u"), *chain("which", "u")],
        [catch_message("c", "paid"), xor("x"), *chain("which", "c"), *chain("a", "x", "c")],
        [receive("c", "paid"), boundary_timer("b", "c", duration="P1D"), *chain("which", "c"), *chain("b", "end")],
        [],
    ],
    ids=["a user task", "something else leads there", "a boundary event", "nothing"],
)
def test_what_cannot_follow_is_refused(parts: list[Part]) -> None:
    ways = (flow("start", "which"), flow("start", "a"))
    with pytest.raises(UnsupportedElementError) as found:
        Runner(define("p", message("paid"), start(), user("a"), first_of("which"), end(), *ways, *parts))
    assert found.value.element_id == "which"
