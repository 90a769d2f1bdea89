"""Loop markers: one instance per item, at once or in turn, and loops that go on while a condition holds."""

from __future__ import annotations

import json

import pytest

from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Runner
from tests.support.bpmn_builder import (
    Part,
    again,
    boundary_timer,
    call,
    chain,
    define,
    each,
    end,
    job,
    looped,
    message,
    named,
    receive,
    start,
    sub,
    throwing,
    user,
)
from tests.support.forgetful import Forgetful

RESULTS = ("votes", "=vote")


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def around(host: Part, *more: Part) -> ProcessDefinition:
    return define("p", message("said"), start(), host, user("after"), end(), *chain("start", "work", "after", "end"),
                  *more)  # fmt: skip


def asking(marker: str) -> ProcessDefinition:
    return around(looped(user("work", inputs={"seen": "=item", "at": "=loopCounter"}), marker))


def test_every_item_has_its_instance_at_once_with_a_scope_of_its_own() -> None:
    case = run(asking(each(results=RESULTS)), items=["a", None, "c"])
    assert case.open == {"work#1/work#1", "work#1/work#2", "work#1/work#3"}
    waits = [case.waits[f"work#1/work#{n}"] for n in (1, 2, 3)]
    assert [wait.inputs for wait in waits] == [{"seen": x, "at": n} for n, x in ((1, "a"), (2, None), (3, "c"))]  # type: ignore[union-attr]  # user tasks
    assert [wait.scope for wait in waits] == ["work#1/work#1", "work#1/work#2", "work#1/work#3"]
    assert case.variables["work#1/work#1"] == {"item": "a", "loopCounter": 1, "vote": None}
    for number in (3, 1, 2):
        assert "after#1" not in case.open
        case.complete("work", scope="work#1", number=number, vote=number * 10)
    assert case.open == {"after#1"}
    assert case.variables == {"": {"items": ["a", None, "c"], "votes": [10, 20, 30]}}
    assert [key for key, _ in case.walked if "work" in key] == [
        "work#1", "work#1/work#1", "work#1/work#2", "work#1/work#3"
    ]  # fmt: skip
    assert list(json.loads(case.last.snapshot)["s"]) == [""]


def test_in_turn_one_instance_follows_the_other_and_nothing_is_an_item_too() -> None:
    case = run(asking(each(results=RESULTS, sequential=True)), items=[None, "b", None])
    for number in (1, 2, 3):
        assert case.open == {f"work#1/work#{number}"}
        case.complete("work", scope="work#1", vote=number)
    assert case.open == {"after#1"}
    assert case.variables[""]["votes"] == [1, 2, 3]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_is_passed_through_with_empty_results(sequential: bool) -> None:
    case = run(asking(each(results=RESULTS, sequential=sequential)), items=[])
    assert case.open == {"after#1"}
    assert case.variables == {"": {"items": [], "votes": []}}


def test_what_an_instance_writes_beside_its_own_names_goes_outward() -> None:
    case = run(asking(each()), items=[1, 2])
    case.complete("work", scope="work#1", number=1, item="mine", other="all")
    assert case.variables[""] == {"items": [1, 2], "other": "all"}
    case.complete("work", scope="work#1", number=2)
    assert case.variables == {"": {"items": [1, 2], "other": "all"}}


def test_the_collection_is_looked_at_once() -> None:
    case = run(asking(each(sequential=True)), items=[1, 2])
    case.complete("work", scope="work#1", items=[9, 9, 9, 9])
    assert case.last.opened[0].inputs == {"seen": 2, "at": 2}  # type: ignore[union-attr]  # a user task
    case.complete("work", scope="work#1")
    assert case.open == {"after#1"}


