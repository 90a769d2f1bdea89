"""Business rule tasks that make a decision of the procedure: inside the step, over their inputs and the variables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bpmn import dmn
from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Runner
from tests.support.bpmn_builder import (
    Part,
    again,
    boundary_timer,
    call,
    chain,
    decide,
    define,
    each,
    element,
    end,
    extensions,
    flow,
    looped,
    start,
    sub,
    user,
    xor,
)
from tests.support.dmn_builder import file, literal, table
from tests.support.forgetful import NOW, Forgetful

FEE = table("fee", [(["< 3"], ["copies * 2000"]), ([">= 3"], ["5000"])], inputs=[("copies", "number")])
BOTH = table("both", [(["true"], ["1", '"a"'])], inputs=[("true", "boolean")], outputs=[("one",), ("two",)])
CLASH = table("clash", [(["-"], ["1"]), (["-"], ["2"])], name="Mâu thuẫn")


def decisions(*parts: str) -> dict[str, dmn.DecisionModel]:
    return dmn.by_decision([dmn.parse(file(*(parts or (FEE, BOTH, CLASH))))])


def run(definition: ProcessDefinition, *called: ProcessDefinition, parts: tuple[str, ...] = (),
        **variables: Any) -> Forgetful:  # fmt: skip
    return Forgetful(definition, *called, variables=variables, decisions=decisions(*parts))


def around(host: Part, *more: Part) -> ProcessDefinition:
    return define("p", start(), host, user("after"), end(), *chain("start", "x", "after", "end"), *more)


def test_a_decision_is_made_at_once_and_its_result_is_a_variable() -> None:
    case = run(around(decide("x", "fee", "fee")), copies=2)
    assert case.open == {"after#1"}
    assert case.variables == {"": {"copies": 2, "fee": 4000}}
    assert ("x#1", "start-x") in case.walked


def test_inputs_lie_over_the_variables_and_are_not_kept() -> None:
    case = run(around(decide("x", "fee", "fee", inputs={"copies": "=copies + 1"})), copies=2)
    assert case.variables == {"": {"copies": 2, "fee": 5000}}


def test_output_mappings_say_what_is_written() -> None:
    outputs = {"total": "=found.one + extra", "mark": "=found.two"}
    case = run(around(decide("x", "both", "found", inputs={"extra": "=10"}, outputs=outputs)))
    assert case.variables == {"": {"total": 11, "mark": "a"}}


def test_results_are_kept_as_plain_values() -> None:
    parts = (literal("day", 'date("2026-01-31")', result="date"), literal("list", '[{"a": 1.50}, null]'))
    assert run(around(decide("x", "day", "d")), parts=parts).variables == {"": {"d": "2026-01-31"}}
    kept = run(around(decide("x", "list", "d")), parts=parts).variables[""]["d"]
    assert [{key: float(value) for key, value in kept[0].items()}, kept[1]] == [{"a": 1.5}, None]


def test_a_result_that_cannot_be_kept_names_the_task() -> None:
    with pytest.raises(StepError) as caught:
        run(around(decide("x", "range", "d")), parts=(literal("range", "[1..2]"),))
    assert caught.value.element_id == "x"


def test_the_clock_is_that_of_the_call() -> None:
    case = run(around(decide("x", "now", "d")), parts=(literal("now", "today()"),))
    assert case.variables[""]["d"] == NOW.date().isoformat() == date(2026, 1, 31).isoformat()


def test_gateways_choose_by_what_was_decided_and_the_decision_follows_the_loop() -> None:
    definition = define(
        "p", start(), user("ask"), decide("x", "fee", "fee"), xor("enough", "enough-ask"), end(),
        *chain("start", "ask", "x", "enough"), flow("enough", "ask"), flow("enough", "end", "=fee = 5000"),
    )  # fmt: skip
    case = run(definition)
    case.complete("ask", copies=1)
    assert case.open == {"ask#2"}
    assert case.complete("ask", copies=7).ended
    assert [key for key, _ in case.walked if key.startswith("x")] == ["x#1", "x#2"]


def test_a_decision_that_cannot_be_made_names_task_and_rules_in_both_languages() -> None:
    with pytest.raises(StepError) as caught:
        run(around(decide("x", "clash", "d")))
    assert caught.value.element_id == "x"
    for text in ('"x"', '"Mâu thuẫn"', "rule 1 (clash_r1)", "rule 2 (clash_r2)"):
        assert text in caught.value.message
    for text in ("“x”", "“Mâu thuẫn”", "dòng 1 (clash_r1)", "dòng 2 (clash_r2)"):
        assert text in caught.value.message_vi


def test_a_value_of_the_wrong_type_names_the_task_and_the_column() -> None:
    with pytest.raises(StepError) as caught:
        run(around(decide("x", "fee", "fee")), copies="nhiều")
    assert caught.value.element_id == "x"
    assert 'column "copies"' in caught.value.message
    assert "nhiều" not in caught.value.message + caught.value.message_vi


@pytest.mark.parametrize("sequential", [True, False])
def test_it_is_made_for_every_item(sequential: bool) -> None:
    marker = each(item="copies", results=("fees", "=fee"), sequential=sequential)
    case = run(around(looped(decide("x", "fee", "fee"), marker)), items=[1, 2, 9])
    assert case.open == {"after#1"}
    assert case.variables == {"": {"items": [1, 2, 9], "fees": [2000, 4000, 5000]}}


def test_it_is_repeated_while_a_condition_holds() -> None:
    grow = decide("x", "grow", "n")
    case = run(around(looped(grow, again("=n < 5"))), parts=(literal("grow", "n + 1"),), n=1)
    assert case.open == {"after#1"}
    assert case.variables == {"": {"n": 5}}


def test_it_is_made_in_sub_processes_and_called_processes_with_what_is_seen_there() -> None:
    inside = sub("s", start("i"), decide("x", "fee", "fee"), end("o"), *chain("i", "x", "o"), inputs={"copies": "=1"})
    definition = define("p", start(), inside, user("after"), *chain("start", "s", "after"))
    assert run(definition, copies=9).variables == {"": {"copies": 9, "fee": 2000}}
    called = define("called", start(), decide("x", "fee", "fee"), user("w"), end(), *chain("start", "x", "w", "end"))
    caller = define("p", start(), call("c", "called", inputs={"copies": "=3"}, outputs={"due": "=fee"}), user("after"),
                    *chain("start", "c", "after"))  # fmt: skip
    case = run(caller, called)
    case.complete("w", scope="c#1")
    assert case.variables == {"": {"due": 5000}}


def test_a_business_rule_task_with_a_job_type_stays_a_job() -> None:
    task = element("businessRuleTask", "x", extensions('<zeebe:taskDefinition type="rules"/>'))
    case = run(around(task))
    assert case.open == {"x#1"}


BOTH_GIVEN = decide("x", "fee", zeebe='<zeebe:taskDefinition type="notify"/>')
CALLED_ONLY = '<zeebe:calledDecision decisionId="fee"/>'
REFUSED: Mapping[str, tuple[Part, ...]] = {
    "decision and job type": (BOTH_GIVEN,),
    "neither": (element("businessRuleTask", "x"),),
    "FEEL instead of a name": (decide("x", "=which"),),
    "result without a name": (element("businessRuleTask", "x", extensions(CALLED_ONLY)),),
    "result with a path": (decide("x", "fee", "case.fee"),),
    "unknown decision": (decide("x", "gone"),),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_unclear_is_refused_when_compiled(what: str) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(around(*REFUSED[what]), {}, decisions())
    assert caught.value.element_id == "x"
    assert caught.value.message != caught.value.message_vi


def test_nothing_may_watch_a_decision() -> None:
    watched = around(decide("x", "fee"), boundary_timer("late", "x", duration="P1D"), *chain("late", "end"))
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(watched, {}, decisions())
    assert caught.value.element_id == "late"


def test_a_decision_that_does_not_compile_is_refused_and_named_by_its_task() -> None:
    broken = decisions(table("fee", [(["< "], ["1"])]), FEE.replace("fee", "other"))
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(around(decide("x", "fee")), {}, broken)
    assert caught.value.element_id == "x"
    assert "rule 1" in caught.value.message
    assert "dòng 1" in caught.value.message_vi


def test_decisions_of_called_processes_are_compiled_too() -> None:
    called = define("called", start(), decide("x", "gone"), end(), *chain("start", "x", "end"))
    caller = define("p", start(), call("c", "called"), end(), *chain("start", "c", "end"))
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(caller, {"called": called}, decisions())
    assert caught.value.element_id == "x"


def test_a_loop_of_decisions_alone_ends_as_an_error() -> None:
    definition = define("p", start(), xor("on"), decide("x", "fee"), *chain("start", "on", "x", "on"))
    with pytest.raises(StepError, match="never waits"):
        run(definition, copies=1)
