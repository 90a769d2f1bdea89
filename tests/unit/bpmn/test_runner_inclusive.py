"""Inclusive gateways: which flows they take, what their joins wait for, and what they do not wait for."""

from __future__ import annotations

import pytest

from bpmn.errors import StepError
from bpmn.model import ProcessDefinition
from tests.support.bpmn_builder import (
    both,
    boundary_timer,
    chain,
    define,
    end,
    flow,
    some,
    start,
    user,
    xor,
)
from tests.support.forgetful import Forgetful


def run(definition: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, variables=variables)


def block(default: str = "") -> ProcessDefinition:
    return define(
        "p", start(), some("split", default), user("a"), user("b"), user("c"), some("join"), user("after"), end(),
        *chain("start", "split"), flow("split", "a", "=x > 0"), flow("split", "b", "=x > 1"),
        flow("split", "c", "" if default else "=x > 2"), *chain("a", "join", "after", "end"), flow("b", "join"),
        flow("c", "join"),
    )  # fmt: skip


@pytest.mark.parametrize(("x", "taken"), [(1, "a"), (2, "ab"), (3, "abc")])
def test_every_flow_whose_condition_holds_is_taken_and_joined_once(x: int, taken: str) -> None:
    case = run(block(), x=x)
    assert case.open == {f"{each}#1" for each in taken}
    for each in taken:
        assert "after#1" not in case.open
        case.complete(each)
    assert case.open == {"after#1"}
    assert case.complete("after").ended
    assert [key for key, _ in case.walked if key.startswith("join")] == [f"join#{at + 1}" for at in range(len(taken))]


def test_the_default_is_taken_only_when_nothing_else_is() -> None:
    assert run(block("split-c"), x=0).open == {"c#1"}
    assert run(block("split-c"), x=1).open == {"a#1"}


def test_no_way_out_names_the_gateway() -> None:
    with pytest.raises(StepError) as caught:
        run(block(), x=0)
    assert caught.value.element_id == "split"


def test_a_condition_that_is_no_yes_or_no_names_the_gateway() -> None:
    diagram = define("p", start(), some("s"), end(), flow("start", "s"), flow("s", "end", "=1"))
    with pytest.raises(StepError) as caught:
        run(diagram)
    assert caught.value.element_id == "s"


def test_a_join_goes_on_when_what_it_waits_for_goes_another_way() -> None:
    diagram = define(
        "p", start(), both("split"), user("a"), user("b"), xor("which", default="which-out"), some("join"),
        user("after"), end("out"), end(), *chain("start", "split", "a", "join", "after", "end"),
        *chain("split", "b", "which", "out"), flow("which", "join", "=back"),
    )  # fmt: skip
    case = run(diagram, back=False)
    case.complete("a")
    assert case.open == {"b#1"}
    case.complete("b")
    assert case.open == {"after#1"}
    case = run(diagram, back=True)
    case.complete("a")
    case.complete("b")
    assert case.open == {"after#1"}
    assert case.complete("after").ended


def test_a_join_goes_on_when_what_it_waits_for_is_interrupted() -> None:
    diagram = define(
        "p", start(), both("split"), user("a"), user("b"), boundary_timer("late", "b", duration="P1D"), some("join"),
        user("after"), end("out"), end(), *chain("start", "split", "a", "join", "after", "end"),
        *chain("split", "b", "join"), *chain("late", "out"),
    )  # fmt: skip
    case = run(diagram)
    case.complete("a")
    assert case.open == {"b#1", "late#1"}
    case.fire("late")
    assert case.open == {"after#1"}


def test_two_tokens_over_one_flow_are_joined_one_by_one() -> None:
    diagram = define(
        "p", start(), both("twice"), user("a"), some("join"), user("after"), end(),
        flow("start", "twice"), flow("twice", "a", flow_id="f1"), flow("twice", "a", flow_id="f2"),
        *chain("a", "join", "after", "end"), flow("twice", "join"),
    )  # fmt: skip
    case = run(diagram)
    case.complete("a", number=1)
    # The other token can only come over a flow that has one, so there is nothing to wait for.
    assert case.open == {"a#2", "after#1"}
    case.complete("a", number=2)
    assert case.open == {"after#1", "after#2"}


def test_a_token_behind_the_join_is_not_waited_for_although_a_loop_leads_back() -> None:
    diagram = define(
        "p", start(), both("split"), user("other"), xor("enter"), some("fork"), user("a"), user("b"), some("join"),
        xor("again", default="again-both_in"), both("both_in"), end(),
        *chain("start", "split", "enter", "fork"), flow("fork", "a", "=true"), flow("fork", "b", "=round = 2"),
        *chain("a", "join", "again", "both_in", "end"), flow("b", "join"), *chain("split", "other", "both_in"),
        flow("again", "enter", "=round = 1"),
    )  # fmt: skip
    case = run(diagram, round=1)
    case.complete("a")
    assert case.open == {"other#1", "a#2"}
    case.variables[""]["round"] = 2
    case.complete("a")
    assert case.complete("other").ended
