"""Errors: thrown by end events and by jobs, caught by the innermost boundary event that fits."""

from __future__ import annotations

import pytest

from bpmn.errors import StepError, UnknownWaitError, UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Runner
from tests.support.bpmn_builder import (
    Part,
    boundary_timer,
    call,
    chain,
    define,
    end,
    job,
    named,
    start,
    sub,
    throwing,
    user,
)
from tests.support.forgetful import Forgetful


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def failing(host: str = "work", code: str = "lost") -> tuple[Part, ...]:
    thrown = throwing("endEvent", "failed", "error", code)
    return (start("i"), user("ask"), user("beside"), thrown, *chain("i", "ask", "failed"), *chain("i", "beside"))


def caught(event_id: str, code: str = "", host: str = "work") -> Part:
    return throwing("boundaryEvent", event_id, "error", code, attachedToRef=host)


def around(host: Part, *more: Part) -> ProcessDefinition:
    return define(
        "p", named("error", "lost"), named("error", "late"), start(), host, user("after"), user("mend"), end(),
        *chain("start", "work", "after", "end"), *chain("event", "mend", "end"), *more,
    )  # fmt: skip


def test_an_error_of_a_sub_process_ends_it_and_goes_the_way_of_its_boundary_event() -> None:
    case = run(around(sub("work", *failing()), caught("event", "lost")))
    assert case.open == {"work#1/ask#1", "work#1/beside#1"}
    step = case.complete("ask", scope="work#1")
    assert set(step.closed) == {"work#1/ask#1", "work#1/beside#1"}
    assert case.open == {"mend#1"}
    assert case.walked[-3:] == [("work#1/failed#1", "ask-failed"), ("event#1", None), ("mend#1", "event-mend")]
    assert case.complete("mend").ended


def test_an_error_of_a_called_process_reaches_its_caller_and_drops_its_scope() -> None:
    called = define("called", named("error", "lost"), *failing())
    case = run(around(call("work", "called", inputs={"x": "=1"}), caught("event", "lost")), called)
    step = case.complete("ask", scope="work#1")
    assert case.open == {"mend#1"}
    assert [change.scope for change in step.variables if change.dropped] == ["work#1"]


def test_the_same_code_comes_before_the_one_that_catches_all() -> None:
    more = (caught("any"), user("other"), *chain("any", "other", "end"))
    case = run(around(sub("work", *failing()), *more, caught("event", "lost")))
    case.complete("ask", scope="work#1")
    assert case.open == {"mend#1"}
    case = run(around(sub("work", *failing(code="late")), *more, caught("event", "lost")))
    case.complete("ask", scope="work#1")
    assert case.open == {"other#1"}


def test_an_error_goes_outward_until_it_is_caught() -> None:
    inner = sub("deep", *failing())
    outer = sub("work", start("w"), inner, caught("not_this", "late", "deep"), end("e"), *chain("w", "deep", "e"),
                *chain("not_this", "e"))  # fmt: skip
    case = run(around(outer, caught("event", "lost")))
    case.complete("ask", scope="work#1/deep#1")
    assert case.open == {"mend#1"}


def test_an_error_goes_through_two_called_processes() -> None:
    inner = define("inner", named("error", "lost"), *failing())
    middle = define("middle", start(), call("deep", "inner"), end(), *chain("start", "deep", "end"))
    case = run(around(call("work", "middle"), caught("event")), middle, inner)
    case.complete("ask", scope="work#1/deep#1")
    assert case.open == {"mend#1"}


def test_an_error_that_nobody_catches_is_an_error_of_the_step_and_names_both() -> None:
    case = run(around(sub("work", *failing()), caught("event", "late")))
    with pytest.raises(StepError, match='"lost"') as found:
        case.complete("ask", scope="work#1")
    assert found.value.element_id == "failed"
    assert found.value.message_vi != found.value.message


@pytest.mark.parametrize("host", [job("work"), user("work")], ids=["job", "user"])
def test_a_job_or_task_may_end_with_an_error(host: Part) -> None:
    limit = boundary_timer("limit", "work", duration="P1D")
    case = run(around(host, caught("event", "lost"), limit, *chain("limit", "end")))
    step = case.fail("work", "lost", why="không có")
    assert set(step.closed) == {"work#1", "limit#1"}
    assert (case.open, case.variables[""]) == ({"mend#1"}, {"why": "không có"})


def test_an_error_of_a_job_inside_is_caught_outside() -> None:
    body = sub("work", start("i"), job("pay"), end("e"), *chain("i", "pay", "e"))
    case = run(around(body, caught("event", "lost")))
    case.fail("pay", "lost", scope="work#1")
    assert case.open == {"mend#1"}


def test_an_error_of_a_job_that_nobody_catches_changes_nothing() -> None:
    case = run(around(job("work"), caught("event", "lost")))
    with pytest.raises(StepError, match='"gone"') as found:
        case.fail("work", "gone")
    assert found.value.element_id == "work"
    assert case.complete("work").closed == ("work#1",)


def test_only_an_open_task_can_fail_and_a_boundary_event_is_no_wait() -> None:
    case = run(around(job("work"), caught("event", "lost")))
    assert case.open == {"work#1"}
    with pytest.raises(UnknownWaitError):
        case._end("complete", "event#1", {})
    case.complete("work")
    with pytest.raises(UnknownWaitError):
        case._end("fail", "work#1", "lost", {})


@pytest.mark.parametrize(
    "part",
    [
        throwing("endEvent", "odd", "error"),
        throwing("endEvent", "odd", "error", "unknown"),
        throwing("boundaryEvent", "odd", "error", "unknown", attachedToRef="work"),
        throwing("boundaryEvent", "odd", "error", "lost", attachedToRef="work", cancelActivity="false"),
    ],
    ids=lambda part: part.xml[:90],
)
def test_errors_without_a_code_or_that_do_not_interrupt_are_refused(part: Part) -> None:
    into = chain("after", "odd") if "endEvent" in part.xml else chain("odd", "end")
    with pytest.raises(UnsupportedElementError) as found:
        Runner(around(user("work"), caught("event", "lost"), part, *into))
    assert found.value.element_id == "odd"
