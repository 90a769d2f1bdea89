"""Escalations, signals, links, sent messages and milestones: what is thrown and who catches it."""

from __future__ import annotations

import pytest

from bpmn.errors import UnsupportedElementError
from bpmn.model import JobWait, ProcessDefinition, Signal
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    Part,
    both,
    call,
    chain,
    define,
    element,
    end,
    extensions,
    mappings,
    named,
    start,
    sub,
    throwing,
    user,
)
from tests.support.forgetful import NOW, Forgetful

SENDS = extensions('<zeebe:taskDefinition type="notify"/>') + "<bpmn:messageEventDefinition/>"


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def escalating(kind: str = "intermediateThrowEvent") -> tuple[Part, ...]:
    goes_on = (user("next"), end("e"), *chain("raise", "next", "e")) if kind == "intermediateThrowEvent" else ()
    thrown = throwing(kind, "raise", "escalation", "slow")
    return (start("i"), user("ask"), user("beside"), thrown, *chain("i", "ask", "raise"), *chain("i", "beside"),
            *goes_on)  # fmt: skip


def watched(host: Part, *, code: str = "slow", interrupting: bool = True) -> ProcessDefinition:
    cancels = str(interrupting).lower()
    return define(
        "p", named("escalation", "slow"), named("escalation", "other"), start(), host,
        throwing("boundaryEvent", "event", "escalation", code, attachedToRef="work", cancelActivity=cancels),
        user("after"), user("mend"), end(), *chain("start", "work", "after", "end"), *chain("event", "mend", "end"),
    )  # fmt: skip


def test_an_escalation_that_interrupts_ends_the_sub_process() -> None:
    case = run(watched(sub("work", *escalating())))
    assert set(case.complete("ask", scope="work#1").closed) == {"work#1/ask#1", "work#1/beside#1"}
    assert case.open == {"mend#1"}
    assert [key for key, _ in case.walked][-3:] == ["work#1/raise#1", "event#1", "mend#1"]


@pytest.mark.parametrize("code", ["slow", ""], ids=["same code", "any"])
def test_one_that_does_not_interrupt_goes_on_in_both_places(code: str) -> None:
    case = run(watched(sub("work", *escalating()), code=code, interrupting=False))
    case.complete("ask", scope="work#1")
    assert case.open == {"work#1/beside#1", "work#1/next#1", "mend#1"}
    case.complete("beside", scope="work#1")
    case.complete("next", scope="work#1")
    assert case.open == {"mend#1", "after#1"}


def test_an_escalation_at_an_end_event_of_a_called_process_reaches_the_caller() -> None:
    called = define("called", named("escalation", "slow"), *escalating("endEvent"))
    case = run(watched(call("work", "called"), interrupting=False), called)
    case.complete("ask", scope="work#1")
    assert case.open == {"work#1/beside#1", "mend#1"}
    case.complete("beside", scope="work#1")
    assert case.open == {"mend#1", "after#1"}


def test_an_escalation_that_nobody_catches_is_passed_over() -> None:
    case = run(watched(sub("work", *escalating()), code="other"))
    case.complete("ask", scope="work#1")
    assert case.open == {"work#1/beside#1", "work#1/next#1"}


def test_a_signal_reaches_everything_that_waits_for_it_in_every_scope() -> None:
    inside = sub(
        "inside", start("i"), user("work"), end("e"), *chain("i", "work", "e"),
        throwing("boundaryEvent", "stop", "signal", "go", attachedToRef="work"), user("stopped"),
        *chain("stop", "stopped"),
    )  # fmt: skip
    diagram = define(
        "p", named("signal", "go"), named("signal", "other"), start(), both("split"), user("ask"),
        throwing("intermediateThrowEvent", "shout", "signal", "go"), user("after"), end(),
        throwing("intermediateCatchEvent", "hear", "signal", "go"), user("heard"),
        throwing("intermediateCatchEvent", "deaf", "signal", "other"), user("never"), inside,
        *chain("start", "split", "ask", "shout", "after", "end"), *chain("split", "hear", "heard"),
        *chain("split", "deaf", "never"), *chain("split", "inside"),
    )  # fmt: skip
    case = run(diagram)
    assert case.open == {"ask#1", "inside#1/work#1"}
    assert [(wait.key, wait.signal) for wait in case.last.listens] == [
        ("deaf#1", "other"), ("hear#1", "go"), ("inside#1/stop#1", "go"),
    ]  # fmt: skip
    step = case.complete("ask")
    assert step.signals == ("go",)
    assert set(step.closed) == {"ask#1", "inside#1/work#1"}
    assert case.open == {"after#1", "heard#1", "inside#1/stopped#1"}
    assert [wait.key for wait in step.listens] == ["deaf#1"]
    for each in ("after", "heard"):
        case.complete(each)
    assert not case.complete("stopped", scope="inside#1").ended, "the deaf one still waits"
    step = case.signal("other", said=1)
    assert (case.open, case.variables[""]) == ({"never#1"}, {"said": 1})
    assert case.complete("never").ended


