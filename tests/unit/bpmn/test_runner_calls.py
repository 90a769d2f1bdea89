"""Called processes: scopes, mappings in and out, nesting, errors and what the caller sees."""

from __future__ import annotations

import pytest

from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import both, call, chain, define, element, end, flow, start, user, xor
from tests.support.forgetful import NOW, Forgetful


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def caller(**options: object) -> ProcessDefinition:
    return define(
        "p", start(), call("fetch", "sub", **options), user("after"), end(), *chain("start", "fetch", "after", "end")  # type: ignore[arg-type]  # options of call
    )  # fmt: skip


def sub(**options: object) -> ProcessDefinition:
    return define("sub", start(), user("ask", **options), end(), *chain("start", "ask", "end"))  # type: ignore[arg-type]  # options of user


def test_a_called_process_has_its_own_scope_and_numbers() -> None:
    case = run(caller(), sub())
    wait = case.last.opened[0]
    assert (wait.key, wait.scope, wait.process_id) == ("fetch#1/ask#1", "fetch#1", "sub")
    assert case.walked == [
        ("start#1", None),
        ("fetch#1", "start-fetch"),
        ("fetch#1/start#1", None),
        ("fetch#1/ask#1", "start-ask"),
    ]
    step = case.complete("ask", scope="fetch#1", answer=1)
    assert step.closed == ("fetch#1/ask#1",)
    assert case.open == {"after#1"}
    assert case.variables == {"": {}}, "without mappings nothing comes back"


def test_inputs_and_outputs_are_mapped_at_the_border() -> None:
    case = run(
        caller(inputs={"x": "=a + 1", "y": "=x * 2"}, outputs={"sum": "=answer + y", "copy": "=sum"}),
        sub(inputs={"shown": "=y"}),
        a=1,
    )
    assert case.variables["fetch#1"] == {"x": 2, "y": 4}
    assert case.last.opened[0].inputs == {"shown": 4}
    step = case.complete("ask", scope="fetch#1", answer=10)
    assert case.variables == {"": {"a": 1, "sum": 14, "copy": 14}}
    assert [(change.scope, change.dropped) for change in step.variables] == [
        ("fetch#1", False),
        ("", False),
        ("fetch#1", True),
    ]


def test_all_variables_of_the_called_process_come_back_when_it_says_so() -> None:
    case = run(caller(inputs={"x": "=1"}, child=True, outputs={"twice": "=x * 2"}), sub())
    case.complete("ask", scope="fetch#1", answer="có")
    assert case.variables == {"": {"x": 1, "answer": "có", "twice": 2}}


def test_the_callers_variables_are_visible_unless_the_call_says_no() -> None:
    asked = sub(inputs={"seen": "=a", "given": "=x", "from_context": "=case.id"})

    def inputs(parent: bool) -> object:
        runner = Runner(caller(inputs={"x": "=5"}, parent=parent), {"sub": asked})
        return runner.start(Call(scopes={"": {"a": 1}}, now=NOW, context={"case": {"id": 9}})).opened[0].inputs

    assert inputs(parent=True) == {"seen": 1, "given": 5, "from_context": 9}
    assert inputs(parent=False) == {"seen": None, "given": 5, "from_context": 9}


def test_an_inner_variable_hides_the_callers_and_leaves_it_alone() -> None:
    case = run(caller(inputs={"a": "=a + 1"}), sub(inputs={"seen": "=a"}), a=1)
    assert case.last.opened[0].inputs == {"seen": 2}
    case.complete("ask", scope="fetch#1", a=99)
    assert case.variables[""] == {"a": 1}


def test_calls_nest_and_run_twice_with_fresh_numbers() -> None:
    middle = define(
        "middle", start(), call("inner", "sub", inputs={"y": "=x + 1"}, outputs={"x": "=answer"}), end(),
        *chain("start", "inner", "end"),
    )  # fmt: skip
    outer = define(
        "p", start(), xor("again"), call("outer", "middle", inputs={"x": "=n"}, outputs={"n": "=x"}),
        xor("more", default="more-again"), end(), *chain("start", "again", "outer", "more", "again"),
        flow("more", "end", "=n > 5"),
    )  # fmt: skip
    case = run(outer, middle, sub(inputs={"y": "=y"}), n=1)
    assert case.open == {"outer#1/inner#1/ask#1"}
    assert case.last.opened[0].inputs == {"y": 2}
    case.complete("ask", scope="outer#1/inner#1", answer=4)
    assert case.variables[""] == {"n": 4}
    assert case.open == {"outer#2/inner#1/ask#1"}
    assert case.complete("ask", scope="outer#2/inner#1", answer=6).ended


