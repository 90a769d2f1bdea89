"""Timers in a zone and by working days: what is due when, over changes of clocks, days off and long outages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bpmn.errors import StepError, UnsupportedElementError
from bpmn.model import ProcessDefinition, TimerWait
from bpmn.runner import Call, Runner
from tests.support.bpmn_builder import Part, begin, chain, define, element, end, start, sub, user
from tests.support.calendars import CALENDAR, at

BERLIN = ZoneInfo("Europe/Berlin")
HOUSE = CALENDAR.zone
LENT = CALENDAR.functions()


def settings(**properties: str) -> str:
    rows = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items())
    return f"<bpmn:extensionElements><zeebe:properties>{rows}</zeebe:properties></bpmn:extensionElements>"


def timer(kind: str, text: str, **properties: str) -> str:
    body = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    return (settings(**properties) if properties else "") + body


def reminded(kind: str, text: str, **properties: str) -> ProcessDefinition:
    """A task with a reminder that does not interrupt."""
    event = element("boundaryEvent", "t", timer(kind, text, **properties), attachedToRef="work", cancelActivity="false")
    return define("p", start(), user("work"), end(), *chain("start", "work", "end"), event, user("more"),
                  *chain("t", "more"))  # fmt: skip


class Clocked:
    """A case of which only the snapshot is kept; a brand-new runner takes every step."""

    def __init__(self, definition: ProcessDefinition, now: datetime, **variables: Any) -> None:
        self.definition, self.variables = definition, variables
        self.step = Runner(definition).start(self.call(now))

    def call(self, now: datetime) -> Call:
        return Call(scopes={"": self.variables}, now=now, functions=LENT)

    @property
    def due(self) -> datetime | None:
        found = [wait.due for wait in self.step.opened if isinstance(wait, TimerWait)]
        return found[0] if found else None

    def fire(self, now: datetime | None = None) -> datetime | None:
        """Fire the timer at its due instant, or late; return when it is due next."""
        now = now or self.due
        assert now is not None
        snapshot = json.loads(json.dumps(self.step.snapshot))
        # The engine calls in the zone of the house, whatever the timer's own.
        self.step = Runner(self.definition).fire_timer(snapshot, "t#1", self.call(now.astimezone(HOUSE)))
        return self.due


def wall(moment: datetime | None, zone: ZoneInfo = BERLIN) -> str:
    assert moment is not None
    return moment.astimezone(zone).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("text", "properties"),
    [
        ("R/2026-03-27T09:00:00@Europe/Berlin/P1D", {}),
        ("R/2026-03-27T09:00[Europe/Berlin]/P1D", {}),
        ("R/2026-03-27T08:00:00Z[Europe/Berlin]/P1D", {}),
        ("R/2026-03-27T09:00:00/P1D", {"timerZone": "Europe/Berlin"}),
        ("R/2026-03-27T15:00:00+07:00/P1D", {"timerZone": "Europe/Berlin"}),
        ('="R/" + string(date and time("2026-03-27T09:00:00@Europe/Berlin")) + "/P1D"', {}),
    ],
)
def test_a_daily_cycle_keeps_its_hour_in_its_zone_over_the_change_of_clocks(text: str, properties: Any) -> None:
    case = Clocked(reminded("timeCycle", text, **properties), datetime(2026, 3, 27, 10, tzinfo=HOUSE))
    found = [wall(case.due), *(wall(case.fire()) for _ in range(3))]
    assert found == [
        "2026-03-27T09:00+01:00", "2026-03-28T09:00+01:00", "2026-03-29T09:00+02:00", "2026-03-30T09:00+02:00"
    ]  # fmt: skip


def test_a_zone_in_the_text_comes_before_the_property_and_stands_in_the_snapshot() -> None:
    text = "R/2026-03-27T09:00:00@Europe/Berlin/P1D"
    case = Clocked(reminded("timeCycle", text, timerZone="Asia/Tokyo"), datetime(2026, 3, 27, 10, tzinfo=HOUSE))
    row = next(row for row in json.loads(case.step.snapshot)["s"][""]["t"] if row[0] == "t")
    assert row[2]["c"] == [0, None, "2026-03-27T09:00:00+01:00", "P1D", "Europe/Berlin"]
    for _ in range(3):
        case.fire()
    assert wall(case.due) == "2026-03-30T09:00+02:00"


def test_a_slot_in_the_gap_comes_an_hour_later_and_one_in_the_overlap_once() -> None:
    spring = Clocked(reminded("timeCycle", "R/2026-03-28T02:30:00/P1D", timerZone="Europe/Berlin"),
                     datetime(2026, 3, 27, 12, tzinfo=HOUSE))  # fmt: skip
    assert [wall(spring.due), wall(spring.fire()), wall(spring.fire())] == [
        "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00"
    ]  # fmt: skip
    autumn = Clocked(reminded("timeCycle", "R/2026-10-24T02:30:00/P1D", timerZone="Europe/Berlin"),
                     datetime(2026, 10, 23, 12, tzinfo=HOUSE))  # fmt: skip
    assert [wall(autumn.due), wall(autumn.fire()), wall(autumn.fire())] == [
        "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"
    ]  # fmt: skip


def test_an_hourly_cycle_counts_real_hours_through_both_changes() -> None:
    for day, month in ((29, 3), (25, 10)):
        case = Clocked(reminded("timeCycle", "R/PT1H", timerZone="Europe/Berlin"),
                       datetime(2026, month, day - 1, 23, 30, tzinfo=BERLIN))  # fmt: skip
        previous = case.due
        for _ in range(5):
            following = case.fire()
            assert previous is not None
            assert following is not None
            assert following.astimezone(UTC) - previous.astimezone(UTC) == timedelta(hours=1)
            previous = following


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("timeDate", "2026-07-01T09:00:00", "2026-07-01T09:00+02:00"),
        ("timeDate", "2026-07-01", "2026-07-01T00:00+02:00"),
        ("timeDate", '=date("2026-07-01")', "2026-07-01T00:00+02:00"),
        ("timeDate", '=date and time("2026-07-01T09:00:00@America/New_York")', "2026-07-01T15:00+02:00"),
        ("timeDate", "2026-07-01T09:00:00-04:00[America/New_York]", "2026-07-01T15:00+02:00"),
        ("timeDuration", "P1D", "2026-03-29T20:00+02:00"),
        ("timeDuration", "PT24H", "2026-03-29T21:00+02:00"),
        ("timeDuration", '=duration("P1M")', "2026-04-28T20:00+02:00"),
    ],
)
def test_dates_and_durations_are_read_in_the_zone_of_the_timer(kind: str, text: str, expected: str) -> None:
    now = datetime(2026, 3, 28, 20, tzinfo=BERLIN).astimezone(HOUSE)
    case = Clocked(reminded(kind, text, timerZone="Europe/Berlin"), now)
    assert wall(case.due) == expected


def test_five_working_days_pass_over_weekend_and_holidays() -> None:
    case = Clocked(reminded("timeDuration", "P5D", timerCalendar="working"), at("2023-01-13 10:00"))
    assert case.due == at("2023-01-27 10:00")
    assert Clocked(reminded("timeDuration", "P5D", timerCalendar="every"), at("2023-01-13 10:00")).due == at(
        "2023-01-18 10:00"
    )
    lent = Clocked(reminded("timeDuration", "=duration(term)", timerCalendar="working"), at("2023-01-13 10:00"),
                   term="P5D")  # fmt: skip
    assert lent.due == case.due


def test_each_working_day_has_one_slot_at_the_same_hour() -> None:
    cycle = "R/2023-01-18T09:00:00/P1D"
    case = Clocked(reminded("timeCycle", cycle, timerCalendar="working"), at("2023-01-13 10:00"))
    found = [case.due, *(case.fire() for _ in range(3))]
    assert found == [at(f"2023-01-{day} 09:00") for day in (18, 19, 27, 30)]


def test_a_series_that_begins_on_a_day_off_begins_on_the_next_working_day_and_loses_no_slot() -> None:
    cycle = "R3/2023-01-14T09:00:00/P1D"
    case = Clocked(reminded("timeCycle", cycle, timerCalendar="working"), at("2023-01-13 10:00"))
    assert [case.due, case.fire(), case.fire(), case.fire()] == [
        at("2023-01-16 09:00"), at("2023-01-17 09:00"), at("2023-01-18 09:00"), None
    ]  # fmt: skip


def test_a_monthly_series_keeps_its_day_and_moves_only_the_slots_that_fall_on_days_off() -> None:
    cycle = "R/2022-12-21T09:00:00/P1M"
    case = Clocked(reminded("timeCycle", cycle, timerCalendar="working"), at("2022-12-20 10:00"))
    assert [case.due, case.fire(), case.fire()] == [
        at("2022-12-21 09:00"), at("2023-01-27 09:00"), at("2023-02-21 09:00")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "properties", "now", "following"),
    [
        ("R/P1D", {"timerCalendar": "working"}, "2023-06-07 11:00", "2023-06-08 10:00"),
        ("R/P1D", {"timerCalendar": "working"}, "2023-06-10 11:00", "2023-06-12 10:00"),
        ("R/P1W", {"timerCalendar": "working"}, "2023-06-10 11:00", "2023-06-16 10:00"),
        ("R/2023-01-13T10:00:00@Asia/Ho_Chi_Minh/P1D", {}, "2023-06-10 11:00", "2023-06-11 10:00"),
        ("R/P1D", {"timerZone": "Europe/Berlin"}, "2023-06-10 11:00", "2023-06-11 09:00"),  # 04:00 there, in summer
        ("R/PT1S", {"timerZone": "Europe/Berlin"}, "2023-06-10 11:00", "2023-06-10 11:00:01"),
    ],
)
def test_a_timer_that_is_months_late_fires_once_and_then_at_its_next_future_slot(
    text: str, properties: Any, now: str, following: str
) -> None:
    case = Clocked(reminded("timeCycle", text, **properties), at("2023-01-13 10:00"))
    case.fire(at(now))
    assert [visit.element_id for visit in case.step.path] == ["t", "more"]
    assert case.due == at(following)


def test_a_counted_series_by_working_days_loses_its_missed_slots() -> None:
    case = Clocked(reminded("timeCycle", "R5/P1D", timerCalendar="working"), at("2023-01-13 10:00"))
    assert case.fire(at("2023-01-27 12:00")) is None
    assert [visit.element_id for visit in case.step.path] == ["t", "more"]


def test_the_timer_of_an_event_sub_process_is_read_alike() -> None:
    handler = sub("h", begin("t", "timer", "P5D"), end("o"), *chain("t", "o"), triggered=True)
    handler = Part(handler.xml.replace("<bpmn:timerEvent", settings(timerCalendar="working") + "<bpmn:timerEvent"))
    case = Clocked(define("p", start(), user("a"), *chain("start", "a"), handler), at("2023-01-13 10:00"))
    assert case.due == at("2023-01-27 10:00")


def test_start_timers_are_read_in_their_zone_and_by_their_calendar() -> None:
    def slots(text: str, **properties: str) -> list[datetime]:
        event = f'<bpmn:startEvent id="t">{timer("timeCycle", text, **properties)}</bpmn:startEvent>'
        runner = Runner(define("p", Part(event), user("a"), *chain("t", "a")))
        effect = at("2023-03-24 10:00")
        call, found = Call(scopes={}, now=effect, functions=LENT), [effect]
        for _ in range(3):
            following = runner.slot_after("t", call, found[-1])
            assert following is not None
            found.append(following)
        return found[1:]

    assert slots("R/P1D", timerCalendar="working") == [at(f"2023-03-{day} 10:00") for day in (27, 28, 29)]
    berlin = slots("R/2023-03-25T09:00:00/P1D", timerZone="Europe/Berlin")
    assert [wall(each) for each in berlin] == [
        "2023-03-25T09:00+01:00", "2023-03-26T09:00+02:00", "2023-03-27T09:00+02:00"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "properties"),
    [
        ("timeDuration", "P1D", {"timerZone": "Europe/Saigon"}),
        ("timeDuration", "P1D", {"timerZone": ""}),
        ("timeDuration", "P1D", {"timerCalendar": "lunar"}),
        ("timeDuration", "P1D", {"timerCalendar": "Working"}),
    ],
)
def test_unknown_zones_and_calendars_are_refused_by_the_element(kind: str, text: str, properties: Any) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        Runner(reminded(kind, text, **properties))
    assert caught.value.element_id == "t"


@pytest.mark.parametrize(
    ("text", "properties"),
    [
        ("R/PT4H", {"timerCalendar": "working"}),
        ("R/P1DT1H", {"timerCalendar": "working"}),
        ("0 0 9 * * MON-FRI", {}),
        ("R/2026-01-31T09:00:00@Europe/Saigon/P1D", {}),
        ("R/2026-01-31T09:00:00[Europe/Saigon]/P1D", {}),
    ],
)
def test_what_no_timer_can_tell_is_refused_as_drawn_and_as_computed(text: str, properties: Any) -> None:
    with pytest.raises(StepError) as caught:
        Runner(reminded("timeCycle", text, **properties))
    assert caught.value.element_id == "t"
    with pytest.raises(StepError) as caught:
        Clocked(reminded("timeCycle", f'="{text}"', **properties), at("2023-01-13 10:00"))
    assert caught.value.element_id == "t"


def test_a_calendar_that_ends_is_an_error_that_says_so() -> None:
    with pytest.raises(StepError, match="working calendar") as caught:
        Clocked(reminded("timeDuration", "P5D", timerCalendar="working"), at("2024-12-30 10:00"))
    assert "2025" in caught.value.message_vi
    runner = Runner(reminded("timeDuration", "P5D", timerCalendar="working"))
    with pytest.raises(StepError, match="no working calendar"):
        runner.start(Call(scopes={}, now=at("2023-01-13 10:00")))
