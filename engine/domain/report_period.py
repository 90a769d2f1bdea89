"""Periods that are reported on: quarters and years of the reporting regime, calendar months, any span of days.

A reporting quarter runs from the cut day of the month before it up to the day before the cut day of its last month
(NĐ 09/2019/NĐ-CP: from the 15th to the 14th), a reporting year likewise; the cut day is data of the catalog.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from engine.domain.errors import RuleError

Kind = Literal["quarter", "year", "month", "days"]
DAY = timedelta(days=1)
LONGEST = 2 * 366  # days; nothing counts over more at once
YEARS = range(2000, 2100)
_FORMS = re.compile(
    r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?"
    r"|(?P<first>\d{4}-\d\d-\d\d)\.\.(?P<last>\d{4}-\d\d-\d\d)",
    re.ASCII,
)


class PeriodError(RuleError):
    """Kỳ báo cáo “{text}” không hợp lệ. | There is no period “{text}”."""

    code = "report_period"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days `first` to `last`, both included. `id`: 2023-Q1, 2023, 2023-01 or 2023-01-05..2023-01-20."""

    id: str
    kind: Kind
    first: date
    last: date

    def start(self, zone: tzinfo) -> datetime:
        """The instant at which it begins."""
        return datetime.combine(self.first, time(0), tzinfo=zone)

    def end(self, zone: tzinfo) -> datetime:
        """The first instant that no longer belongs to it."""
        return datetime.combine(self.last + DAY, time(0), tzinfo=zone)


def read(text: str, cut_day: int) -> Period:
    """The period of an id; PeriodError."""
    found = _FORMS.fullmatch(text)
    if found is None:
        raise PeriodError(text=text[:40])
    if found["first"]:
        return _days(found["first"], found["last"])
    year = int(found["year"])
    if year not in YEARS:
        raise PeriodError(text=text)
    if found["quarter"]:
        return quarter(year, int(found["quarter"]), cut_day)
    if found["month"]:
        return month(year, int(found["month"]))
    return Period(f"{year}", "year", _cut(year, 0, cut_day), _cut(year, 12, cut_day) - DAY)


def quarter(year: int, number: int, cut_day: int) -> Period:
    """Quarter 1 to 4 of the reporting regime."""
    first, after = _cut(year, 3 * number - 3, cut_day), _cut(year, 3 * number, cut_day)
    return Period(f"{year}-Q{number}", "quarter", first, after - DAY)


def month(year: int, number: int) -> Period:
    """A calendar month."""
    after = date(year + number // 12, number % 12 + 1, 1)
    return Period(f"{year}-{number:02d}", "month", date(year, number, 1), after - DAY)


def quarter_of(day: date, cut_day: int) -> Period:
    """The reporting quarter that a day belongs to."""
    year, number = day.year, (day.month - 1) // 3 + 1
    found = quarter(year, number, cut_day)
    if day <= found.last:
        return found
    return quarter(year + number // 4, number % 4 + 1, cut_day)


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    return month(day.year, day.month)


def before(period: Period, cut_day: int) -> Period:
    """The quarter or month that came just before; of other kinds as many days before."""
    day = period.first - DAY
    if period.kind == "quarter":
        return quarter_of(day, cut_day)
    if period.kind == "month":
        return month_of(day)
    return _days((day - (period.last - period.first)).isoformat(), day.isoformat())


def _cut(year: int, month_number: int, cut_day: int) -> date:
    """The cut day of a month; month 0 is the December before."""
    return date(year - 1, 12, cut_day) if month_number == 0 else date(year, month_number, cut_day)


def _days(first: str, last: str) -> Period:
    text = f"{first}..{last}"
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise PeriodError(text=text) from error
    if begin > end or (end - begin).days >= LONGEST or begin.year not in YEARS or end.year not in YEARS:
        raise PeriodError(text=text)
    return Period(text, "days", begin, end)