def test_two_calls_at_once_do_not_see_each_other() -> None:
    diagram = define(
        "p", start(), call("left", "sub", outputs={"l": "=answer"}), call("right", "sub", outputs={"r": "=answer"}),
        both("join"), end(), *chain("start", "left", "join", "end"), *chain("start", "right", "join"),
    )  # fmt: skip
    case = run(diagram, sub())
    case.complete("ask", scope="right#1", answer=2)
    assert case.variables == {"": {"r": 2}}
    assert case.complete("ask", scope="left#1", answer=1).ended
    assert case.variables == {"": {"l": 1, "r": 2}}


def test_terminate_in_a_called_process_returns_to_the_caller_normally() -> None:
    called = define(
        "sub", start(), user("ask"), user("beside"), end("stop", terminate=True), *chain("start", "ask", "stop"),
        *chain("start", "beside"),
    )  # fmt: skip
    case = run(caller(outputs={"got": "=answer"}), called)
    step = case.complete("ask", scope="fetch#1", answer=1)
    assert set(step.closed) == {"fetch#1/ask#1", "fetch#1/beside#1"}
    assert case.open == {"after#1"}
    assert case.variables == {"": {"got": 1}}


def test_terminate_in_the_caller_ends_its_calls() -> None:
    diagram = define(
        "p", start(), call("fetch", "sub"), user("stop_it"), end("stop", terminate=True), *chain("start", "fetch"),
        *chain("start", "stop_it", "stop"),
    )  # fmt: skip
    step = run(diagram, sub()).complete("stop_it")
    assert (set(step.closed), step.ended) == ({"stop_it#1", "fetch#1/ask#1"}, True)
    assert [change.scope for change in step.variables if change.dropped] == ["fetch#1"]


def test_a_called_process_that_never_waits_is_passed_through() -> None:
    passing = define("sub", start(), end(), *chain("start", "end"))
    case = run(caller(inputs={"x": "=7"}, outputs={"y": "=x"}), passing)
    assert case.open == {"after#1"}
    assert case.variables == {"": {"y": 7}}


def test_an_error_inside_names_the_inner_element() -> None:
    broken = define("sub", start(), xor("which"), end(), flow("start", "which"), flow("which", "end", "=n"))
    with pytest.raises(StepError) as caught:
        run(caller(), broken)
    assert caught.value.element_id == "which"


def test_an_output_that_cannot_be_stored_names_the_call() -> None:
    with pytest.raises(StepError) as caught:
        run(caller(outputs={"f": "=function(x) x"}), sub()).complete("ask", scope="fetch#1")
    assert caught.value.element_id == "fetch"


def test_what_a_called_process_cannot_do_is_refused_with_the_caller() -> None:
    odd = define("sub", start(), element("scriptTask", "odd"), *chain("start", "odd"))
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(caller(), {"sub": odd})
    assert caught.value.element_id == "odd"
    deep = define("sub", start(), call("deeper", "nowhere"), *chain("start", "deeper"))
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(caller(), {"sub": deep})
    assert caught.value.element_id == "deeper"


def test_a_process_may_call_itself_as_long_as_it_comes_to_an_end() -> None:
    counting = define(
        "count", start(), xor("enough", default="enough-deeper"), call("deeper", "count", inputs={"n": "=n - 1"}),
        end(),
        *chain("start", "enough", "deeper", "end"), flow("enough", "end", "=n = 0"),
    )  # fmt: skip
    runner = Runner(counting, {"count": counting})
    step = runner.start(Call(scopes={"": {"n": 5}}, now=NOW))
    assert step.ended
    assert [visit.key.count("/") for visit in step.path if visit.element_id == "enough"] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(StepError, match="into each other") as caught:
        runner.start(Call(scopes={"": {"n": -1}}, now=NOW))
    assert caught.value.element_id == "deeper"


def test_a_library_may_hold_processes_nobody_calls() -> None:
    odd = define("unused", start(), element("scriptTask", "odd"), *chain("start", "odd"))
    assert Runner(caller(), {"sub": sub(), "unused": odd})
