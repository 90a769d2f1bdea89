"""Boundary events: timers, cycles and messages beside an activity, interrupting and not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bpmn.errors import StepError, UnknownWaitError
from bpmn.model import ProcessDefinition, TimerWait
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    Part,
    boundary_message,
    boundary_timer,
    call,
    chain,
    define,
    end,
    job,
    message,
    receive,
    start,
    user,
)
from tests.support.forgetful import NOW, Forgetful

HOSTS = {
    "user": user("work"),
    "service": job("work"),
    "send": job("work", kind="sendTask"),
    "manual": job("work", kind="manualTask"),
    "rule": job("work", kind="businessRuleTask"),
    "receive": receive("work", "other"),
}


def watched(host: Part, *events: Part) -> ProcessDefinition:
    return define(
        "p",
        message("other"),
        message("recall", "=id"),
        start(),
        host,
        *events,
        user("late"),
        end(),
        *chain("start", "work", "end"),
        *chain("event", "late", "end"),
    )


def run(definition: ProcessDefinition, *called: ProcessDefinition, **variables: object) -> Forgetful:
    return Forgetful(definition, *called, variables=variables)


def due(case: Forgetful, key: str) -> datetime:
    wait = case.waits[key]
    assert isinstance(wait, TimerWait)
    return wait.due


@pytest.mark.parametrize("host", HOSTS)
def test_an_interrupting_timer_ends_its_activity_and_goes_its_own_way(host: str) -> None:
    case = run(watched(HOSTS[host], boundary_timer("event", "work", duration="P3D")))
    assert case.open == {"work#1", "event#1"}
    assert due(case, "event#1") == NOW + timedelta(days=3)
    step = case.fire("event")
    assert step.closed == ("event#1", "work#1")
    assert case.open == {"late#1"}
    assert case.walked[-2:] == [("event#1", None), ("late#1", "event-late")]
    assert case.complete("late").ended


@pytest.mark.parametrize("host", HOSTS)
def test_an_activity_that_is_done_closes_what_watches_it(host: str) -> None:
    case = run(watched(HOSTS[host], boundary_timer("event", "work", duration="P3D")))
    step = case.deliver("work") if host == "receive" else case.complete("work")
    assert step.closed == ("work#1", "event#1")
    assert step.ended
    assert "event#1" not in [key for key, _ in case.walked], "it never happened"


def test_a_timer_that_does_not_interrupt_fires_once_beside_the_activity() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", duration="P3D", interrupting=False)))
    step = case.fire("event")
    assert step.closed == ("event#1",)
    assert case.open == {"work#1", "late#1"}
    case.complete("work")
    assert not case.last.ended
    assert case.complete("late").ended


def test_an_interrupting_message_closes_the_other_watchers_and_brings_its_payload() -> None:
    case = run(
        watched(
            HOSTS["user"],
            boundary_message("event", "work", "recall", outputs={"reason": "=why"}),
            boundary_timer("other_event", "work", duration="P1D"),
        ),
        id="7",
    )
    assert case.waits["event#1"].correlation == "7"  # type: ignore[union-attr]  # it is a message
    step = case.deliver("event", why="đổi ý", more=1)
    assert step.closed == ("event#1", "work#1", "other_event#1")
    assert case.variables[""] == {"id": "7", "reason": "đổi ý"}
    assert case.open == {"late#1"}


def test_a_message_that_does_not_interrupt_may_come_again_under_the_same_key() -> None:
    case = run(watched(HOSTS["user"], boundary_message("event", "work", "recall", interrupting=False)), id=1)
    for number in range(1, 4):
        step = case.deliver("event", note=number)
        assert step.closed == ()
        assert [wait.key for wait in step.opened] == [f"late#{number}"]
        assert step.path[0].key == f"event#{number}"
        assert case.variables[""]["note"] == number
    assert case.open == {"work#1", "event#1", "late#1", "late#2", "late#3"}
    assert case.complete("work").closed == ("work#1", "event#1")


def test_the_next_round_of_an_activity_gets_fresh_watchers_with_their_own_numbers() -> None:
    diagram = define(
        "p",
        message("recall"),
        start(),
        user("work"),
        boundary_message("event", "work", "recall", interrupting=False),
        boundary_timer("limit", "work", duration="P1D"),
        user("late"),
        *chain("start", "work"),
        *chain("limit", "work"),
        *chain("event", "late"),
    )
    case = run(diagram)
    case.deliver("event")
    case.deliver("event")  # visits event#1 and event#2
    step = case.fire("limit")
    assert step.closed == ("limit#1", "work#1", "event#1")
    assert {"work#2", "limit#2", "event#3"} <= case.open
    case.deliver("event")
    assert case.walked[-2][0] == "event#3"


def test_a_cycle_opens_again_under_its_key_until_it_is_used_up() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", cycle="R3/P1D", interrupting=False)))
    for day in (1, 2):
        assert due(case, "event#1") == NOW + timedelta(days=day)
        step = case.fire("event")
        assert step.closed == ()
        assert {wait.key for wait in step.opened} == {"event#1", f"late#{day}"}
    assert due(case, "event#1") == NOW + timedelta(days=3)
    assert case.fire("event").closed == ("event#1",)
    assert case.open == {"work#1", "late#1", "late#2", "late#3"}


def test_a_late_cycle_fires_once_and_then_at_its_next_future_slot() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", cycle="R/P1D", interrupting=False)))
    case.fire("event", now=NOW + timedelta(days=10, hours=3))
    assert due(case, "event#1") == NOW + timedelta(days=11)
    assert case.open == {"work#1", "event#1", "late#1"}
    case.fire("event", now=NOW + timedelta(days=11))
    assert due(case, "event#1") == NOW + timedelta(days=12)


def test_a_counted_cycle_that_is_too_late_loses_its_missed_slots() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", cycle="R5/P1D", interrupting=False)))
    case.fire("event", now=NOW + timedelta(days=4, hours=1))
    assert due(case, "event#1") == NOW + timedelta(days=5)
    assert case.fire("event").closed == ("event#1",)


def test_a_cycle_of_a_second_years_late_is_answered_at_once() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", cycle="R/PT1S", interrupting=False)))
    later = datetime(2046, 1, 1, tzinfo=UTC)
    case.fire("event", now=later)
    assert due(case, "event#1") == later + timedelta(seconds=1)


def test_a_monthly_cycle_keeps_its_day_where_the_month_has_it() -> None:
    cycle = "R/2026-01-31T08:00:00+07:00/P1M"
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", cycle=cycle, interrupting=False)))
    found = [due(case, "event#1")]
    for _ in range(4):
        case.fire("event")
        found.append(due(case, "event#1"))
    assert [(each.month, each.day) for each in found] == [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]
    assert {each.hour for each in found} == {8}


def test_a_daily_cycle_keeps_its_hour_on_the_wall_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    diagram = watched(HOSTS["user"], boundary_timer("event", "work", cycle="R/P1D", interrupting=False))
    runner, eve = Runner(diagram), datetime(2026, 3, 27, 8, tzinfo=berlin)  # the clocks change in the night to the 29th
    step = runner.start(Call(scopes={}, now=eve))
    for day in (28, 29, 30):
        found = next(wait for wait in step.opened if isinstance(wait, TimerWait))
        assert found.due == datetime(2026, 3, day, 8, tzinfo=berlin)
        step = runner.fire_timer(step.snapshot, "event#1", Call(scopes={}, now=found.due.astimezone(berlin)))


def test_an_interrupting_cycle_fires_only_once() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", cycle="R/P1D")))
    assert case.fire("event").closed == ("event#1", "work#1")
    assert case.open == {"late#1"}


@pytest.mark.parametrize(
    "cycle", ["P1D", "R0/P1D", "R/PT0S", "R/-P1D", "R/P", "R-1/P1D", "=3", "=null", "R/P1D/P1D", "R"]
)
def test_a_cycle_that_is_none_is_refused_with_its_element(cycle: str) -> None:
    with pytest.raises(StepError) as caught:
        run(watched(HOSTS["user"], boundary_timer("event", "work", cycle=cycle, interrupting=False)))
    assert caught.value.element_id == "event"


def test_boundary_expressions_see_the_inputs_of_their_activity() -> None:
    host = user("work", inputs={"days": "=base + 1"})
    event = boundary_timer("event", "work", duration='=duration("P" + string(days) + "D")')
    assert due(run(watched(host, event), base=4), "event#1") == NOW + timedelta(days=5)


def test_a_watcher_of_a_closed_activity_cannot_happen() -> None:
    case = run(watched(HOSTS["user"], boundary_timer("event", "work", duration="P1D", interrupting=False)))
    case.fire("event")
    with pytest.raises(UnknownWaitError):
        case._end("fire_timer", "event#1")


def _called() -> ProcessDefinition:
    return define(
        "sub",
        start(),
        user("inner"),
        boundary_timer("inner_limit", "inner", duration="P1D"),
        user("beside"),
        end(),
        *chain("start", "inner", "end"),
        *chain("start", "beside", "end"),
        *chain("inner_limit", "end"),
    )


def test_interrupting_a_call_closes_everything_inside_and_drops_its_scope() -> None:
    diagram = watched(call("work", "sub", inputs={"x": "=1"}), boundary_message("event", "work", "recall"))
    case = run(diagram, _called(), id="1")
    assert case.open == {"work#1/inner#1", "work#1/inner_limit#1", "work#1/beside#1", "event#1"}
    assert case.variables["work#1"] == {"x": 1}
    step = case.deliver("event")
    assert set(step.closed) == {"event#1", "work#1/inner#1", "work#1/inner_limit#1", "work#1/beside#1"}
    assert [change.scope for change in step.variables if change.dropped] == ["work#1"]
    assert "work#1" not in case.variables
    assert case.open == {"late#1"}


def test_a_call_that_ends_closes_its_watchers() -> None:
    case = run(
        watched(call("work", "sub"), boundary_timer("event", "work", duration="P9D", interrupting=False)), _called()
    )
    case.fire("event")
    case.complete("inner", scope="work#1")
    case.complete("beside", scope="work#1")
    assert case.open == {"late#1"}
    assert case.complete("late").ended


def test_an_event_whose_way_leads_straight_to_the_end_ends_the_case() -> None:
    diagram = define(
        "p", start(), user("work"), boundary_timer("event", "work", duration="P1D"), end(),
        *chain("start", "work", "end"), *chain("event", "end"),
    )  # fmt: skip
    assert run(diagram).fire("event").ended


def test_an_event_that_leads_nowhere_just_ends_its_token() -> None:
    diagram = define(
        "p", start(), user("work"), boundary_timer("event", "work", duration="P1D"), *chain("start", "work")
    )
    assert run(diagram).fire("event").ended


def test_terminate_reached_from_a_cycle_closes_the_cycle_too() -> None:
    diagram = define(
        "p",
        start(),
        user("work"),
        boundary_timer("event", "work", cycle="R/P1D", interrupting=False),
        end("stop", terminate=True),
        *chain("start", "work"),
        *chain("event", "stop"),
    )
    step = run(diagram).fire("event")
    assert step.ended
    assert set(step.closed) == {"work#1", "event#1"}
    assert step.opened == ()
