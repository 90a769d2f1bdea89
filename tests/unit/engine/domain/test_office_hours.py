"""Office hours of a unit hold from their day on, and what went before stays as it was counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.domain.calendar_edition import Edition, revised, with_hours, without_hours
from engine.domain.office_hours import WantedHours, hours_problems, read_time, read_written, written
from engine.domain.paper import Paper
from tests.support.calendars import CALENDAR, at

TODAY = date(2024, 6, 3)
PAPER = Paper(number="QĐ 12/QĐ-UBND", issued=date(2024, 5, 20))
WANTED = WantedHours(
    valid_from=date(2024, 6, 10),
    times=("07:00", "11h00", "13:30", "17g00"),
    weekdays={1, 2, 3, 4, 5, 6},
    paper=PAPER,
)
OWN = WANTED.read()
assert OWN is not None
LATER = revised(CALENDAR, with_hours(Edition(), OWN))
FRIDAY, SATURDAY, MONDAY, NEXT_SATURDAY = date(2024, 6, 7), date(2024, 6, 8), date(2024, 6, 10), date(2024, 6, 15)


def test_days_before_keep_their_hours_and_days_from_then_on_have_the_new_ones() -> None:
    assert LATER.hours_of(FRIDAY) == CALENDAR.hours_of(FRIDAY)
    assert LATER.hours_of(MONDAY)[0] == (at("2024-06-10 07:00"), at("2024-06-10 11:00"))
    assert LATER.end_of_day(MONDAY) == at("2024-06-10 17:00")


def test_a_weekday_may_become_a_working_day_from_then_on() -> None:
    assert [LATER.is_working_day(day) for day in (SATURDAY, NEXT_SATURDAY)] == [False, True]
    assert LATER.add_working_days(FRIDAY, 7) == date(2024, 6, 17)
    assert CALENDAR.add_working_days(FRIDAY, 7) == date(2024, 6, 18)


def test_working_hours_are_counted_across_the_change() -> None:
    begun = at("2024-06-07 16:00")
    assert LATER.add_working_hours(begun, 2) == at("2024-06-10 08:00")
    assert LATER.working_time(begun, at("2024-06-10 08:00")) == timedelta(hours=2)


def test_each_change_has_a_version_and_can_be_taken_back() -> None:
    edition = with_hours(Edition(), OWN)
    assert LATER.version == f"{CALENDAR.version}+1"
    back = revised(CALENDAR, without_hours(edition, OWN.valid_from))
    assert back == replace(CALENDAR, version=f"{CALENDAR.version}+2")


def test_of_two_changes_the_newest_that_has_begun_holds() -> None:
    short = replace(WANTED, valid_from=date(2024, 6, 17), times=("08:00", "12:00", "", ""), weekdays={1}).read()
    assert short is not None
    both = revised(CALENDAR, with_hours(with_hours(Edition(), short), OWN))
    assert both.end_of_day(date(2024, 6, 14)) == at("2024-06-14 17:00")
    assert both.end_of_day(date(2024, 6, 17)) == at("2024-06-17 12:00")
    assert not both.is_working_day(date(2024, 6, 18))


def test_hours_are_kept_as_text_and_read_back() -> None:
    assert read_written(written(OWN.sessions)) == OWN.sessions
    assert written(OWN.sessions).startswith("1 07:00-11:00;1 13:30-17:00;2 ")


@pytest.mark.parametrize(
    ("changes", "field"),
    {
        "no day": ({"valid_from": None}, "valid_from"),
        "today, whose hours have begun": ({"valid_from": TODAY}, "valid_from"),
        "beyond the years that are known": ({"valid_from": date(2199, 1, 1)}, "valid_from"),
        "no time": ({"times": ("7", "11:00", "", "")}, "morning_from"),
        "no end of the morning": ({"times": ("07:00", "", "", "")}, "morning_until"),
        "half an afternoon": ({"times": ("07:00", "11:00", "13:00", "")}, "afternoon_until"),
        "a clock that goes back": ({"times": ("07:00", "11:00", "10:00", "17:00")}, "morning_from"),
        "nothing between": ({"times": ("07:00", "07:00", "", "")}, "morning_from"),
        "an hour that is none": ({"times": ("24:00", "25:00", "", "")}, "morning_from"),
        "no weekday": ({"weekdays": set()}, "weekdays"),
        "an eighth weekday": ({"weekdays": {8}}, "weekdays"),
        "no paper": ({"paper": replace(PAPER, number="")}, "paper"),
    }.values(),
)
def test_what_makes_no_sense_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    found = hours_problems(replace(WANTED, **changes), TODAY, CALENDAR.last_year)  # type: ignore[arg-type]  # by name
    assert field in [one.field for one in found]
    assert all(one.vi and one.en for one in found)


def test_sound_hours_have_no_problem() -> None:
    assert hours_problems(WANTED, TODAY, CALENDAR.last_year) == []
    assert hours_problems(replace(WANTED, times=("07:00", "11:00", "", "")), TODAY, CALENDAR.last_year) == []


@pytest.mark.parametrize("text", ["", "7", "7:5", "12:60", "-1:00", "07:00:00", "０７:00", "bảy giờ", "7" * 5000])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


def test_an_instant_keeps_its_zone() -> None:
    assert isinstance(LATER.counted_at(datetime(2024, 6, 10, 6, 0, tzinfo=CALENDAR.zone)), datetime)
    assert LATER.counted_at(at("2024-06-10 06:00")) == at("2024-06-10 07:00")
