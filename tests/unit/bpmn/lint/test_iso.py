"""ISO 8601 texts of timers: what is accepted can be computed, everything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bpmn.lint.iso import is_cycle, is_date, is_duration
from bpmn.spiff.cycle import read_cycle, read_instant

NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)

DATES = [
    "2026-01-31",
    "2024-02-29",
    "2026-01-31T17:00",
    "2026-01-31T17:00:00",
    "2026-01-31T17:00:00.5+07:00",
    "2026-01-31T17:00Z",
]
NO_DATES = [
    "", "2026-02-29", "2026-13-01", "2026-1-31", "20260131", "2026-01-31 17:00", "2026-01-31T25:00", "2026-01-31T17",
    "2026-01-31T17:00:00+07", "2026-W05-6", "P1D", "31/01/2026", "２０２６-01-31", "2026-01-31\n",
    "2026-01-31T17:00+99:00",
]  # fmt: skip
DURATIONS = ["P1D", "P20D", "PT8H", "P1M", "P1Y2M3DT4H5M6.5S", "P2W", "PT0S", "P100Y", "PT90M"]
NO_DURATIONS = [
    "", "P", "PT", "P1DT", "1D", "P-1D", "-P1D", "P1H", "PT1D", "P1D2M", "P1.5D", "P1W2D", "p1d", "P 1D", "P101Y",
    "P99999Y", "PT999999999999S", "P1D\n", "P１D", "R/P1D",
]  # fmt: skip
CYCLES = ["R/P1D", "R3/PT8H", "R1/P1M", "R3/2026-01-31T08:00:00+07:00/P1M", "R/2026-01-31/P1W"]
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