def test_it_is_over_as_soon_as_the_condition_holds() -> None:
    until = "=numberOfCompletedInstances / numberOfInstances >= 0.5"
    case = run(asking(each(results=RESULTS, until=until)), items=[1, 2, 3, 4])
    case.complete("work", scope="work#1", number=4, vote="no")
    step = case.complete("work", scope="work#1", number=2, vote="yes")
    assert set(step.closed) == {f"work#1/work#{n}" for n in (1, 2, 3)}
    assert case.open == {"after#1"}
    assert case.variables == {"": {"items": [1, 2, 3, 4], "votes": [None, "yes", None, "no"]}}


def test_the_condition_sees_the_result_and_stops_a_sequence() -> None:
    case = run(asking(each(results=RESULTS, until='=vote = "no"', sequential=True)), items=[1, 2, 3])
    case.complete("work", scope="work#1", vote="yes")
    case.complete("work", scope="work#1", vote="no")
    assert case.open == {"after#1"}
    assert case.variables[""]["votes"] == ["yes", "no", None]


def test_a_number_of_times_does_without_a_collection() -> None:
    assert run(asking(each(times="3"))).open == {"work#1/work#1", "work#1/work#2", "work#1/work#3"}
    assert run(asking(each(times="=n + 1")), n=1).open == {"work#1/work#1", "work#1/work#2"}


@pytest.mark.parametrize("items", ["abc", 3, None, {"a": 1}])
def test_a_collection_that_is_no_list_names_the_activity(items: object) -> None:
    with pytest.raises(StepError) as caught:
        run(asking(each()), items=items)
    assert caught.value.element_id == "work"


def test_variables_that_were_not_kept_are_an_error_that_names_the_activity() -> None:
    case = run(asking(each(sequential=True)), items=[1, 2])
    del case.variables["work#1"]
    with pytest.raises(StepError) as caught:
        case.complete("work", scope="work#1")
    assert caught.value.element_id == "work"


def test_jobs_and_messages_are_repeated_likewise() -> None:
    case = run(around(looped(job("work", inputs={"x": "=item"}), each(results=("sums", "=sum")))), items=[1, 2])
    for number in (1, 2):
        case.complete("work", scope="work#1", number=number, sum=number + 1)
    assert case.variables[""]["sums"] == [2, 3]
    case = run(around(looped(receive("work", "said"), each())), items=[1, 2])
    for number in (1, 2):
        case.deliver("work", scope="work#1", number=number)
    assert case.open == {"after#1"}


def test_a_called_process_runs_for_every_item() -> None:
    called = define("called", start(), user("ask", inputs={"seen": "=item"}), end(), *chain("start", "ask", "end"))
    host = looped(call("work", "called", inputs={"twice": "=item * 2"}, outputs={"vote": "=answer + twice"}),
                  each(results=RESULTS))  # fmt: skip
    case = run(around(host), called, items=[1, 2])
    assert case.open == {"work#1/work#1/ask#1", "work#1/work#2/ask#1"}
    assert case.waits["work#1/work#2/ask#1"].inputs == {"seen": 2}  # type: ignore[union-attr]  # a user task
    case.complete("ask", scope="work#1/work#2", answer=5)
    case.complete("ask", scope="work#1/work#1", answer=7)
    assert case.open == {"after#1"}
    assert case.variables == {"": {"items": [1, 2], "votes": [9, 9]}}


@pytest.mark.parametrize("sequential", [True, False])
def test_a_sub_process_runs_for_every_item_and_terminate_ends_one_of_them(sequential: bool) -> None:
    body = (start("i"), user("ask", inputs={"seen": "=item"}), user("beside"), end("stop", terminate=True),
            *chain("i", "ask", "stop"), *chain("i", "beside"))  # fmt: skip
    case = run(around(sub("work", *body, loop=each(results=RESULTS, sequential=sequential))), items=["a", "b"])
    for number in (1, 2):
        scope = f"work#1/work#{number}"
        assert f"{scope}/beside#1" in case.open
        step = case.complete("ask", scope=scope, vote=number)
        assert set(step.closed) == {f"{scope}/ask#1", f"{scope}/beside#1"}
    assert case.open == {"after#1"}
    assert case.variables == {"": {"items": ["a", "b"], "votes": [1, 2]}}


