"""Event sub-processes: what starts them, what they end, and what their scope waits for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Runner
from tests.support.bpmn_builder import (
    Part,
    begin,
    both,
    call,
    chain,
    define,
    each,
    end,
    job,
    message,
    named,
    start,
    sub,
    throwing,
    user,
)
from tests.support.forgetful import NOW, Forgetful

NAMES = (message("recall", "=id"), named("error", "lost"), named("escalation", "slow"), named("signal", "halt"))


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables={"id": "7", **variables})


def handler(event: str, said: str = "", *, interrupting: bool = True) -> Part:
    return sub("handler", begin("happened", event, said, interrupting=interrupting), user("handle"), end("handled"),
               *chain("happened", "handle", "handled"), triggered=True)  # fmt: skip


def case_with(*parts: Part) -> ProcessDefinition:
    return define("p", *NAMES, start(), job("work"), user("beside"), end(), *chain("start", "work", "end"),
                  *chain("start", "beside", "end"), *parts)  # fmt: skip


def test_an_interrupting_message_ends_everything_else_in_its_scope() -> None:
    case = run(case_with(handler("message", "recall")))
    assert case.open == {"work#1", "beside#1", "happened#1"}
    assert case.waits["happened#1"].correlation == "7"  # type: ignore[union-attr]  # a message
    step = case.deliver("happened", why="đổi ý")
    assert set(step.closed) == {"work#1", "beside#1", "happened#1"}
    assert case.open == {"handler#1/handle#1"}
    assert case.variables[""] == {"id": "7", "why": "đổi ý"}
    assert [key for key, _ in case.walked][-3:] == ["handler#1", "handler#1/happened#1", "handler#1/handle#1"]
    assert case.complete("handle", scope="handler#1").ended


def test_one_that_does_not_interrupt_may_happen_again_and_is_waited_for() -> None:
    case = run(case_with(handler("message", "recall", interrupting=False)))
    case.deliver("happened")
    case.deliver("happened")
    assert case.open == {"work#1", "beside#1", "happened#1", "handler#1/handle#1", "handler#2/handle#1"}
    case.complete("work")
    case.complete("beside")
    case.complete("handle", scope="handler#2")
    assert not case.last.ended
    step = case.complete("handle", scope="handler#1")
    assert step.ended
    assert step.closed == ("handler#1/handle#1", "happened#1"), "the guard goes with its scope"


def test_a_scope_is_over_although_its_guard_still_watches() -> None:
    case = run(case_with(handler("timer", "P3D")))
    assert case.waits["happened#1"].due == NOW + timedelta(days=3)  # type: ignore[union-attr]  # a timer
    case.complete("work")
    assert case.complete("beside").closed == ("beside#1", "happened#1")
    assert case.last.ended
    assert case.open == set()


def test_a_timer_starts_it_and_a_cycle_does_so_again_and_again() -> None:
    case = run(case_with(handler("timer", "P3D")))
    case.fire("happened")
    assert case.open == {"handler#1/handle#1"}
    case = run(case_with(handler("timer", "R2/P1D", interrupting=False)))
    case.fire("happened")
    assert case.waits["happened#1"].due == NOW + timedelta(days=2)  # type: ignore[union-attr]  # a timer
    case.fire("happened")
    assert case.open == {"work#1", "beside#1", "handler#1/handle#1", "handler#2/handle#1"}


@pytest.mark.parametrize("code", ["lost", ""], ids=["the same code", "any code"])
def test_an_error_of_a_job_starts_it(code: str) -> None:
    case = run(case_with(handler("error", code)))
    assert case.open == {"work#1", "beside#1"}
    step = case.fail("work", "lost", why="không có")
    assert set(step.closed) == {"work#1", "beside#1"}
    assert case.open == {"handler#1/handle#1"}
    assert case.variables[""]["why"] == "không có"


def test_an_error_of_its_own_is_not_for_itself() -> None:
    case = run(case_with(sub(
        "handler", begin("happened", "error", "lost"), user("handle"), throwing("endEvent", "again", "error", "lost"),
        *chain("happened", "handle", "again"), triggered=True,
    )))  # fmt: skip
    case.fail("work", "lost")
    with pytest.raises(StepError) as caught:
        case.complete("handle", scope="handler#1")
    assert caught.value.element_id == "again"


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_and_a_signal_start_it(interrupting: bool) -> None:
    left = set() if interrupting else {"beside#1", "after#1"}
    for event, name in (("escalation", "slow"), ("signal", "halt")):
        diagram = define(
            "p", *NAMES, start(), both("s"), user("ask"), throwing("intermediateThrowEvent", "shout", event, name),
            user("after"), user("beside"), *chain("start", "s", "ask", "shout", "after"), *chain("s", "beside"),
            handler(event, name, interrupting=interrupting),
        )  # fmt: skip
        case = run(diagram)
        case.complete("ask")
        assert case.open == {"handler#1/handle#1"} | left


def test_in_a_sub_process_it_ends_only_what_is_beside_it_there() -> None:
    body = (start("i"), user("ask"), end("e"), *chain("i", "ask", "e"), handler("message", "recall"))
    case = run(define("p", *NAMES, start(), sub("inside", *body), user("beside"), user("after"), end(),
                      *chain("start", "inside", "after", "end"), *chain("start", "beside", "end")))  # fmt: skip
    assert case.open == {"inside#1/ask#1", "inside#1/happened#1", "beside#1"}
    case.deliver("happened", scope="inside#1")
    assert case.open == {"inside#1/handler#1/handle#1", "beside#1"}
    case.complete("handle", scope="inside#1/handler#1")
    assert case.open == {"after#1", "beside#1"}, "the sub-process is over and goes on as usual"


def test_in_a_called_process_it_catches_before_the_caller_does() -> None:
    called = define("called", *NAMES, start(), job("pay"), end(), *chain("start", "pay", "end"), handler("error"))
    diagram = define("p", *NAMES, start(), call("fetch", "called"), end(), *chain("start", "fetch", "end"),
                     throwing("boundaryEvent", "outer", "error", "lost", attachedToRef="fetch"), user("mend"),
                     *chain("outer", "mend"))  # fmt: skip
    case = run(diagram, called)
    case.fail("pay", "lost", scope="fetch#1")
    assert case.open == {"fetch#1/handler#1/handle#1"}
    assert case.complete("handle", scope="fetch#1/handler#1").ended


def test_every_instance_of_a_repeated_sub_process_has_its_own() -> None:
    body = (start("i"), user("ask"), end("e"), *chain("i", "ask", "e"), handler("message", "recall"))
    case = run(define("p", *NAMES, start(), sub("inside", *body, loop=each()), end(),
                      *chain("start", "inside", "end")), items=[1, 2])  # fmt: skip
    case.deliver("happened", scope="inside#1/inside#2")
    assert case.open == {
        "inside#1/inside#1/ask#1", "inside#1/inside#1/happened#1", "inside#1/inside#2/handler#1/handle#1"
    }  # fmt: skip
    case.complete("handle", scope="inside#1/inside#2/handler#1")
    assert case.complete("ask", scope="inside#1/inside#1").ended


def test_one_that_interrupts_closes_the_other_guards_too() -> None:
    other = sub("other", begin("o", "timer", "P1D"), user("ov"), *chain("o", "ov"), triggered=True)
    case = run(case_with(handler("message", "recall"), other))
    assert case.open == {"work#1", "beside#1", "happened#1", "o#1"}
    assert "o#1" in case.deliver("happened").closed
    assert case.open == {"handler#1/handle#1"}


@pytest.mark.parametrize(
    ("parts", "blamed"),
    [
        ([sub("odd", start("i"), end("e"), *chain("i", "e"), triggered=True)], "i"),
        ([sub("odd", begin("i", "error", "lost", interrupting=False), end("e"), *chain("i", "e"), triggered=True)],
         "i"),
        ([sub("odd", begin("i", "timer", "P1D"), begin("j", "timer", "P1D"), end("e"), *chain("i", "e"),
              *chain("j", "e"), triggered=True)], "j"),
        ([sub("odd", begin("i", "timer", "P1D"), end("e"), *chain("i", "e"), triggered=True), *chain("work", "odd")],
         "odd"),
        ([begin("odd", "error", "E"), *chain("odd", "work")], "odd"),
        ([sub("a_sub", begin("odd", "timer", "P1D"), end("e"), *chain("odd", "e")), *chain("work", "a_sub")], "odd"),
        ([sub("odd", begin("i", "timer", "P1D"), end("e"), *chain("i", "e"), triggered=True, loop=each())], "odd"),
    ],
    ids=["plain start", "an error that does not interrupt", "two starts", "a flow", "at the process",
         "in a plain sub-process", "a loop"],
)  # fmt: skip
def test_what_does_not_start_like_one_is_refused(parts: list[Part], blamed: str) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(case_with(*parts))
    assert caught.value.element_id == blamed
