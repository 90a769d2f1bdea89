"""Embedded sub-processes: a scope for tokens and numbers, variables read through and written through."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bpmn.errors import UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    Part,
    both,
    boundary_message,
    boundary_timer,
    call,
    chain,
    define,
    element,
    end,
    flow,
    message,
    start,
    sub,
    user,
    xor,
)
from tests.support.forgetful import NOW, Forgetful


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def around(inside: Part, *more: Part) -> ProcessDefinition:
    return define("p", start(), inside, user("after"), end(), *chain("start", "inside", "after", "end"), *more)


def asking(**options: object) -> Part:
    body = (start("in"), user("ask", inputs={"seen": "=a"}), end("out"), *chain("in", "ask", "out"))
    return sub("inside", *body, **options)  # type: ignore[arg-type]  # options of sub


def test_a_sub_process_has_its_own_scope_and_numbers() -> None:
    case = run(around(asking()), a=1)
    wait = case.last.opened[0]
    assert (wait.key, wait.scope, wait.process_id) == ("inside#1/ask#1", "inside#1", "p")
    assert case.walked == [
        ("start#1", None),
        ("inside#1", "start-inside"),
        ("inside#1/in#1", None),
        ("inside#1/ask#1", "in-ask"),
    ]
    step = case.complete("ask", scope="inside#1")
    assert (step.closed, case.open) == (("inside#1/ask#1",), {"after#1"})
    assert list(json.loads(step.snapshot)["s"]) == [""]


def test_variables_are_read_and_written_through() -> None:
    case = run(around(asking()), a=1)
    assert case.last.opened[0].inputs == {"seen": 1}  # type: ignore[union-attr]  # a user task
    case.complete("ask", scope="inside#1", a=2, b=3)
    assert case.variables == {"": {"a": 2, "b": 3}}


def test_inputs_make_names_of_its_own_and_outputs_are_written_around_it() -> None:
    case = run(around(asking(inputs={"a": "=a + 10"}, outputs={"sum": "=a + b"})), a=1)
    assert case.last.opened[0].inputs == {"seen": 11}  # type: ignore[union-attr]  # a user task
    step = case.complete("ask", scope="inside#1", a=20, b=3)
    assert case.variables == {"": {"a": 1, "b": 3, "sum": 23}}
    assert [change.scope for change in step.variables if change.dropped] == ["inside#1"]


def test_a_name_made_outside_of_two_levels_is_written_where_it_was_made() -> None:
    deep = sub("deep", *(start("d1"), user("ask"), end("d2"), *chain("d1", "ask", "d2")), inputs={"x": "=1"})
    case = run(around(sub("inside", start("i1"), deep, user("next"), end("i2"), *chain("i1", "deep", "next", "i2"),
                          inputs={"y": "=2"})))  # fmt: skip
    assert case.open == {"inside#1/deep#1/ask#1"}
    case.complete("ask", scope="inside#1/deep#1", x=10, y=20, z=30)
    assert case.variables == {"": {"z": 30}, "inside#1": {"y": 20}}
    case.complete("next", scope="inside#1")
    assert case.variables == {"": {"z": 30}}


def test_it_ends_when_its_last_token_is_gone() -> None:
    body = (start("i"), both("s"), user("a"), user("b"), end("e1"), end("e2"), *chain("i", "s", "a", "e1"),
            *chain("s", "b", "e2"))  # fmt: skip
    case = run(around(sub("inside", *body)))
    case.complete("a", scope="inside#1")
    assert case.open == {"inside#1/b#1"}
    case.complete("b", scope="inside#1")
    assert case.open == {"after#1"}


def test_terminate_inside_ends_only_the_inside() -> None:
    body = (start("i"), user("a"), user("b"), end("stop", terminate=True), *chain("i", "a", "stop"), *chain("i", "b"))
    beside = (user("beside"), *chain("start", "beside", "end"))
    case = run(around(sub("inside", *body), *beside))
    step = case.complete("a", scope="inside#1")
    assert set(step.closed) == {"inside#1/a#1", "inside#1/b#1"}
    assert case.open == {"after#1", "beside#1"}


def test_one_that_never_waits_is_passed_through() -> None:
    assert run(around(sub("inside", start("i"), end("e"), *chain("i", "e")))).open == {"after#1"}


def test_a_timer_on_it_closes_everything_inside() -> None:
    case = run(around(asking(), boundary_timer("late", "inside", duration="P1D"), *chain("late", "after")), a=1)
    assert case.open == {"inside#1/ask#1", "late#1"}
    assert case.waits["late#1"].due == NOW + timedelta(days=1)  # type: ignore[union-attr]  # a timer
    assert case.fire("late").closed == ("late#1", "inside#1/ask#1")
    assert case.open == {"after#1"}


def test_a_message_on_it_that_does_not_interrupt_leaves_it_open() -> None:
    event = boundary_message("note", "inside", "noted", interrupting=False)
    case = run(around(asking(), message("noted"), event, *chain("note", "after")), a=1)
    case.deliver("note")
    assert case.open == {"inside#1/ask#1", "note#1", "after#1"}
    assert "note#1" in case.complete("ask", scope="inside#1").closed


def test_events_inside_and_calls_inside_have_the_paths_of_their_scopes() -> None:
    called = define("other", start(), user("deep"), end(), *chain("start", "deep", "end"))
    body = (start("i"), call("fetch", "other"), boundary_timer("late", "fetch", duration="P1D"), end("e"),
            *chain("i", "fetch", "e"), *chain("late", "e"))  # fmt: skip
    case = run(around(sub("inside", *body)), called)
    assert case.open == {"inside#1/fetch#1/deep#1", "inside#1/late#1"}
    case.fire("late", scope="inside#1")
    assert case.open == {"after#1"}


def test_a_loop_around_it_gives_it_a_new_scope_each_time() -> None:
    diagram = define(
        "p", start(), xor("again"), asking(), xor("more", default="more-end"), end(),
        *chain("start", "again", "inside", "more", "end"), flow("more", "again", "=b < 2"),
    )  # fmt: skip
    case = run(diagram, a=1)
    case.complete("ask", scope="inside#1", b=1)
    assert case.open == {"inside#2/ask#1"}
    assert case.complete("ask", scope="inside#2", b=2).ended


@pytest.mark.parametrize(
    ("parts", "blamed"),
    [
        ([sub("inside"), *chain("start", "inside")], "inside"),
        ([sub("inside", start("i"), start("j"), end("e"), *chain("i", "e"), *chain("j", "e")),
          *chain("start", "inside")], "j"),
        ([sub("inside", start("i"), user("x"), *chain("i", "x")), *chain("start", "inside"), end(), flow("x", "end")],
         "x"),
        ([element("transaction", "inside", start("i").xml), *chain("start", "inside")], "inside"),
        ([element("adHocSubProcess", "inside", user("i").xml), *chain("start", "inside")], "inside"),
    ],
)  # fmt: skip
def test_levels_without_a_meaning_are_refused_by_name(parts: list[Part], blamed: str) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(define("p", start(), *parts))
    assert caught.value.element_id == blamed


def test_cancelling_closes_what_is_inside() -> None:
    runner = Runner(around(asking()))
    step = runner.cancel(runner.start(Call(scopes={"": {"a": 1}}, now=NOW)).snapshot)
    assert (step.closed, step.ended) == (("inside#1/ask#1",), True)
