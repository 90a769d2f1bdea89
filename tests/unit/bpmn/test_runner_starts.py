"""How a process begins: without a trigger, by a message, by time, by a signal; and what leaves open which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition, StartFacts, TimerDefinition
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import (
    Part,
    begin,
    call,
    chain,
    define,
    element,
    end,
    extensions,
    mappings,
    message,
    named,
    start,
    sub,
    user,
)
from tests.support.forgetful import Forgetful

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EIGHT = datetime(2026, 1, 31, 8, 0, tzinfo=ZONE)
BEFORE = EIGHT - timedelta(microseconds=1)
NAMES = (message("asked"), message("told"), named("signal", "S"), named("signal", "T"))


def begun_by(*starts: Part, plain: bool = True) -> ProcessDefinition:
    """A process whose start events all lead to one task."""
    ids = [each.xml.split('id="', 1)[1].split('"', 1)[0] for each in starts]
    flows = [flow for each in [*ids, *(["start"] if plain else [])] for flow in chain(each, "a")]
    return define("p", *NAMES, *([start()] if plain else []), *starts, user("a"), end(), *flows, *chain("a", "end"))


ALL = (begin("m", "message", "asked"), begin("t", "timer", "R/P1D"), begin("s", "signal", "S"))


def test_the_start_events_of_a_process_are_told_as_facts() -> None:
    assert Runner(begun_by(*ALL)).starts == (
        StartFacts(element_id="start", kind="none"),
        StartFacts(element_id="m", kind="message", name="asked"),
        StartFacts(element_id="t", kind="timer", timer=TimerDefinition("cycle", "R/P1D")),
        StartFacts(element_id="s", kind="signal", name="S"),
    )


@pytest.mark.parametrize("chosen", [None, "m", "t", "s"])
def test_a_token_begins_at_the_chosen_start_event_only(chosen: str | None) -> None:
    case = Forgetful(begun_by(*ALL), variables={}, begin=chosen)
    assert [key for key, _ in case.walked] == [f"{chosen or 'start'}#1", "a#1"]
    assert case.complete("a").ended


def test_what_begins_a_process_becomes_its_variables() -> None:
    case = Forgetful(begun_by(*ALL), variables={}, begin="m", payload={"x": 1, "y": {"z": 2}})
    assert case.variables[""] == {"x": 1, "y": {"z": 2}}


def test_output_mappings_choose_from_what_begins_a_process() -> None:
    body = extensions(mappings(None, {"kept": "=y.z + 1"})) + '<bpmn:messageEventDefinition messageRef="m_asked"/>'
    case = Forgetful(begun_by(element("startEvent", "m", body)), variables={}, begin="m", payload={"y": {"z": 2}})
    assert case.variables[""] == {"kept": 3}


def test_a_guard_of_the_process_knows_what_began_it() -> None:
    handler = sub("h", begin("b", "timer", "=wait"), end("e"), *chain("b", "e"), triggered=True)
    body = begin("m", "message", "asked")
    diagram = define("p", *NAMES, body, handler, user("a"), end(), *chain("m", "a", "end"))
    case = Forgetful(diagram, variables={}, begin="m", payload={"wait": "P1D"})
    assert case.open == {"b#1", "a#1"}


def test_a_process_begun_by_events_only_does_not_begin_without_one() -> None:
    runner = Runner(begun_by(*ALL, plain=False))
    with pytest.raises(StepError, match="by events only"):
        runner.start(Call(scopes={}, now=EIGHT))
    with pytest.raises(StepError, match='no start event "a"'):
        runner.start(Call(scopes={}, now=EIGHT), "a")


@pytest.mark.parametrize(
    "starts",
    [
        (begin("x", "message", "asked"), begin("y", "message", "asked")),
        (begin("x", "signal", "S"), begin("y", "signal", "S")),
        (start("y"),),
        (begin("y", "conditional"),),
        (begin("y", "error", "E"),),
        (element("startEvent", "y", "<bpmn:messageEventDefinition/>"),),
        (element("startEvent", "y", "<bpmn:timerEventDefinition/>"),),
        (begin("y", "signal", "nobody"),),
    ],
    ids=["message twice", "signal twice", "plain twice", "condition", "error", "no message", "no time", "no signal"],
)
def test_what_leaves_open_how_it_begins_is_refused(starts: tuple[Part, ...]) -> None:
    with pytest.raises(UnsupportedElementError) as found:
        Runner(begun_by(*starts))
    assert found.value.element_id == "y"


def test_several_timers_and_different_names_are_told_apart() -> None:
    starts = (begin("t1", "timer", "R/P1D"), begin("t2", "timer", "R/P1D"), begin("m1", "message", "asked"),
              begin("m2", "message", "told"), begin("s1", "signal", "S"), begin("s2", "signal", "T"))  # fmt: skip
    assert len(Runner(begun_by(*starts, plain=False)).starts) == 6


def test_a_called_process_needs_a_start_event_without_a_trigger() -> None:
    caller = define("c", start(), call("x", "p"), end(), *chain("start", "x", "end"))
    called = begun_by(*ALL)
    case = Forgetful(caller, called, variables={})
    assert case.open == {"x#1/a#1"}
    with pytest.raises(UnsupportedElementError) as found:
        Runner(caller, {"p": begun_by(*ALL, plain=False)})
    assert found.value.element_id == "x"


def test_a_sub_process_begins_without_a_trigger() -> None:
    inside = sub("x", begin("i", "timer", "P1D"), end("o"), *chain("i", "o"))
    with pytest.raises(UnsupportedElementError) as found:
        Runner(define("p", start(), inside, end(), *chain("start", "x", "end")))
    assert found.value.element_id == "i"


def slots(timer: Part, effect: datetime, after: datetime, most: int = 4) -> list[datetime]:
    runner, found = Runner(begun_by(timer)), []
    while len(found) < most:
        due = runner.slot_after("t", Call(scopes={}, now=effect), after)
        if due is None:
            break
        assert due > after
        found.append(due)
        after = due
    return found


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "after", "expected"),
    [
        ("R/P1D", BEFORE, [EIGHT + n * DAY for n in (1, 2, 3, 4)]),
        ("R2/P1D", BEFORE, [EIGHT + DAY, EIGHT + 2 * DAY]),
        ("R/P1D", EIGHT + 10 * DAY, [EIGHT + n * DAY for n in (11, 12, 13, 14)]),
        ("R/P1M", BEFORE, [EIGHT.replace(month=2, day=28), EIGHT.replace(month=3), EIGHT.replace(month=4, day=30),
                           EIGHT.replace(month=5)]),
        ("R/2020-01-01T07:00:00+07:00/P1D", BEFORE, [EIGHT.replace(hour=7) + n * DAY for n in (1, 2, 3, 4)]),
        ("R/2020-01-01T08:00:00+07:00/P1D", BEFORE, [EIGHT + n * DAY for n in (0, 1, 2, 3)]),
        ("R3/2020-01-01T08:00:00+07:00/P1D", BEFORE, []),
        ("P2D", BEFORE, [EIGHT + 2 * DAY]),
        ("P2D", EIGHT + 2 * DAY, []),
    ],
)  # fmt: skip
def test_slots_of_a_start_timer_count_from_when_it_took_effect(
    said: str, after: datetime, expected: list[datetime]
) -> None:
    assert slots(begin("t", "timer", said), EIGHT, after) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-02-01T09:00:00", [EIGHT.replace(month=2, day=1, hour=9)]), ("2026-01-31", []),
     ('=date and time("2026-03-01T09:00:00")', [EIGHT.replace(month=3, day=1, hour=9)])],
)  # fmt: skip
def test_a_date_is_one_slot_and_none_when_it_passed_before_the_timer_took_effect(
    text: str, expected: list[datetime]
) -> None:
    body = f"<bpmn:timerEventDefinition><bpmn:timeDate>{text}</bpmn:timeDate></bpmn:timerEventDefinition>"
    assert slots(element("startEvent", "t", body), EIGHT, BEFORE) == expected


@pytest.mark.parametrize("said", ["=nothing", "=1", "=case.due"])
def test_a_timer_that_tells_no_time_says_so(said: str) -> None:
    with pytest.raises(StepError) as found:
        slots(begin("t", "timer", said), EIGHT, BEFORE)
    assert found.value.element_id == "t"


def test_only_timers_have_slots() -> None:
    found: Any = Runner(begun_by(*ALL))
    with pytest.raises(StepError, match="no timer"):
        found.slot_after("m", Call(scopes={}, now=EIGHT), BEFORE)
