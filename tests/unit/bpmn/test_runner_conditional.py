"""Conditional events: what turns true happens once, in order, whatever changed it."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    Part,
    begin,
    both,
    boundary_condition,
    boundary_message,
    call,
    catch_message,
    chain,
    conditional,
    define,
    each,
    element,
    end,
    first_of,
    job,
    looped,
    message,
    named,
    some,
    start,
    sub,
    throwing,
    user,
    xor,
)
from tests.support.forgetful import NOW, Forgetful


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def until(condition: str, *more: Part) -> ProcessDefinition:
    """A process that waits for a condition while a task is open beside it."""
    return define("p", message("m"), start(), both("s"), conditional("intermediateCatchEvent", "c", condition),
                  user("after"), user("work"), end(), *chain("start", "s", "c", "after", "end"),
                  *chain("s", "work", "end"), *more)  # fmt: skip


def watched(*watchers: Part, host: Part | None = None, more: Iterable[Part] = ()) -> ProcessDefinition:
    return define("p", message("m"), start(), both("s"), host or user("work"), user("other"), end(),
                  *chain("start", "s", "work", "end"), *chain("s", "other", "end"), *watchers, *more)  # fmt: skip


def tail(*events: str) -> list[Part]:
    return [part for each in events for part in (user(f"{each}_task"), *chain(each, f"{each}_task"))]


def visited(case: Forgetful, element_id: str) -> int:
    return sum(key.rpartition("/")[2].startswith(f"{element_id}#") for key, _ in case.walked)


def test_what_holds_when_the_token_arrives_happens_at_once() -> None:
    case = run(until("=x > 1"), x=2)
    assert case.open == {"after#1", "work#1"}
    assert not case.last.conditional


def test_what_does_not_hold_yet_is_waited_for_and_looked_at_after_every_step() -> None:
    case = run(until("=x > 1"), x=1)
    assert case.open == {"work#1"}
    assert case.last.conditional
    assert json.loads(case.last.snapshot)["s"][""]["t"] == [["c", 1], ["work", 1]]
    step = case.complete("work", x=2)
    assert case.open == {"after#1"}
    assert [visit.element_id for visit in step.path] == ["end", "after"]


def test_a_variable_changed_outside_is_seen_when_the_case_is_woken() -> None:
    case = run(until("=x > 1"), x=1)
    before = case.last.snapshot
    step = case.wake(x=1)
    assert (step.snapshot, step.path, step.opened, step.closed, step.variables) == (before, (), (), (), ())
    assert case.wake(x=5).path[0].element_id == "after"
    assert case.complete("after").ended is False


def test_the_context_of_the_call_is_seen_too() -> None:
    runner = Runner(until("=case.paid"))
    begun = runner.start(Call(scopes={}, now=NOW, context={"case": {"paid": False}}))
    assert runner.wake(begun.snapshot, Call(scopes={}, now=NOW, context={"case": {"paid": False}})).path == ()
    woken = runner.wake(begun.snapshot, Call(scopes={}, now=NOW, context={"case": {"paid": True}}))
    assert [wait.key for wait in woken.opened] == ["after#1"]


def test_waking_a_case_without_conditions_changes_nothing() -> None:
    case = run(define("p", start(), user("a"), *chain("start", "a")))
    before = case.last.snapshot
    step = case.wake(x=5)
    assert (step.snapshot, step.path, step.ended, step.conditional) == (before, (), False, False)
    assert not Runner(define("p", start(), user("a"), *chain("start", "a"))).conditional


def test_a_runner_knows_whether_anything_it_runs_has_conditions() -> None:
    plain = define("p", start(), call("c", "q"), *chain("start", "c"))
    inner = define("q", start(), sub("i", start("b"), conditional("intermediateCatchEvent", "w", "=x"),
                   *chain("b", "w")), *chain("start", "i"))  # fmt: skip
    assert Runner(plain, {"q": inner}).conditional
    assert Runner(until("=x > 1")).conditional


def test_an_interrupting_boundary_event_ends_its_activity() -> None:
    case = run(watched(boundary_condition("b", "work", "=x"), more=tail("b")), x=False)
    step = case.complete("other", x=True)
    assert step.closed == ("other#1", "work#1")
    assert case.open == {"b_task#1"}
    assert case.complete("b_task").ended


def test_an_activity_that_ends_takes_its_condition_along() -> None:
    case = run(watched(boundary_condition("b", "work", "=x"), more=tail("b")), x=False)
    case.complete("work")
    assert not case.last.conditional
    case.complete("other", x=True)
    assert case.last.ended


def test_a_boundary_condition_that_holds_already_interrupts_at_once_and_nobody_sees_the_task() -> None:
    case = run(watched(boundary_condition("b", "work", "=true"), more=tail("b")))
    assert case.open == {"b_task#1", "other#1"}
    assert case.last.opened[0].key != "work#1"


def test_one_that_does_not_interrupt_happens_again_only_after_it_was_false() -> None:
    case = run(watched(boundary_condition("b", "work", "=x > 1", interrupting=False), more=tail("b")), x=1)
    case.wake(x=2)
    assert case.open == {"work#1", "other#1", "b_task#1"}
    held = case.last.snapshot
    assert json.loads(held)["s"][""]["t"][0] == ["b", 1, {"h": 1, "x": 1, "b": 1}]
    assert case.wake(x=3).snapshot == held
    assert case.wake(x=3).path == ()
    assert case.wake(x=0).path == ()
    assert json.loads(case.last.snapshot)["s"][""]["t"][0] == ["b", 1, {"h": 1, "x": 1}]
    case.wake(x=9)
    assert [key for key, _ in case.walked if key.startswith("b#")] == ["b#1", "b#2"]
    assert case.open == {"work#1", "other#1", "b_task#1", "b_task#2"}


def test_two_that_come_true_at_once_both_happen_in_the_order_of_the_document() -> None:
    events = [boundary_condition(name, "work", "=x", interrupting=False) for name in ("late", "early")]
    case = run(watched(*events, more=tail("late", "early")), x=False)
    step = case.wake(x=True)
    assert [visit.element_id for visit in step.path] == ["late", "late_task", "early", "early_task"]


def test_an_interrupting_one_that_comes_true_first_cancels_the_other() -> None:
    events = [boundary_condition("hard", "work", "=x"), boundary_condition("soft", "work", "=x", interrupting=False)]
    case = run(watched(*events, more=tail("hard", "soft")), x=False)
    case.wake(x=True)
    assert case.open == {"hard_task#1", "other#1"}
    case = run(watched(*reversed(events), more=tail("hard", "soft")), x=False)
    case.wake(x=True)
    assert case.open == {"soft_task#1", "hard_task#1", "other#1"}
    case = run(watched(*events, more=tail("hard", "soft")), x=True)
    assert case.open == {"hard_task#1", "other#1"}, "likewise when both hold from the start"


def test_the_first_of_several_events_behind_a_gateway_closes_the_others() -> None:
    diagram = define("p", message("m"), start(), both("s"), user("work"), *chain("s", "work"), first_of("g"),
                     catch_message("word", "m"), conditional("intermediateCatchEvent", "c", "=x"),
                     user("a"), user("b"), *chain("start", "s", "g", "word", "a"), *chain("g", "c", "b"))  # fmt: skip
    case = run(diagram, x=False)
    assert case.open == {"work#1", "word#1"}
    step = case.wake(x=True)
    assert step.closed == ("word#1",)
    assert case.open == {"work#1", "b#1"}
    assert [(visit.element_id, visit.flow_id) for visit in step.path] == [("c", "g-c"), ("b", "c-b")]
    case = run(diagram, x=True)
    assert case.open == {"work#1", "b#1"}
    case = run(diagram, x=False)
    case.deliver("word")
    assert not case.last.conditional


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_sub_process_starts_when_something_comes_true(interrupting: bool) -> None:
    handler = sub("h", begin("b", "conditional", "=x", interrupting=interrupting), user("handle"), end("o"),
                  *chain("b", "handle", "o"), triggered=True)  # fmt: skip
    case = run(define("p", start(), user("work"), end(), *chain("start", "work", "end"), handler), x=False)
    assert case.open == {"work#1"}
    case.wake(x=True)
    assert case.open == {"h#1/handle#1"} | ({"work#1"} if not interrupting else set())
    case.wake(x=False)
    case.wake(x=True)
    assert visited(case, "h") == (1 if interrupting else 2)
    for key in sorted(case.open):
        scope, _, name = key.rpartition("/")
        case.complete(name.partition("#")[0], scope=scope)
    assert case.last.ended


def test_a_scope_whose_condition_holds_from_the_start_is_interrupted_before_its_work_opens() -> None:
    handler = sub("h", begin("b", "conditional", "=x"), user("handle"), *chain("b", "handle"), triggered=True)
    case = run(define("p", start(), user("work"), *chain("start", "work"), handler), x=True)
    assert case.open == {"h#1/handle#1"}
    assert visited(case, "work") == 0


def test_a_guard_does_not_keep_its_scope_alive() -> None:
    handler = sub("h", begin("b", "conditional", "=x"), user("handle"), *chain("b", "handle"), triggered=True)
    case = run(define("p", start(), user("work"), end(), *chain("start", "work", "end"), handler), x=False)
    step = case.complete("work")
    assert step.ended
    assert not step.conditional


def test_a_condition_inside_a_sub_process_sees_the_variables_made_there() -> None:
    inner = sub("inside", start("i"), both("f"), user("ask"), conditional("intermediateCatchEvent", "c", "=mine > 1"),
                user("seen"), *chain("i", "f", "ask"), *chain("f", "c", "seen"), inputs={"mine": "=1"})  # fmt: skip
    case = run(define("p", start(), inner, *chain("start", "inside")), mine=9)
    assert case.open == {"inside#1/ask#1"}, "the variable outside is hidden by the one inside"
    case.complete("ask", scope="inside#1", mine=2)
    assert case.open == {"inside#1/seen#1"}


def test_a_boundary_event_of_a_sub_process_sees_the_variables_made_inside_it() -> None:
    inner = sub("work", start("i"), user("ask"), user("more"), *chain("i", "ask", "more"), inputs={"mine": "=1"})
    case = run(watched(boundary_condition("b", "work", "=mine > 1"), host=inner, more=tail("b")))
    case.complete("ask", scope="work#1", mine=2)
    assert case.open == {"other#1", "b_task#1"}
    assert "work#1" not in case.variables


def test_a_boundary_event_of_a_task_or_call_sees_its_inputs_but_not_what_a_called_process_keeps() -> None:
    case = run(watched(boundary_condition("b", "work", "=double > 5"), more=tail("b"),
                       host=user("work", inputs={"double": "=x * 2"})), x=2)  # fmt: skip
    case.wake(x=3)
    assert case.open == {"other#1", "b_task#1"}
    called = define("called", start(), user("ask"), user("more"), *chain("start", "ask", "more"))
    host = call("work", "called", inputs={"double": "=x * 2"})
    case = run(watched(boundary_condition("b", "work", '=decision = "no" or double > 5'), more=tail("b"), host=host),
               called, x=2)  # fmt: skip
    case.complete("ask", scope="work#1", decision="no")
    assert case.open == {"other#1", "work#1/more#1"}
    case.wake(x=3)
    assert case.open == {"other#1", "b_task#1"}


def test_a_boundary_event_of_a_repeated_activity_watches_all_instances_and_their_results() -> None:
    host = looped(user("work"), each("=[1, 2, 3]", results=("marks", "=mark")))
    case = run(watched(boundary_condition("b", "work", "=count(marks[item = false]) > 0"), host=host, more=tail("b")))
    case.complete("work", scope="work#1", number=1, mark=True)
    assert "b_task#1" not in case.open
    case.complete("work", scope="work#1", number=3, mark=False)
    assert case.open == {"other#1", "b_task#1"}


def test_an_instance_of_a_loop_looks_at_its_own_variables() -> None:
    body = sub("work", start("i"), conditional("intermediateCatchEvent", "c", "=item <= limit"), user("t"),
               *chain("i", "c", "t"), loop=each("=[1, 2]"))  # fmt: skip
    case = run(define("p", start(), body, *chain("start", "work")), limit=1)
    assert case.open == {"work#1/work#1/t#1"}
    case.wake(limit=2)
    assert case.open == {"work#1/work#1/t#1", "work#1/work#2/t#1"}


def test_an_inclusive_join_waits_for_a_condition_that_may_still_come_true() -> None:
    diagram = define("p", start(), both("s"), user("a"), conditional("intermediateCatchEvent", "c", "=x"), some("j"),
                     user("after"), *chain("start", "s", "a", "j", "after"), *chain("s", "c", "j"))  # fmt: skip
    case = run(diagram, x=False)
    case.complete("a")
    assert case.open == set()
    assert case.last.conditional
    assert case.wake(x=False).path == ()
    assert [(visit.element_id, visit.flow_id) for visit in case.wake(x=True).path] == [
        ("j", "c-j"), ("after", "j-after")
    ]  # fmt: skip


def test_a_join_is_let_go_when_the_condition_that_could_reach_it_is_gone_or_has_come() -> None:
    diagram = define("p", start(), both("s"), user("a"), user("work"), boundary_condition("b", "work", "=x"),
                     some("j"), user("after"), *chain("start", "s", "a", "j", "after"), *chain("s", "work"),
                     *chain("b", "j"))  # fmt: skip
    case = run(diagram, x=False)
    case.complete("a")
    assert case.open == {"work#1"}, "the boundary event may still come"
    case.complete("work")
    assert case.open == {"after#1"}
    case = run(diagram, x=False)
    case.complete("a")
    case.wake(x=True)
    assert case.open == {"after#1"}
    assert visited(case, "after") == 1
    case = run(diagram, x=False)
    case.complete("a", x=True)
    assert case.open == {"after#1"}, "what has come true goes before a join that would be let go"


def test_a_condition_reacts_to_what_another_one_writes_in_the_same_step() -> None:
    inner = sub("set", start("i"), end("o"), *chain("i", "o"), outputs={"y": "=true"})
    diagram = define("p", start(), both("s"), conditional("intermediateCatchEvent", "one", "=x"), inner,
                     conditional("intermediateCatchEvent", "two", "=y"), user("after"),
                     *chain("start", "s", "one", "set"), *chain("s", "two", "after"))  # fmt: skip
    case = run(diagram, x=False, y=False)
    case.wake(x=True)
    assert case.open == {"after#1"}
    assert case.variables[""]["y"] is True


def test_what_was_true_on_arrival_happens_even_if_the_same_step_makes_it_false() -> None:
    inner = sub("set", start("i"), end("o"), *chain("i", "o"), outputs={"x": "=false"})
    diagram = define("p", start(), both("s"), inner, conditional("intermediateCatchEvent", "c", "=x"), user("after"),
                     *chain("start", "s", "set"), *chain("s", "c", "after"))  # fmt: skip
    case = run(diagram, x=True)
    assert case.open == {"after#1"}
    assert case.variables[""]["x"] is False


def test_an_output_mapping_of_the_event_is_written() -> None:
    mapping = '<bpmn:extensionElements><zeebe:ioMapping><zeebe:output source="=x * 10" target="y"/></zeebe:ioMapping>'
    body = (f"{mapping}</bpmn:extensionElements><bpmn:conditionalEventDefinition><bpmn:condition>=x &gt; 1"
            "</bpmn:condition></bpmn:conditionalEventDefinition>")  # fmt: skip
    case = run(define("p", start(), both("s"), element("intermediateCatchEvent", "c", body), user("a"), user("w"),
                      *chain("start", "s", "c", "a"), *chain("s", "w")), x=1)  # fmt: skip
    case.wake(x=2)
    assert case.variables[""]["y"] == 20


def test_errors_and_terminates_close_what_waits_for_a_condition() -> None:
    inside = (start("i"), both("f"), conditional("intermediateCatchEvent", "c", "=x"), user("ask"),
              throwing("endEvent", "t", "error", "E"), *chain("i", "f", "c"), *chain("f", "ask", "t"))  # fmt: skip
    caught = throwing("boundaryEvent", "caught", "error", "E", attachedToRef="work")
    case = run(watched(caught, host=sub("work", *inside), more=[named("error", "E"), *tail("caught")]), x=False)
    case.complete("ask", scope="work#1", x=True)
    assert case.open == {"other#1", "caught_task#1"}
    assert not case.last.conditional


def test_null_counts_as_false_and_anything_else_but_a_boolean_is_an_error_of_the_step() -> None:
    case = run(until("=x > 1"))
    assert case.open == {"work#1"}
    runner = Runner(until("=x"))
    begun = runner.start(Call(scopes={"": {"x": None}}, now=NOW))
    with pytest.raises(StepError, match='"c" gives Decimal') as caught:
        runner.wake(begun.snapshot, Call(scopes={"": {"x": 3}}, now=NOW))
    assert caught.value.element_id == "c"
    with pytest.raises(StepError):
        runner.start(Call(scopes={"": {"x": "yes"}}, now=NOW))


def test_an_endless_chain_of_conditions_is_stopped() -> None:
    loop = define("p", start(), xor("x"), conditional("intermediateCatchEvent", "c", "=true"),
                  *chain("start", "x", "c", "x"))  # fmt: skip
    with pytest.raises(StepError, match="never waits"):
        run(loop)


def test_two_conditions_that_set_each_other_off_are_stopped() -> None:
    def switch(name: str, to: str) -> Part:
        return sub(f"set_{name}", start(f"i{name}"), end(f"o{name}"), *chain(f"i{name}", f"o{name}"),
                   outputs={"x": to})  # fmt: skip

    diagram = define("p", start(), user("work"), *chain("start", "work"),
                     boundary_condition("a", "work", "=x = 1", interrupting=False), switch("a", "=2"),
                     boundary_condition("b", "work", "=x = 2", interrupting=False), switch("b", "=1"),
                     *chain("a", "set_a"), *chain("b", "set_b"))  # fmt: skip
    with pytest.raises(StepError, match="never waits"):
        run(diagram, x=1)


@pytest.mark.parametrize("condition", ["", "x > 1"])
@pytest.mark.parametrize(
    "place",
    [lambda text: until(text), lambda text: watched(boundary_condition("c", "work", text), more=tail("c")),
     lambda text: watched(sub("h", begin("c", "conditional", text), end("e"), *chain("c", "e"), triggered=True))],
)  # fmt: skip
def test_an_event_without_a_condition_in_feel_is_refused_by_its_id(condition: str, place: object) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(place(condition))  # type: ignore[operator]  # one of the places above
    assert caught.value.element_id == "c"


def test_a_condition_that_cannot_be_read_is_refused_by_its_id() -> None:
    with pytest.raises(StepError) as caught:
        Runner(until("=x >"))
    assert caught.value.element_id == "c"


def test_a_message_and_a_condition_watch_the_same_task() -> None:
    events = (boundary_condition("b", "work", "=x", interrupting=False),
              boundary_message("m1", "work", "m", interrupting=False))  # fmt: skip
    case = run(watched(*events, more=tail("b", "m1")), x=False)
    case.deliver("m1", x=True)
    assert case.open == {"work#1", "other#1", "m1#1", "m1_task#1", "b_task#1"}


def test_a_condition_in_a_called_process_is_woken_there_and_signals_reach_past_it() -> None:
    called = define("called", start(), conditional("intermediateCatchEvent", "c", "=case.paid"), end(),
                    *chain("start", "c", "end"))  # fmt: skip
    runner = Runner(define("p", start(), call("work", "called"), job("tell"), *chain("start", "work", "tell")),
                    {"called": called})  # fmt: skip
    begun = runner.start(Call(scopes={}, now=NOW, context={"case": {"paid": False}}))
    assert begun.conditional
    woken = runner.wake(begun.snapshot, Call(scopes={}, now=NOW, context={"case": {"paid": True}}))
    assert [wait.key for wait in woken.opened] == ["tell#1"]
    assert runner.cancel(begun.snapshot).ended
