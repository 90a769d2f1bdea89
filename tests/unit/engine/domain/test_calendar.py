"""Working days over Tết, make-up Saturdays and the ends of the covered years; hours over lunch and nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendar import Session, UncoveredDateError, WorkingCalendar
from tests.support.calendars import CALENDAR, at

COVERED = st.dates(date(2022, 2, 1), date(2024, 11, 30))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2023-01-19", 5, "2023-02-02"),  # over Tết
        ("2022-12-30", 1, "2023-01-03"),  # over the year's end
        ("2024-04-26", 1, "2024-05-02"),
        ("2024-05-03", 1, "2024-05-04"),  # a Saturday that is worked
        ("2024-05-03", 2, "2024-05-06"),
        ("2022-12-18", 1, "2022-12-19"),  # from a Sunday
        ("2022-12-18", 0, "2022-12-19"),
        ("2022-12-19", 0, "2022-12-19"),
        ("2022-12-19", -1, "2022-12-16"),
        ("2022-12-18", -1, "2022-12-16"),
    ],
)
def test_adding_working_days_skips_days_off(start: str, count: int, due: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(due)


def test_make_up_saturday_is_worked_and_its_monday_is_not() -> None:
    assert CALENDAR.is_working_day(date(2024, 5, 4))
    assert not CALENDAR.is_working_day(date(2024, 4, 29))
    assert CALENDAR.end_of_day(date(2024, 5, 4)) == at("2024-05-04 17:00")


@given(day=COVERED, count=st.integers(1, 15))
def test_days_between_undoes_adding(day: date, count: int) -> None:
    later = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, later) == count
    assert CALENDAR.is_working_day(later)


@given(day=COVERED)
def test_counting_one_by_one_gives_the_same(day: date) -> None:
    slow, left = day, 7
    while left:
        slow += timedelta(days=1)
        left -= CALENDAR.is_working_day(slow)
    assert CALENDAR.add_working_days(day, 7) == slow


@pytest.mark.parametrize(
    ("day", "count"), [("2024-12-31", 1), ("2024-12-20", 30), ("2022-01-03", -5), ("2025-01-01", 0)]
)
def test_terms_that_leave_the_covered_years_are_refused(day: str, count: int) -> None:
    with pytest.raises(UncoveredDateError) as refusal:
        CALENDAR.add_working_days(date.fromisoformat(day), count)
    assert "test" in refusal.value.message
    assert "does not cover 20" in refusal.value.message_en


def test_asking_about_an_uncovered_day_is_refused() -> None:
    for ask in (CALENDAR.is_working_day, CALENDAR.roll, lambda d: CALENDAR.working_days_between(d, date(2023, 1, 3))):
        with pytest.raises(UncoveredDateError):
            ask(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("received", "counted"),
    [
        ("2022-12-19 06:00", "2022-12-19 07:30"),
        ("2022-12-19 07:30", "2022-12-19 07:30"),
        ("2022-12-19 11:30", "2022-12-19 11:30"),
        ("2022-12-19 11:31", "2022-12-19 13:00"),
        ("2022-12-19 17:00", "2022-12-19 17:00"),
        ("2022-12-19 17:01", "2022-12-20 07:30"),
        ("2022-12-23 20:00", "2022-12-26 07:30"),
        ("2022-12-25 10:00", "2022-12-26 07:30"),
        ("2023-01-19 18:00", "2023-01-27 07:30"),
    ],
)
def test_receipt_outside_hours_counts_at_the_next_session(received: str, counted: str) -> None:
    assert CALENDAR.counted_at(at(received)) == at(counted)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2022-12-19 08:00", 8, "2022-12-20 08:00"),
        ("2022-12-19 10:30", 2, "2022-12-19 14:00"),
        ("2022-12-23 16:00", Decimal("1.5"), "2022-12-26 08:00"),
        ("2022-12-24 10:00", 8, "2022-12-26 17:00"),
        ("2022-12-19 11:30", 0, "2022-12-19 11:30"),
        ("2022-12-19 12:00", 0, "2022-12-19 13:00"),
    ],
)
def test_adding_working_hours_counts_office_hours_only(start: str, hours: int | Decimal, end: str) -> None:
    assert CALENDAR.add_working_hours(at(start), hours) == at(end)


def test_utc_instants_are_read_in_the_zone_of_the_house() -> None:
    late_evening = datetime(2022, 12, 18, 23, 0, tzinfo=UTC)  # Monday 06:00 in Ho Chi Minh City
    assert CALENDAR.counted_at(late_evening) == at("2022-12-19 07:30")


def test_zone_has_no_summer_time() -> None:
    offsets = {datetime(2023, month, 1, tzinfo=CALENDAR.zone).utcoffset() for month in range(1, 13)}
    assert offsets == {timedelta(hours=7)}


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        CALENDAR.counted_at(datetime(2022, 12, 19, 8))


def test_half_day_ends_at_noon() -> None:
    duty = (Session(6, time(7, 30), time(11, 30)),)
    half = WorkingCalendar(version="h", first_year=2022, last_year=2022, sessions=duty)
    assert half.working_day_end(date(2022, 12, 19), 1) == at("2022-12-24 11:30")


def test_feel_functions_take_decimals_and_refuse_half_days() -> None:
    functions = CALENDAR.functions()
    assert functions["add_working_days"](date(2022, 12, 19), Decimal(3)) == at("2022-12-22 17:00")
    assert functions["add_working_days"](at("2022-12-19 23:59"), Decimal("3.0")) == at("2022-12-22 17:00")
    assert functions["is_working_day"](at("2022-12-19 23:59"))
    assert not functions["is_working_day"](date(2022, 12, 18))
    with pytest.raises(ValueError, match="whole"):
        functions["add_working_days"](date(2022, 12, 19), Decimal("2.5"))


def test_feel_functions_pass_null_on_and_read_moments_without_a_zone_as_local() -> None:
    functions = CALENDAR.functions()
    assert functions["is_working_day"](None) is None
    assert functions["add_working_days"](None, 3) is None
    assert functions["add_working_days"](datetime(2022, 12, 19, 23, 59), 1) == at("2022-12-20 17:00")