def test_a_signal_at_an_end_event_and_one_that_does_not_interrupt() -> None:
    diagram = define(
        "p", named("signal", "go"), start(), user("ask"), throwing("endEvent", "shout", "signal", "go"), user("work"),
        throwing("boundaryEvent", "note", "signal", "go", attachedToRef="work", cancelActivity="false"), user("noted"),
        *chain("start", "ask", "shout"), *chain("start", "work"), *chain("note", "noted"),
    )  # fmt: skip
    case = run(diagram)
    case.complete("ask")
    assert case.open == {"work#1", "noted#1"}
    case.signal("go")
    assert case.open == {"work#1", "noted#1", "noted#2"}
    assert [wait.key for wait in case.last.listens] == ["note#1"]


def test_a_signal_carries_what_the_throwing_event_gives_it() -> None:
    shout = extensions(mappings({"grade": "=level + 1"}, None)) + '<bpmn:signalEventDefinition signalRef="signal_go"/>'
    hear = extensions(mappings(None, {"heard": "=grade"})) + '<bpmn:signalEventDefinition signalRef="signal_go"/>'
    diagram = define(
        "p", named("signal", "go"), start(), user("ask"), element("endEvent", "shout", shout),
        element("intermediateCatchEvent", "hear", hear), end(),
        *chain("start", "ask", "shout"), *chain("start", "hear", "end"),
    )  # fmt: skip
    case = run(diagram, level=1)
    step = case.complete("ask")
    assert (step.signals, step.thrown) == (("go",), (Signal("go", {"grade": 2}),))
    assert case.variables[""] == {"level": 1, "heard": 2}


def test_a_signal_nobody_waits_for_changes_nothing() -> None:
    runner = Runner(define("p", start(), user("a"), *chain("start", "a")))
    call_ = Call(scopes={}, now=NOW)
    snapshot = runner.start(call_).snapshot
    step = runner.deliver_signal(snapshot, "go", {"x": 1}, call_)
    assert (step.snapshot, step.opened, step.closed, step.variables) == (snapshot, (), (), ())


def test_a_link_goes_on_where_its_name_is_caught() -> None:
    diagram = define(
        "p", start(), user("a"), throwing("intermediateThrowEvent", "leap", "link", "B"),
        throwing("intermediateThrowEvent", "leap2", "link", "B"), user("a2"),
        throwing("intermediateCatchEvent", "land", "link", "B"), user("b"), end(),
        *chain("start", "a", "leap"), *chain("start", "a2", "leap2"), *chain("land", "b", "end"),
    )  # fmt: skip
    case = run(diagram)
    case.complete("a")
    assert case.walked[-3:] == [("leap#1", "a-leap"), ("land#1", None), ("b#1", "land-b")]
    case.complete("a2")
    assert case.open == {"b#1", "b#2"}


def test_a_milestone_is_passed() -> None:
    diagram = define("p", start(), element("intermediateThrowEvent", "mark"), end(), *chain("start", "mark", "end"))
    case = run(diagram)
    assert case.last.ended
    assert ("mark#1", "start-mark") in case.walked


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_a_message_is_sent_by_a_job(kind: str) -> None:
    onward = (end(), *chain("tell", "end")) if kind == "intermediateThrowEvent" else ()
    case = run(define("p", start(), element(kind, "tell", SENDS), *chain("start", "tell"), *onward))
    wait = case.waits["tell#1"]
    assert isinstance(wait, JobWait)
    assert wait.type == "notify"
    assert case.complete("tell").ended


@pytest.mark.parametrize(
    ("part", "onward"),
    [
        (throwing("intermediateThrowEvent", "odd", "signal"), True),
        (throwing("intermediateCatchEvent", "odd", "signal", "unknown"), True),
        (throwing("endEvent", "odd", "escalation"), False),
        (throwing("intermediateThrowEvent", "odd", "link"), False),
        (throwing("intermediateThrowEvent", "odd", "link", "nowhere"), False),
        (element("endEvent", "odd", "<bpmn:messageEventDefinition/>"), False),
    ],
    ids=lambda value: getattr(value, "xml", "")[:90],
)
def test_what_is_thrown_without_a_name_is_refused(part: Part, onward: bool) -> None:
    flows = chain("start", "a", "odd", "end") if onward else [*chain("start", "a", "odd"), *chain("a", "end")]
    with pytest.raises(UnsupportedElementError) as found:
        Runner(define("p", start(), user("a"), part, end(), *flows))
    assert found.value.element_id == "odd"


def test_a_link_that_is_caught_twice_or_has_flows_on_both_sides_is_refused() -> None:
    leap = throwing("intermediateThrowEvent", "leap", "link", "B")
    land = throwing("intermediateCatchEvent", "land", "link", "B")
    again = throwing("intermediateCatchEvent", "again", "link", "B")
    for parts in ([leap, land, again, *chain("land", "end"), *chain("again", "end")],
                  [leap, land, *chain("leap", "end"), *chain("land", "end")]):  # fmt: skip
        with pytest.raises(UnsupportedElementError) as found:
            Runner(define("p", start(), end(), *chain("start", "leap"), *parts))
        assert found.value.element_id == "leap"
