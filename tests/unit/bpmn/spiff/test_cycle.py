"""Calendar arithmetic of timers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.feel.values import YearsMonths
from bpmn.spiff.cycle import Cycle, read_cycle
from bpmn.spiff.instant import read_instant
from bpmn.spiff.period import read_period

VIETNAM = timezone(timedelta(hours=7))
NOW = datetime(2026, 1, 31, 8, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1M", datetime(2026, 2, 28, 8, tzinfo=VIETNAM)),
        ("P25M", datetime(2028, 2, 29, 8, tzinfo=VIETNAM)),
        ("P1Y1M1D", datetime(2027, 3, 1, 8, tzinfo=VIETNAM)),
        ("-P2M", datetime(2025, 11, 30, 8, tzinfo=VIETNAM)),
        ("P2W", datetime(2026, 2, 14, 8, tzinfo=VIETNAM)),
        ("PT90M", datetime(2026, 1, 31, 9, 30, tzinfo=VIETNAM)),
        ("P1DT0.5S", datetime(2026, 2, 1, 8, 0, 0, 500_000, tzinfo=VIETNAM)),
        ("PT0S", NOW),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=VIETNAM)),
        ("2026-02-01T10:00", datetime(2026, 2, 1, 10, tzinfo=VIETNAM)),
        (" 2026-02-01T10:00:00Z ", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01T10:00:00@Asia/Tokyo", datetime(2026, 2, 1, 8, tzinfo=VIETNAM)),
    ],
)
def test_texts_mean_instants_by_the_calendar(text: str, expected: datetime) -> None:
    found = read_instant(text, NOW)
    assert found == expected
    assert found.tzinfo is not None


def test_values_mean_instants_too() -> None:
    assert read_instant(date(2026, 2, 1), NOW) == datetime(2026, 2, 1, tzinfo=VIETNAM)
    assert read_instant(datetime(2026, 2, 1, 9), NOW) == datetime(2026, 2, 1, 9, tzinfo=VIETNAM)
    assert read_instant(timedelta(hours=1), NOW) == NOW + timedelta(hours=1)
    assert read_instant(YearsMonths(1), NOW) == datetime(2026, 2, 28, 8, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "value", ["", "P", "PT", "P1DT", "1D", "P1S", "PT1D", "P-1D", "P١D", 5, True, None, "32/13/2026", "now"]
)
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_instant(value, NOW)


@pytest.mark.parametrize("text", ["P9999Y", "P999999D", "PT999999999M"])
def test_times_beyond_the_calendar_are_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_instant(text, datetime(9900, 1, 1, tzinfo=UTC))


def test_days_keep_the_hour_on_the_wall_and_hours_are_exact_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    eve = datetime(2026, 3, 28, 8, tzinfo=berlin)  # the clocks change in the night
    assert read_instant("P1D", eve) == datetime(2026, 3, 29, 8, tzinfo=berlin)
    assert read_instant("PT24H", eve).astimezone(berlin).hour == 9


def test_a_series_that_began_in_the_past_joins_in_at_its_next_slot() -> None:
    cycle = read_cycle("R/2026-01-01T09:00:00/P1D", NOW)
    assert cycle.due == datetime(2026, 1, 31, 9, tzinfo=VIETNAM)
    assert read_cycle("R/2026-01-01T08:00:00/P1D", NOW).due == NOW, "a slot that is now is not missed"


def test_a_series_that_is_wholly_past_is_due_once() -> None:
    cycle = read_cycle("R3/2026-01-01T08:00:00/P1D", NOW)
    assert cycle.due == datetime(2026, 1, 3, 8, tzinfo=VIETNAM)
    assert cycle.next_after(NOW) is None


def test_a_counted_series_has_that_many_slots() -> None:
    found = []
    cycle: Cycle | None = read_cycle("R4/2026-02-01T08:00:00/P1M", NOW)
    while cycle is not None:
        found.append(cycle.due)
        cycle = cycle.next_after(cycle.due)
    assert [(each.month, each.day) for each in found] == [(2, 1), (3, 1), (4, 1), (5, 1)]


def test_a_slot_fired_early_is_not_fired_again() -> None:
    cycle = read_cycle("R/P1D", NOW)
    following = cycle.next_after(NOW)
    assert following is not None
    assert following.due == NOW + timedelta(days=2)


periods = st.sampled_from(["PT1S", "PT7M", "PT36H", "P1D", "P1DT5H", "P1W", "P1M", "P3M2D", "P1Y"])
instants = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(lambda each: each.replace(tzinfo=VIETNAM))


@given(periods, instants, instants)
def test_the_next_slot_is_the_first_one_in_the_future(text: str, anchor: datetime, now: datetime) -> None:
    found = Cycle(anchor, text, 0, None).next_after(now)
    assert found is not None
    assert found.due > now
    assert found.index >= 1
    if found.index > 1:
        before = Cycle(anchor, text, found.index - 1, None)
        assert before.due <= now


@given(periods, instants, st.integers(0, 400), st.integers(0, 400))
def test_later_slots_are_later(text: str, anchor: datetime, one: int, other: int) -> None:
    period = read_period(text)
    assert (period.after(anchor, one) < period.after(anchor, other)) == (one < other)


def test_only_a_zone_that_is_not_the_callers_is_remembered() -> None:
    berlin, tokyo = (datetime(2026, 1, 30, 8, tzinfo=ZoneInfo(name)) for name in ("Europe/Berlin", "Asia/Tokyo"))
    text = "R/2026-02-01T09:00:00@Europe/Berlin/P1D"
    assert read_cycle(text, berlin).zone is None
    assert read_cycle(text, tokyo).zone == "Europe/Berlin"
    assert read_cycle(text, berlin).due == read_cycle(text, tokyo).due
