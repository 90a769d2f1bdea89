"""Periods: from the 15th to the 14th, months, any days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import report_period
from engine.domain.report_period import PeriodError, read
from tests.support.facts import ZONE, at

CUT = 15


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-Q1", date(2022, 12, 15), date(2023, 3, 14)),
        ("2023-Q2", date(2023, 3, 15), date(2023, 6, 14)),
        ("2023-Q4", date(2023, 9, 15), date(2023, 12, 14)),
        ("2023", date(2022, 12, 15), date(2023, 12, 14)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2023-01-05..2023-01-05", date(2023, 1, 5), date(2023, 1, 5)),
    ],
)
def test_a_period_has_its_days(text: str, first: date, last: date) -> None:
    period = read(text, CUT)
    assert (period.id, period.first, period.last) == (text, first, last)


def test_a_quarter_begins_and_ends_at_local_midnight() -> None:
    period = read("2023-Q1", CUT)
    assert period.start(ZONE) == at("2022-12-15 00:00")
    assert period.end(ZONE) == at("2023-03-15 00:00")
    assert period.end(ZONE).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    "text",
    [
        "2023-Q5", "2023-Q0", "2023-13", "2023-00", "23", "1999", "2100", "2023-1", " 2023", "2023-Q1\n", "٢٠٢٣",
        "2023-02-30..2023-03-01", "2023-03-02..2023-03-01", "2020-01-01..2023-01-01", "1999-12-31..2000-01-01", "",
        "2023-01-05..", "..", "2023-Q1; drop table report",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        read(text, CUT)


@given(day=st.dates(date(2001, 1, 1), date(2098, 12, 31)), cut=st.integers(2, 28))
def test_every_day_belongs_to_one_quarter_and_quarters_follow_each_other(day: date, cut: int) -> None:
    period = report_period.quarter_of(day, cut)
    assert period.first <= day <= period.last
    assert read(period.id, cut) == period
    earlier = report_period.before(period, cut)
    assert earlier.last + timedelta(days=1) == period.first


@given(day=st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_months_follow_each_other(day: date) -> None:
    period = report_period.month_of(day)
    assert period.first <= day <= period.last
    assert report_period.before(period, CUT).last + timedelta(days=1) == period.first


def test_before_any_other_span_lie_as_many_days() -> None:
    assert report_period.before(read("2023-01-05..2023-01-10", CUT), CUT).id == "2022-12-30..2023-01-04"
