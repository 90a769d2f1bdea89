"""Periods by every day and by working days, and what the wall clock does when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.spiff.instant import read_instant
from bpmn.spiff.period import EVERY_DAY, CalendarError, WorkingDays, read_period, real
from tests.support.calendars import CALENDAR, at

BERLIN = ZoneInfo("Europe/Berlin")
WORKING = WorkingDays(CALENDAR.functions())
# 2023: Friday 13 January; holidays 20 to 26 January


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("P1D", "2023-01-13 10:00", "2023-01-16 10:00"),
        ("P5D", "2023-01-13 10:00", "2023-01-27 10:00"),
        ("P1D", "2023-01-14 10:00", "2023-01-16 10:00"),  # from a Saturday the first working day after it
        ("P0D", "2023-01-14 10:00", "2023-01-16 10:00"),
        ("P0D", "2023-01-13 23:59", "2023-01-13 23:59"),
        ("P1W", "2023-01-13 10:00", "2023-01-27 10:00"),  # the 20th is a holiday
        ("P2W", "2023-01-13 10:00", "2023-01-27 10:00"),
        ("P1M", "2022-12-21 09:00", "2023-01-27 09:00"),
        ("P1M1D", "2022-12-21 09:00", "2023-01-27 09:00"),
        ("P1Y", "2023-01-13 08:00", "2024-01-15 08:00"),
        ("PT8H", "2023-01-13 15:00", "2023-01-16 15:00"),
        ("PT8H", "2023-01-14 10:00", "2023-01-16 17:00"),  # outside office hours the count begins with the next session
        ("P1DT2H", "2023-01-13 16:00", "2023-01-17 08:30"),  # a working day, then two office hours
        ("PT0S", "2023-01-13 10:00", "2023-01-13 10:00"),
    ],
)
def test_working_days_are_counted_and_the_wall_clock_kept(text: str, start: str, expected: str) -> None:
    found = WORKING.after(at(start), read_period(text))
    assert found == at(expected)
    assert found.tzinfo is not None


def test_a_date_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert read_instant("2023-01-21T08:00:00", at("2023-01-02 08:00"), WORKING) == at("2023-01-27 08:00")
    assert read_instant(date(2023, 1, 22), at("2023-01-02 08:00"), WORKING) == at("2023-01-27 00:00")
    assert read_instant("2023-01-27T08:00:00", at("2023-01-02 08:00"), WORKING) == at("2023-01-27 08:00")


def test_durations_of_feel_count_their_whole_days_as_working_days() -> None:
    assert read_instant(timedelta(days=5), at("2023-01-13 10:00"), WORKING) == at("2023-01-27 10:00")
    assert read_instant(timedelta(days=5), at("2023-01-13 10:00"), EVERY_DAY) == at("2023-01-18 10:00")


def test_working_days_are_those_of_the_date_where_the_timer_is_read() -> None:
    start = datetime(2023, 1, 13, 20, tzinfo=BERLIN)  # Saturday already in Vietnam
    assert WORKING.after(start, read_period("P1D")) == datetime(2023, 1, 16, 20, tzinfo=BERLIN)


@pytest.mark.parametrize("lent", [{}, {"add_working_days": lambda day, count: None}])
def test_without_a_working_calendar_nothing_is_guessed(lent: Any) -> None:
    with pytest.raises(ValueError, match="working calendar"):
        WorkingDays(lent).after(at("2023-01-13 10:00"), read_period("P1D"))


def test_a_year_the_calendar_does_not_cover_is_an_error() -> None:
    with pytest.raises(CalendarError, match="2025"):
        WORKING.after(at("2024-12-31 10:00"), read_period("P1D"))


def test_a_wall_time_that_clocks_skip_is_later_by_the_gap() -> None:
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)
    assert real(skipped).isoformat() == "2026-03-29T03:30:00+02:00"
    assert read_instant("2026-03-29T02:30:00", skipped).isoformat() == "2026-03-29T03:30:00+02:00"
    eve = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    assert read_period("P1D").after(eve).isoformat() == "2026-03-29T03:30:00+02:00"
    assert read_period("P2D").after(eve).isoformat() == "2026-03-30T02:30:00+02:00"


def test_of_a_wall_time_that_comes_twice_the_first_counts() -> None:
    eve = datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN)
    assert read_period("P1D").after(eve).isoformat() == "2026-10-25T02:30:00+02:00"
    second = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert read_period("PT1H").after(second).isoformat() == "2026-10-25T03:30:00+01:00", "exact from the second one"
    assert read_period("P1D").after(second).isoformat() == "2026-10-26T02:30:00+01:00"
    assert real(second) is not None
    assert real(second).utcoffset() == timedelta(hours=1)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["P1D", "P3D", "P1W", "P1M", "PT1H", "PT25H", "P1DT1H"]),
    st.integers(0, 500),
)
def test_later_slots_are_later_whatever_the_clocks_do(start: datetime, text: str, index: int) -> None:
    period, anchor = read_period(text), real(start.replace(tzinfo=BERLIN))
    one, other = (period.after(anchor, each).astimezone(UTC) for each in (index, index + 1))
    assert one < other


@given(
    st.datetimes(datetime(2022, 1, 1), datetime(2023, 12, 31)),
    st.sampled_from(["P1D", "P2D", "P1W", "P1M", "P1M1D"]),
    st.integers(0, 8),
)
def test_slots_by_working_days_are_worked_and_never_go_back(start: datetime, text: str, index: int) -> None:
    anchor = start.replace(tzinfo=CALENDAR.zone)
    one, other = (WORKING.after(anchor, read_period(text), each) for each in (index, index + 1))
    assert CALENDAR.is_working_day(one.date())
    assert one <= other
