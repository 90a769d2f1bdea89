"""ISO 8601 texts of timers: what is accepted can be computed, everything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bpmn.lint.iso import has_hours, is_cron, is_cycle, is_date, is_duration
from bpmn.spiff.cycle import read_cycle
from bpmn.spiff.instant import read_instant

NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)

DATES = [
    "2026-01-31",
    "2024-02-29",
    "2026-01-31T17:00",
    "2026-01-31T17:00:00",
    "2026-01-31T17:00:00.5+07:00",
    "2026-01-31T17:00Z",
    "2026-01-31T17:00@Asia/Ho_Chi_Minh",
    "2026-03-29T02:30:00[Europe/Berlin]",
    "2026-01-31T17:00:00+07:00[Europe/Berlin]",
    "2026-01-31@Europe/Berlin",
]
NO_DATES = [
    "", "2026-02-29", "2026-13-01", "2026-1-31", "20260131", "2026-01-31 17:00", "2026-01-31T25:00", "2026-01-31T17",
    "2026-01-31T17:00:00+07", "2026-W05-6", "P1D", "31/01/2026", "２０２６-01-31", "2026-01-31\n",
    "2026-01-31T17:00+99:00", "2026-01-31T17:00@Europe/Saigon", "2026-01-31T17:00[Berlin", "2026-02-30@Asia/Tokyo",
    "2026-01-31@Asia/Tokyo@Asia/Tokyo", "@Asia/Tokyo", "2026-01-31T17:00[]", "@Asia/Tokyo" * 2000,
]  # fmt: skip
DURATIONS = ["P1D", "P20D", "PT8H", "P1M", "P1Y2M3DT4H5M6.5S", "P2W", "PT0S", "P100Y", "PT90M"]
NO_DURATIONS = [
    "", "P", "PT", "P1DT", "1D", "P-1D", "-P1D", "P1H", "PT1D", "P1D2M", "P1.5D", "P1W2D", "p1d", "P 1D", "P101Y",
    "P99999Y", "PT999999999999S", "P1D\n", "P１D", "R/P1D",
]  # fmt: skip
CYCLES = ["R/P1D", "R3/PT8H", "R1/P1M", "R3/2026-01-31T08:00:00+07:00/P1M", "R/2026-01-31/P1W",
    "R/2026-01-31T09:00:00@Europe/Berlin/P1D", "R2/2026-01-31T09:00[Asia/Ho_Chi_Minh]/P1M",
]  # fmt: skip
NO_CYCLES = [
    "",
    "R",
    "R/",
    "R0/P1D",
    "R-1/P1D",
    "P1D",
    "R/PT0S",
    "R/P1D/2026-01-31",
    "R3/31.1.2026/P1D",
    "R/a/b/P1D",
    "R/2026-01-31T09:00:00@Europe/Saigon/P1D",
    "0 0 * * *",
]


@pytest.mark.parametrize("text", DATES)
def test_dates_that_exist_are_accepted(text: str) -> None:
    assert is_date(text)
    read_instant(text, NOW)


@pytest.mark.parametrize("text", NO_DATES)
def test_other_dates_are_refused(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize("text", DURATIONS)
def test_durations_are_accepted(text: str) -> None:
    assert is_duration(text)
    read_instant(text, NOW)


@pytest.mark.parametrize("text", NO_DURATIONS)
def test_other_durations_are_refused(text: str) -> None:
    assert not is_duration(text)


@pytest.mark.parametrize("text", CYCLES)
def test_cycles_are_accepted(text: str) -> None:
    assert is_cycle(text)
    read_cycle(text, NOW)


@pytest.mark.parametrize("text", NO_CYCLES)
def test_other_cycles_are_refused(text: str) -> None:
    assert not is_cycle(text)


@pytest.mark.parametrize("text", ["0 0 9 * * MON-FRI", "*/5 * * * *", "0 0 0 ? * 2#1", "@daily", "0 0 9 * * * 2026"])
def test_cron_is_told_from_a_misprint(text: str) -> None:
    assert is_cron(text)
    assert not is_cycle(text)


@pytest.mark.parametrize("text", ["R/P1D", "", "mỗi ngày lúc chín giờ sáng", "0 0 9", "every day at nine sharp"])
def test_what_is_no_cron_is_not_taken_for_it(text: str) -> None:
    assert not is_cron(text)


@pytest.mark.parametrize(("text", "hours"), [("R/PT8H", True), ("R3/P1DT1S", True), ("R/P1D", False), ("=x", False)])
def test_hours_in_a_cycle_are_seen(text: str, hours: bool) -> None:
    assert has_hours(text) is hours
