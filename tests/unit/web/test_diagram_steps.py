"""A diagram's course in words: order, who, always or not, and in which case."""

from __future__ import annotations

import pytest

from tests.support.bpmn_builder import (
    both,
    boundary_timer,
    call,
    catch_timer,
    chain,
    element,
    end,
    flow,
    process,
    start,
    sub,
    user,
    xor,
)
from web.diagram_graph import read
from web.diagram_steps import Step, steps


def told(*parts: object, lanes: dict[str, str] | None = None) -> dict[str, Step]:
    """Steps by element id. Without a picture the order is that of the file."""
    xml = process("p", *parts).decode()  # type: ignore[arg-type]  # parts of the builder
    for name, members in (lanes or {}).items():
        refs = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in members.split())
        lane = f'<bpmn:laneSet><bpmn:lane id="l_{name}" name="{name}">{refs}</bpmn:lane></bpmn:laneSet>'
        xml = xml.replace("</bpmn:process>", f"{lane}</bpmn:process>")
    return {step.element_id: step for step in steps(xml, "p")}


def named(kind: str, key: str) -> object:
    return element(kind, key, name=key.title())


def branching() -> list[object]:
    """a, then b or c after a question, then d."""
    question = element("exclusiveGateway", "ok", name="Đủ?", default="ok-c")
    answered = flow("ok", "b", "=x").xml.replace("<bpmn:sequenceFlow ", '<bpmn:sequenceFlow name="Không" ', 1)
    parts = [start(), *(named("userTask", key) for key in "abcd"), question, xor("join"), end()]
    flows = [*chain("start", "a", "ok"), type(question)(answered), flow("ok", "c"), flow("b", "join")]
    return [*parts, *flows, flow("c", "join"), *chain("join", "d", "end")]


def test_steps_bear_their_lane_and_their_own_groups() -> None:
    found = told(*branching(), lanes={"Công chức": "a b"})
    assert [found[key].lane for key in "ab"] == ["Công chức", "Công chức"]
    assert found["c"].lane == ""
    own = element(
        "userTask",
        "g",
        '<bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups="one, two"/></bpmn:extensionElements>',
        name="G",
    )
    assert told(start(), own, end(), *chain("start", "g", "end"))["g"].groups == ("one", "two")


def test_what_no_way_leads_around_is_always_done_and_the_rest_says_when() -> None:
    found = told(*branching())
    assert list(found) == ["a", "b", "c", "d"]
    assert [found[key].always for key in "abcd"] == [True, False, False, True]
    assert found["b"].when == ("Đủ? – Không",)
    assert found["c"].when == ()  # its answer has no name


def test_both_branches_of_a_parallel_split_are_always_done() -> None:
    parts = [start(), named("userTask", "a"), named("userTask", "b"), both("split"), both("join"), end()]
    flows = [flow("start", "split"), flow("split", "a"), flow("split", "b"), flow("a", "join"), flow("b", "join")]
    found = told(*parts, *flows, flow("join", "end"))
    assert all(step.always for step in found.values())


def test_what_a_late_timer_begins_names_what_it_waited_for() -> None:
    timer = element(
        "boundaryEvent",
        "late",
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P20D</bpmn:timeDuration></bpmn:timerEventDefinition>",
        name="20 ngày",
        attachedToRef="a",
    )
    parts = [start(), named("receiveTask", "a"), timer, named("userTask", "b"), end(), *chain("start", "a", "end")]
    found = told(*parts, flow("late", "b"))
    assert found["b"].when == ("A – quá 20 ngày",)


def test_sub_processes_calls_and_loops_are_followed() -> None:
    inside = sub("s", start("in"), named("userTask", "i"), end("out"), *chain("in", "i", "out"))  # type: ignore[arg-type]
    called = call("c", "intake")
    named_call = type(called)(called.xml.replace('id="c"', 'id="c" name="C"', 1))
    again = [xor("again"), flow("again", "c"), flow("again", "end")]
    found = told(start(), inside, named_call, end(), *chain("start", "s", "c", "again"), *again)
    assert found["i"].always
    assert found["c"].called == "intake"
    assert found["c"].always


def test_where_every_answer_leads_the_question_before_it_counts() -> None:
    yes = [
        type(start())(flow("q", f"r{n}").xml.replace("<bpmn:sequenceFlow ", f'<bpmn:sequenceFlow name="{n}" '))
        for n in "12"
    ]
    parts = [
        *branching(),
        element("exclusiveGateway", "q", name="Mấy?"),
        user("r1"),
        user("r2"),
        named("userTask", "x"),
        *yes,
    ]
    found = told(*parts, flow("b", "q"), *chain("r1", "x", "d"), flow("r2", "x"))
    assert found["x"].when == ("Đủ? – Không",)


def test_the_first_of_several_events_is_the_reason_for_what_follows() -> None:
    wait = element("intermediateCatchEvent", "m", name="Có người đổi ý")
    parts = [start(), element("eventBasedGateway", "race"), wait, catch_timer("t", duration="P1D"), end()]
    flows = [flow("start", "race"), flow("race", "m"), flow("race", "t"), flow("m", "a"), flow("t", "end")]
    found = told(*parts, *flows, named("userTask", "a"))
    assert found["m"].waits
    assert found["a"].when == ("Có người đổi ý",)


def test_the_order_is_that_of_the_flows_even_where_the_file_has_another() -> None:
    parts = [end(), *(named("userTask", key) for key in "cba"), xor("again"), start(), flow("again", "a")]
    assert list(told(*parts, *chain("start", "a", "b", "again", "c", "end"))) == ["a", "b", "c"]


def test_rows_of_parallel_branches_do_not_multiply_the_work() -> None:
    parts: list[object] = [*branching(), flow("b", "s0")]
    for number in range(60):
        parts += [
            both(f"s{number}"),
            both(f"j{number}"),
            named("userTask", f"u{number}"),
            named("userTask", f"v{number}"),
        ]
        for side in "uv":
            parts += [flow(f"s{number}", f"{side}{number}"), flow(f"{side}{number}", f"j{number}")]
        parts.append(flow(f"j{number}", f"s{number + 1}" if number < 59 else "end"))
    found = told(*parts)
    assert found["v59"].when == ("Đủ? – Không",)


def test_unnamed_and_unreadable_things_are_left_out() -> None:
    assert told(start(), user("a"), catch_timer("t", duration="P1D"), boundary_timer("x", "a"), end()) == {}
    assert steps("<no", "p") == ()
    assert steps(process("p", start()).decode(), "other") == ()


def test_a_hundred_joins_and_loops_end() -> None:
    parts: list[object] = [start(), end(), flow("start", "x0")]
    for number in range(100):
        parts += [xor(f"x{number}"), named("userTask", f"t{number}"), flow(f"x{number}", f"t{number}")]
        parts += [flow(f"t{number}", f"x{number + 1}"), flow(f"t{number}", f"x{max(0, number - 3)}")]
    found = told(*parts, xor("x100"), flow("x100", "end"))
    assert len(found) == 100
    assert all(step.always for step in found.values())


@pytest.mark.parametrize("node", ["a", "nothing"])
def test_reaching_without_a_node(node: str) -> None:
    graph = read(process("p", start(), user("a"), end(), *chain("start", "a", "end")).decode(), "p")
    assert ("end" in graph.reached(without=node)) is (node == "nothing")