def test_a_boundary_event_watches_all_instances_together() -> None:
    diagram = around(
        looped(user("work"), each()), boundary_timer("late", "work", duration="P1D"), user("mend"),
        *chain("late", "mend", "end"),
    )  # fmt: skip
    case = run(diagram, items=[1, 2])
    case.complete("work", scope="work#1", number=1)
    step = case.fire("late")
    assert set(step.closed) == {"late#1", "work#1/work#2"}
    assert case.open == {"mend#1"}
    assert set(case.variables) == {""}


def test_an_error_of_one_instance_ends_them_all() -> None:
    diagram = around(
        named("error", "lost"), looped(job("work"), each()),
        throwing("boundaryEvent", "event", "error", "lost", attachedToRef="work"), user("mend"),
        *chain("event", "mend", "end"),
    )  # fmt: skip
    case = run(diagram, items=[1, 2, 3])
    step = case.fail("work", "lost", scope="work#1", number=2)
    assert set(step.closed) == {f"work#1/work#{n}" for n in (1, 2, 3)}
    assert case.open == {"mend#1"}
    assert set(case.variables) == {""}


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    case = run(around(looped(user("work", inputs={"at": "=loopCounter"}), again("=more"))))
    for number, more in ((1, True), (2, True), (3, False)):
        assert case.last.opened[0].inputs == {"at": number}  # type: ignore[union-attr]  # a user task
        case.complete("work", scope="work#1", more=more)
    assert case.open == {"after#1"}
    assert case.variables == {"": {"more": False}}


def test_a_loop_tested_before_may_not_run_at_all() -> None:
    assert run(around(looped(user("work"), again("=more", before=True))), more=False).open == {"after#1"}
    assert run(around(looped(user("work"), again("=more", before=True))), more=True).open == {"work#1/work#1"}


def test_a_condition_asked_before_the_first_round_sees_that_no_round_is_done() -> None:
    case = run(around(looped(user("work"), again("=loopCounter < 2", before=True))))
    assert case.open == {"work#1/work#1"}
    case.complete("work", scope="work#1")
    case.complete("work", scope="work#1")
    assert case.open == {"after#1"}


def test_a_loop_runs_at_most_so_often() -> None:
    case = run(around(looped(user("work"), again("=true", most="2"))))
    case.complete("work", scope="work#1")
    case.complete("work", scope="work#1")
    assert case.open == {"after#1"}
    assert run(around(looped(user("work"), again(most="0")))).open == {"after#1"}


def test_a_loop_condition_that_is_no_yes_or_no_names_the_activity() -> None:
    case = run(around(looped(user("work"), again("=more"))))
    with pytest.raises(StepError) as caught:
        case.complete("work", scope="work#1", more=3)
    assert caught.value.element_id == "work"


def test_loops_nest() -> None:
    deep = looped(user("ask", inputs={"sum": "=item + inner"}), each("=[10, 20]", "inner"))
    body = (start("i"), deep, end("e"), *chain("i", "ask", "e"))
    case = run(around(sub("work", *body, loop=each())), items=[1, 2])
    found = sorted(wait.inputs["sum"] for wait in case.waits.values())  # type: ignore[union-attr]  # user tasks
    assert found == [11, 12, 21, 22]
    for scope in ("work#1/work#1/ask#1", "work#1/work#2/ask#1"):
        for number in (1, 2):
            case.complete("ask", scope=scope, number=number)
    assert case.open == {"after#1"}
    assert set(case.variables) == {""}


@pytest.mark.parametrize(
    "marker",
    [each("", ""), each("items"), each(item="a.b"), each(results=("votes", "")), each(results=("votes", "vote")),
     each(until="done"), again(), again(most="many"), again("yes")],
)  # fmt: skip
def test_markers_that_say_too_little_are_refused(marker: str) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(around(looped(user("work"), marker)))
    assert caught.value.element_id == "work"
