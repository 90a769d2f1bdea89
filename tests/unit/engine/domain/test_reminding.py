"""When a term is reminded of, and who is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.domain.calendar import UncoveredDateError
from engine.domain.reminding import (
    Absence,
    OpenTask,
    Recipient,
    ReminderRules,
    Threshold,
    course,
    reached,
    recipients,
)
from tests.support.calendars import CALENDAR, at

HALF = Threshold(key="half", name="Nửa", name_en="Half", kind="part", value=0.5)
DAY = Threshold(key="day", name="Một ngày", name_en="A day", kind="days_left", value=1)
TODAY = Threshold(key="today", name="Hôm nay", name_en="Today", kind="days_left", value=0)
PAST = Threshold(key="past", name="Vừa quá hạn", name_en="Past", kind="days_over", value=0)
LATE = Threshold(key="late", name="Quá hạn", name_en="Late", kind="days_over", value=1, escalate=True)
ALL = (LATE, HALF, TODAY, DAY, PAST)  # the order of the file is not that of the course
RULES = ReminderRules(thresholds=ALL, leaders=("chairman",), nobody=("one_stop",))
SECOND = timedelta(seconds=1)


def walked(since: str, due: str) -> list[tuple[str, str]]:
    places = course(ALL, at(since), at(due), CALENDAR)
    return [(place.threshold.key, f"{CALENDAR.local(place.at):%d/%m %H:%M}") for place in places]


def told(now: datetime, *before: str, since: str = "2022-12-12 09:00", due: str = "2022-12-22 17:00") -> str:
    found = reached(course(ALL, at(since), at(due), CALENDAR), now, before)
    return found.key if found else ""


def test_a_term_of_days_passes_its_thresholds_in_working_time() -> None:
    assert walked("2022-12-12 09:00", "2022-12-22 17:00") == [
        ("half", "16/12 13:45"),  # 70 h 30 min of office time in all
        ("day", "21/12 07:30"),
        ("today", "22/12 07:30"),
        ("past", "22/12 17:00"),
        ("late", "23/12 17:00"),
    ]


def test_half_of_a_short_term_is_left_out_where_its_last_days_have_begun() -> None:
    assert [key for key, _ in walked("2022-12-19 09:00", "2022-12-22 17:00")] == ["day", "today", "past", "late"]


def test_days_off_lie_between_and_nothing_is_said_on_them() -> None:
    assert walked("2023-01-18 10:00", "2023-01-30 17:00")[-4:] == [
        ("day", "27/01 07:30"),  # 20 to 26 January were days off
        ("today", "30/01 07:30"),
        ("past", "30/01 17:00"),
        ("late", "31/01 17:00"),
    ]


def test_what_lay_before_the_beginning_of_the_term_is_left_out() -> None:
    assert [key for key, _ in walked("2022-12-19 09:00", "2022-12-19 17:00")] == ["half", "past", "late"]
    assert [key for key, _ in walked("2022-12-19 09:00", "2022-12-20 17:00")] == ["today", "past", "late"]


def test_a_term_whose_date_had_passed_when_it_was_appointed_has_but_what_comes() -> None:
    assert [key for key, _ in walked("2022-12-23 09:00", "2022-12-22 17:00")] == ["late"]


def test_nothing_is_told_a_second_before_and_the_very_second_it_is() -> None:
    morning = at("2022-12-22 07:30")
    assert told(morning - SECOND, "day", "half") == ""
    assert told(morning, "day", "half") == "today"
    assert told(at("2022-12-12 09:00")) == ""


def test_of_several_that_passed_unseen_the_last_one_is_told_and_the_others_never() -> None:
    assert told(at("2022-12-30 08:00")) == "late"
    assert told(at("2022-12-30 08:00"), "late") == ""


def test_a_clock_put_back_tells_nothing_again_and_nothing_that_was_passed_over() -> None:
    assert told(at("2022-12-22 08:00"), "late") == ""
    assert told(at("2022-12-21 16:00"), "late", "today") == ""


def test_a_threshold_that_was_taken_out_of_the_catalog_stops_nothing() -> None:
    assert told(at("2022-12-22 08:00"), "an old one") == "today"


def test_a_year_that_nobody_knows_yet_is_refused() -> None:
    with pytest.raises(UncoveredDateError):
        course(ALL, at("2024-12-30 09:00"), at("2025-01-03 17:00"), CALENDAR)


def of(*tasks: OpenTask, absences: tuple[Absence, ...] = (), escalate: bool = False) -> list[Recipient]:
    return list(recipients(tasks, absences, RULES, escalate=escalate))


def task(assignee: str | None = None, *groups: str) -> OpenTask:
    return OpenTask(assignee=assignee, groups=frozenset(groups))


def test_who_holds_the_task_is_told_else_its_groups_each_once() -> None:
    assert of(task("mai", "one_stop")) == [Recipient("person", "mai")]
    assert of(task(None, "a", "b"), task(None, "b")) == [Recipient("group", "a"), Recipient("group", "b")]
    assert of(task("mai", "a"), task("mai", "b")) == [Recipient("person", "mai")]


def test_a_case_that_waits_for_nobody_of_the_house_is_told_to_the_desk() -> None:
    assert of() == [Recipient("group", "one_stop")]


LEAVE = Absence(principal="mai", deputy="tam", groups=frozenset({"one_stop"}))


def test_for_who_is_on_leave_the_substitute_is_told_in_whose_stead() -> None:
    assert of(task("mai", "one_stop"), absences=(LEAVE,)) == [Recipient("person", "tam", in_stead_of="mai")]
    assert of(task("duc", "one_stop"), absences=(LEAVE,)) == [Recipient("person", "duc")]


def test_where_nobody_stands_in_for_this_group_its_members_are_told() -> None:
    assert of(task("mai", "cashier"), absences=(LEAVE,)) == [Recipient("group", "cashier")]


def test_leaders_are_told_of_what_is_escalated_and_once_alone() -> None:
    above = Recipient("group", "chairman", leader=True)
    assert of(task("mai", "one_stop"), escalate=True) == [above, Recipient("person", "mai")]
    assert of(task(None, "chairman"), escalate=True) == [above]
    assert of(task(None, "chairman")) == [Recipient("group", "chairman")]
