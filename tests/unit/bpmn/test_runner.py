"""The elements a process is made of, each proven by its own probe, stepwise and forgetful."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bpmn.errors import SnapshotError, StepError, UnknownWaitError, UnsupportedElementError
from bpmn.model import JobWait, MessageWait, ProcessDefinition, ScopeChange, TimerWait, UserWait
from bpmn.runner import EXECUTED, Call, Runner, problems
from tests.support.bpmn_builder import (
    both,
    catch_message,
    catch_timer,
    chain,
    define,
    element,
    end,
    flow,
    job,
    message,
    receive,
    start,
    user,
    xor,
)
from tests.support.forgetful import NOW, Forgetful


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def test_start_task_end_walks_every_element_and_names_the_flows() -> None:
    case = run(define("p", start(), user("review"), end(), *chain("start", "review", "end")))
    assert case.open == {"review#1"}
    assert case.walked == [("start#1", None), ("review#1", "start-review")]
    step = case.complete("review")
    assert step.closed == ("review#1",)
    assert step.ended
    assert case.walked[2:] == [("end#1", "review-end")]
    assert case.open == set()


def test_user_task_hands_out_its_evaluated_attributes() -> None:
    zeebe = (
        '<zeebe:assignmentDefinition candidateGroups="officer, cashier" assignee="=clerk"/>'
        '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT8H&quot;)" followUpDate="2026-02-01T08:00:00"/>'
        '<zeebe:priorityDefinition priority="=10 + bonus"/><zeebe:formDefinition formId="review_form"/>'
        '<zeebe:properties><zeebe:property name="sla" value="short"/></zeebe:properties>'
    )
    case = run(
        define("p", start(), user("a", zeebe=zeebe, inputs={"sum": "=bonus * 2"}), *chain("start", "a")),
        clerk="an",
        bonus=5,
    )
    wait = case.last.opened[0]
    assert isinstance(wait, UserWait)
    assert (wait.candidate_groups, wait.assignee, wait.priority, wait.form_id) == (
        ("officer", "cashier"),
        "an",
        15,
        "review_form",
    )
    assert wait.due == NOW + timedelta(hours=8)
    assert wait.follow_up == datetime(2026, 2, 1, 8, tzinfo=NOW.tzinfo)
    assert wait.inputs == {"sum": 10}
    assert type(wait.inputs["sum"]) is int
    assert (wait.scope, wait.process_id, wait.properties) == ("", "p", {"sla": "short"})


def test_user_task_without_attributes_has_plain_defaults() -> None:
    wait = run(define("p", start(), user("a"), *chain("start", "a"))).last.opened[0]
    assert isinstance(wait, UserWait)
    assert (wait.candidate_groups, wait.assignee, wait.due, wait.priority, wait.form_id) == ((), None, None, 50, None)


@pytest.mark.parametrize("priority", ["=true", "=101", "=-1", "=1.5", "high"])
def test_a_priority_that_is_no_number_from_0_to_100_is_refused(priority: str) -> None:
    diagram = define(
        "p",
        start(),
        user("a", zeebe=f'<zeebe:priorityDefinition priority="{priority}"/>'),
        *chain("start", "a"),
    )
    with pytest.raises(StepError) as caught:
        run(diagram)
    assert caught.value.element_id == "a"


def test_a_list_of_groups_may_come_from_feel() -> None:
    zeebe = '<zeebe:assignmentDefinition candidateGroups="=groups"/>'
    diagram = define("p", start(), user("a", zeebe=zeebe), *chain("start", "a"))
    assert run(diagram, groups=["một cửa", "địa chính"]).last.opened[0].candidate_groups == ("một cửa", "địa chính")
    with pytest.raises(StepError):
        run(diagram, groups=[1])


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "manualTask", "businessRuleTask"])
def test_tasks_of_machines_rules_and_hands_are_jobs(kind: str) -> None:
    zeebe = '<zeebe:taskHeaders><zeebe:header key="to" value="citizen"/></zeebe:taskHeaders>'
    case = run(
        define(
            "p", start(), job("assess", "fee.assess", kind=kind, zeebe=zeebe), end(), *chain("start", "assess", "end")
        )
    )
    wait = case.last.opened[0]
    assert isinstance(wait, JobWait)
    assert (wait.type, wait.headers, wait.retries) == ("fee.assess", {"to": "citizen"}, 3)
    assert case.complete("assess", fee=8000).ended
    assert case.variables[""] == {"fee": 8000}


@pytest.mark.parametrize("kind", ["receive", "catch"])
def test_messages_are_waited_for_with_their_correlation(kind: str) -> None:
    part = receive("paid", "payment_received") if kind == "receive" else catch_message("paid", "payment_received")
    diagram = define("p", message("payment_received", "=number"), start(), part, end(), *chain("start", "paid", "end"))
    case = run(diagram, number=42)
    wait = case.last.opened[0]
    assert isinstance(wait, MessageWait)
    assert (wait.message, wait.correlation) == ("payment_received", "42")
    assert case.deliver("paid", amount=8000).ended
    assert case.variables[""]["amount"] == 8000


@pytest.mark.parametrize("number", [None, "", True, 1.5])
def test_a_correlation_that_is_no_text_or_whole_number_is_refused(number: object) -> None:
    diagram = define("p", message("m", "=number"), start(), receive("r", "m"), *chain("start", "r"))
    with pytest.raises(StepError, match="correlationKey"):
        run(diagram, number=number)


@pytest.mark.parametrize(
    ("timer", "due"),
    [
        ({"duration": "PT36H"}, NOW + timedelta(hours=36)),
        ({"duration": "P1M"}, datetime(2026, 2, 28, 8, tzinfo=NOW.tzinfo)),
        ({"duration": '=duration("P1M")'}, datetime(2026, 2, 28, 8, tzinfo=NOW.tzinfo)),
        ({"duration": '=duration("P2D")'}, datetime(2026, 2, 2, 8, tzinfo=NOW.tzinfo)),
        ({"date": "2026-03-01T00:00:00Z"}, datetime(2026, 3, 1, tzinfo=UTC)),
        ({"date": "2026-03-01T09:30:00"}, datetime(2026, 3, 1, 9, 30, tzinfo=NOW.tzinfo)),
        ({"date": "=day"}, datetime(2026, 3, 2, tzinfo=NOW.tzinfo)),
        ({"date": '=date("2026-03-03")'}, datetime(2026, 3, 3, tzinfo=NOW.tzinfo)),
        ({"date": '=date and time("2026-03-03T01:02:03")'}, datetime(2026, 3, 3, 1, 2, 3, tzinfo=NOW.tzinfo)),
        ({"cycle": "R/P1D"}, NOW + timedelta(days=1)),
    ],
)
def test_a_timer_reports_when_it_is_due(timer: dict[str, str], due: datetime) -> None:
    case = run(define("p", start(), catch_timer("t", **timer), end(), *chain("start", "t", "end")), day="2026-03-02")
    wait = case.last.opened[0]
    assert isinstance(wait, TimerWait)
    assert wait.due == due
    assert wait.due.tzinfo is not None
    assert case.fire("t").ended


@pytest.mark.parametrize("text", ["=5", "=null", "tomorrow", "=true", "P", "PT", "2026-02-30", "P1S"])
def test_a_timer_without_a_time_is_refused_with_its_element(text: str) -> None:
    diagram = define("p", start(), catch_timer("t", date=text), *chain("start", "t"))
    with pytest.raises(StepError) as caught:
        run(diagram)
    assert caught.value.element_id == "t"


def test_the_first_condition_that_holds_is_taken_in_document_order() -> None:
    diagram = define(
        "p",
        start(),
        xor("large", default="large-small_way"),
        user("small_way"),
        user("first"),
        user("second"),
        flow("start", "large"),
        flow("large", "small_way"),
        flow("large", "second", "=amount > 5", "z_first_drawn"),
        flow("large", "first", "=amount > 1"),
    )
    assert run(diagram, amount=9).open == {"second#1"}
    assert run(diagram, amount=3).open == {"first#1"}
    assert run(diagram, amount=1).open == {"small_way#1"}
    assert run(diagram).open == {"small_way#1"}, "null counts as false"
    assert ("second#1", "z_first_drawn") in run(diagram, amount=9).walked


def test_a_gateway_without_a_way_out_and_a_condition_without_a_truth_are_errors() -> None:
    diagram = define("p", start(), xor("g"), user("a"), flow("start", "g"), flow("g", "a", "=x"))
    for value in (False, None, 3, "true"):
        with pytest.raises(StepError) as caught:
            run(diagram, x=value)
        assert caught.value.element_id == "g"
    assert run(diagram, x=True).open == {"a#1"}


def test_parallel_branches_open_in_document_order_and_join_once() -> None:
    diagram = define(
        "p",
        start(),
        both("split"),
        user("b"),
        user("a"),
        both("join"),
        end(),
        *chain("start", "split", "b", "join", "end"),
        *chain("split", "a", "join"),
    )
    case = run(diagram)
    assert [wait.key for wait in case.last.opened] == ["b#1", "a#1"]
    assert not case.complete("a").ended
    assert case.complete("b").ended
    assert [key for key, _ in case.walked].count("end#1") == 1
    assert case.walked[-3:] == [("join#1", "a-join"), ("join#2", "b-join"), ("end#1", "join-end")]


def test_two_officers_review_and_send_back_in_rounds() -> None:
    diagram = define(
        "p",
        start(),
        xor("again"),
        both("split"),
        user("a"),
        user("b"),
        both("join"),
        xor("good", default="good-again"),
        end(),
        *chain("start", "again", "split", "a", "join", "good", "again"),
        *chain("split", "b", "join"),
        flow("good", "end", "=good"),
    )
    case = run(diagram, good=False)
    for number in range(1, 6):
        assert case.open == {f"a#{number}", f"b#{number}"}
        order = ("a", "b") if number % 2 else ("b", "a")
        case.complete(order[0])
        case.complete(order[1], good=number == 5)
    assert case.last.ended


def test_a_join_keeps_excess_tokens_of_one_flow() -> None:
    diagram = define(
        "p",
        start(),
        both("fork"),
        user("left"),
        user("right"),
        xor("merge"),
        both("join"),
        end(),
        flow("start", "fork"),
        flow("fork", "left"),
        flow("fork", "merge"),
        flow("fork", "right"),
        *chain("left", "merge", "join", "end"),
        flow("right", "join"),
    )
    case = run(diagram)
    case.complete("left")  # two tokens now wait on the same flow
    assert case.open == {"right#1"}
    case.complete("right")
    assert not case.last.ended, "one token is left at the join"
    assert json.loads(case.last.snapshot)["s"][""]["t"] == [["join", 2, {"f": "merge-join"}]]
    assert [key for key, _ in case.walked].count("end#1") == 1
    assert case.open == set()


def test_several_flows_out_of_a_task_fork_and_several_into_one_each_pass() -> None:
    diagram = define(
        "p", start(), user("a"), user("b"), user("c"), user("d"), *chain("start", "a", "b", "d"), *chain("a", "c", "d")
    )
    case = run(diagram)
    case.complete("a")
    assert case.open == {"b#1", "c#1"}
    case.complete("b")
    case.complete("c")
    assert case.open == {"d#1", "d#2"}
    case.complete("d", number=2)
    assert not case.last.ended
    assert case.complete("d").ended


def test_terminate_ends_everything_at_once() -> None:
    diagram = define(
        "p",
        start(),
        user("a"),
        user("b"),
        user("c"),
        end("stop", terminate=True),
        *chain("start", "a", "stop"),
        *chain("start", "b"),
        *chain("start", "c"),
    )
    case = run(diagram)
    step = case.complete("a")
    assert step.ended
    assert set(step.closed) == {"a#1", "b#1", "c#1"}
    assert step.closed[0] == "a#1"


def test_a_wait_that_begins_and_is_terminated_in_one_step_is_never_seen() -> None:
    diagram = define(
        "p",
        start(),
        user("a"),
        user("b"),
        end("stop", terminate=True),
        *chain("start", "a"),
        *chain("a", "b"),
        *chain("a", "stop"),
    )
    step = run(diagram).complete("a")
    assert (step.opened, step.closed, step.ended) == ((), ("a#1",), True)


def test_a_token_that_is_terminated_before_its_turn_reaches_nothing() -> None:
    diagram = define(
        "p", start(), user("a"), end("stop", terminate=True), xor("g"), user("b"), *chain("start", "a", "stop"),
        *chain("a", "g", "b"),
    )  # fmt: skip
    step = run(diagram).complete("a")
    assert step.ended
    assert [visit.element_id for visit in step.path] == ["stop", "g"], "it stood at g, and went no further"


def test_output_mappings_see_the_result_over_the_inputs_over_the_variables() -> None:
    diagram = define(
        "p",
        start(),
        user(
            "a", inputs={"x": "=10", "y": "=x + 1"}, outputs={"sum": "=x + y + z", "answer": "yes", "twice": "=sum * 2"}
        ),
        end(),
        *chain("start", "a", "end"),
    )
    case = run(diagram, z=100)
    assert case.last.opened[0].inputs == {"x": 10, "y": 11}
    assert case.complete("a", y=1, ignored="?").variables == (
        ScopeChange("", {"sum": 111, "answer": "yes", "twice": 222}),
    )


def test_an_output_does_not_change_what_the_next_one_sees_of_the_result() -> None:
    diagram = define("p", start(), user("a", outputs={"x": "=x + 1", "y": "=x", "z": "=y"}), *chain("start", "a"))
    case = run(diagram, x=100, y=200)
    case.complete("a", x=1)
    assert case.variables[""] == {"x": 2, "y": 1, "z": 1}


def test_values_leave_as_plain_ones() -> None:
    outputs = {
        "whole": "=2 + 1",
        "part": "=1 / 4",
        "day": '=date("2026-01-31")',
        "span": '=duration("P1DT2H")',
        "months": '=duration("P14M")',
        "at": '=date and time("2026-01-31T08:00:00+07:00")',
        "deep": "={a: [1, 2.50], b: null}",
    }
    case = run(define("p", start(), user("a", outputs=outputs), *chain("start", "a")))
    case.complete("a")
    assert case.variables[""] == {
        "whole": 3,
        "part": Decimal("0.25"),
        "day": "2026-01-31",
        "span": "P1DT2H",
        "months": "P1Y2M",
        "at": "2026-01-31T08:00:00+07:00",
        "deep": {"a": [1, Decimal("2.50")], "b": None},
    }
    assert type(case.variables[""]["whole"]) is int


def test_an_expression_sees_the_context_and_the_extra_functions() -> None:
    diagram = define("p", start(), user("a", inputs={"x": "=twice(case.fee)"}), *chain("start", "a"))
    call = Call(scopes={}, now=NOW, context={"case": {"fee": 4}}, functions={"twice": lambda value: value * 2})
    assert Runner(diagram).start(call).opened[0].inputs == {"x": 8}


def test_nothing_handed_in_is_altered() -> None:
    diagram = define("p", start(), user("a"), *chain("start", "a"))
    runner, scopes = Runner(diagram), {"": {"x": 1}}
    call = Call(scopes=scopes, now=NOW)
    result = {"x": 2}
    step = runner.complete(runner.start(call).snapshot, "a#1", result, call)
    assert scopes == {"": {"x": 1}}
    assert step.variables == (ScopeChange("", {"x": 2}),)


def test_what_is_not_open_cannot_be_ended() -> None:
    diagram = define(
        "p",
        start(),
        user("a"),
        both("j"),
        both("s"),
        catch_timer("t", duration="P1D"),
        *chain("start", "s", "a", "j"),
        *chain("s", "t"),
        flow("s", "j"),
    )
    runner, call = Runner(diagram), Call(scopes={}, now=NOW)
    snapshot = runner.start(call).snapshot
    for key in ("a#2", "a", "", "/", "j#1", "start#1", "x#1", "t#1", "x#1/a#1", "\x00"):
        with pytest.raises(UnknownWaitError):
            runner.complete(snapshot, key, {}, call)
    with pytest.raises(UnknownWaitError):
        runner.fire_timer(snapshot, "a#1", call)
    with pytest.raises(UnknownWaitError):
        runner.deliver_message(snapshot, "a#1", {}, call)
    done = runner.complete(snapshot, "a#1", {}, call).snapshot
    with pytest.raises(UnknownWaitError):
        runner.complete(done, "a#1", {}, call)


def test_cancel_closes_every_wait_and_leaves_nothing() -> None:
    diagram = define("p", start(), user("a"), user("b"), *chain("start", "a"), *chain("start", "b"))
    runner = Runner(diagram)
    snapshot = runner.start(Call(scopes={}, now=NOW)).snapshot
    step = runner.cancel(snapshot)
    assert (step.closed, step.ended, runner.waits(step.snapshot)) == (("a#1", "b#1"), True, ())
    assert runner.cancel(step.snapshot).closed == ()


def test_an_endless_automatic_loop_is_stopped() -> None:
    diagram = define("p", start(), xor("g"), both("h"), *chain("start", "g", "h", "g"))
    with pytest.raises(StepError, match="never waits") as caught:
        run(diagram)
    assert caught.value.element_id in {"g", "h"}


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(StepError, match="time zone"):
        Runner(define("p", start(), user("a"), *chain("start", "a"))).start(Call(scopes={}, now=datetime(2026, 1, 1)))


@pytest.mark.parametrize(
    "part",
    [
        element("scriptTask", "odd"),
        element("task", "odd"),
        element("manualTask", "odd"),
        element("businessRuleTask", "odd"),
        element("subProcess", "odd"),
        element("transaction", "odd"),
        element("adHocSubProcess", "odd"),
        element("inclusiveGateway", "odd"),
        element("complexGateway", "odd"),
        element("eventBasedGateway", "odd"),
        element("intermediateThrowEvent", "odd", "<bpmn:compensateEventDefinition/>"),
        element("intermediateThrowEvent", "odd", "<bpmn:messageEventDefinition/>"),
        element("intermediateCatchEvent", "odd", "<bpmn:linkEventDefinition/>"),
        element("intermediateCatchEvent", "odd", "<bpmn:signalEventDefinition/>"),
        element("intermediateCatchEvent", "odd", "<bpmn:timerEventDefinition/>"),
        element("intermediateCatchEvent", "odd", "<bpmn:messageEventDefinition/>"),
        element("endEvent", "odd", "<bpmn:errorEventDefinition/>"),
        element("endEvent", "odd", "<bpmn:messageEventDefinition/>"),
        element("startEvent", "odd"),
        element("boundaryEvent", "odd", "<bpmn:cancelEventDefinition/>", attachedToRef="a"),
        element("boundaryEvent", "odd", "<bpmn:timerEventDefinition/>", attachedToRef="a"),
        element("userTask", "odd", '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'),
        element("userTask", "odd", "<bpmn:standardLoopCharacteristics/>"),
        element("intermediateThrowEvent", "odd", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'),
        job("odd", ""),
        element("receiveTask", "odd"),
        element("callActivity", "odd"),
        element("callActivity", "odd", calledElement="nowhere"),
    ],
    ids=lambda part: part.xml[:70],
)
def test_what_is_not_executed_is_refused_by_name(part: object) -> None:
    begins = "startEvent" in part.xml or "boundaryEvent" in part.xml  # type: ignore[attr-defined]  # a Part
    flows = chain("start", "a") if begins else chain("start", "a", "odd")
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(define("p", start(), user("a"), part, *flows))  # type: ignore[arg-type]  # a Part
    assert caught.value.element_id == "odd"
    assert caught.value.message_vi != caught.value.message


@pytest.mark.parametrize(
    "parts",
    [
        [user("odd"), user("a"), *chain("start", "a")],
        [user("odd"), end(), end("e"), *chain("start", "odd", "end"), flow("odd", "e", "=true")],
        [xor("odd"), *chain("start", "odd")],
        [xor("odd"), end("e"), end("f"), *chain("start", "odd", "e"), flow("odd", "f", "=true")],
        [xor("odd"), end("e"), flow("start", "odd"), flow("odd", "e", "x > 1")],
        [both("odd"), end("e"), flow("start", "odd"), flow("odd", "e", "=true")],
        [end("odd"), end("f"), *chain("start", "odd", "f")],
        [user("odd", outputs={"a.b": "=1"}), *chain("start", "odd")],
    ],
    ids=str,
)
def test_shapes_without_a_meaning_are_refused_by_name(parts: list[object]) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(define("p", start(), *parts))  # type: ignore[arg-type]  # Parts
    assert caught.value.element_id == "odd"


@pytest.mark.parametrize("odd", ["a/b", "a#1", "/"])
def test_an_id_that_would_break_the_keys_is_refused(odd: str) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(define("p", start(), user(odd), *chain("start", odd)))
    assert caught.value.element_id == odd


def test_a_start_that_is_missing_or_entered_is_refused() -> None:
    with pytest.raises(UnsupportedElementError):
        Runner(define("p", user("a"), *chain("a", "a")))
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(define("p", start(), user("a"), *chain("start", "a", "start")))
    assert caught.value.element_id == "start"


def test_bad_feel_is_found_when_the_diagram_is_compiled() -> None:
    with pytest.raises(StepError) as caught:
        Runner(define("p", start(), user("a", inputs={"x": "=1 +"}), *chain("start", "a")))
    assert caught.value.element_id == "a"


def test_problems_lists_all_of_them_and_nothing_for_a_good_diagram() -> None:
    good = define("p", start(), user("a"), *chain("start", "a"))
    assert problems(good) == ()
    bad = define("p", start(), element("task", "x"), element("scriptTask", "y"), *chain("start", "x", "y"))
    assert [each.element_id for each in problems(bad)] == ["x", "y"]
    assert ("userTask", "none") in EXECUTED
    assert ("boundaryEvent", "cancel") not in EXECUTED


def test_element_ids_the_library_uses_itself_do_no_harm() -> None:
    diagram = define(
        "p", start("Start"), user("Root"), user("p.EndJoin"), end("End"), *chain("Start", "Root", "p.EndJoin", "End")
    )
    case = run(diagram)
    case.complete("Root")
    assert case.complete("p.EndJoin").ended


def test_an_extension_may_bear_the_id_of_an_element() -> None:
    zeebe = '<zeebe:userTaskForm id="a"/>'
    assert run(define("p", start(), user("a", zeebe=zeebe), *chain("start", "a"))).open == {"a#1"}


def test_a_misprinted_time_is_found_when_the_diagram_is_compiled() -> None:
    for timer in ({"duration": "P1"}, {"date": "31/01/2026"}, {"cycle": "R3"}):
        with pytest.raises(StepError) as caught:
            Runner(define("p", start(), catch_timer("t", **timer), *chain("start", "t")))
        assert caught.value.element_id == "t"


def test_a_snapshot_of_another_diagram_is_refused() -> None:
    first = Runner(define("p", start(), user("a"), *chain("start", "a")))
    second = Runner(define("p", start(), user("b"), *chain("start", "b")))
    call = Call(scopes={}, now=NOW)
    with pytest.raises(SnapshotError):
        second.complete(first.start(call).snapshot, "a#1", {}, call)


def test_the_zone_of_the_call_decides_what_a_day_is() -> None:
    diagram = define("p", start(), catch_timer("t", date='=date("2026-03-01")'), *chain("start", "t"))
    runner = Runner(diagram)
    for hours in (0, 7, -5):
        zone = timezone(timedelta(hours=hours))
        wait = runner.start(Call(scopes={}, now=NOW.astimezone(zone))).opened[0]
        assert isinstance(wait, TimerWait)
        assert wait.due == datetime(2026, 3, 1, tzinfo=zone)
