"""Calendar periods, and by which days they count: every day, or the working days that the caller lends."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

ADD_DAYS: Final = "add_working_days"  # (day, n) → an instant on the n-th working day after it; 0: the day, or the next
ADD_HOURS: Final = "add_working_hours"  # (instant, hours) → the instant when so many office hours have passed

_PERIOD = re.compile(
    r"(-)?P(?=[0-9T])(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,10})(?:\.([0-9]{1,6}))?S)?)?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: months, weeks and days follow the calendar and the wall clock, the span is exact time."""

    months: int
    days: int
    span: timedelta
    weeks: int = 0

    def after(self, start: datetime, times: int = 1) -> datetime:
        """Return the instant `times` periods after an aware start; the day is kept where the month has it."""
        moved = moved_by(start, self.months * times, (self.weeks * 7 + self.days) * times)
        return (moved.astimezone(UTC) + self.span * times).astimezone(start.tzinfo) if self.span else moved

    @property
    def rough(self) -> timedelta:
        """The shortest this period can be: months of 28 days."""
        return timedelta(days=self.months * 28 + self.weeks * 7 + self.days) + self.span

    @property
    def longest(self) -> timedelta:
        """The longest: a month has 31 days at most, and a day of the calendar one hour more than 24 at most."""
        by_calendar = self.months * 31 + self.weeks * 7 + self.days
        return timedelta(days=by_calendar, hours=1 if by_calendar else 0) + self.span


def read_period(text: str) -> Period:
    """Read an ISO 8601 duration (P1M, P2W, PT36H, P1DT1H, leading minus). Raises ValueError."""
    match = _PERIOD.fullmatch(text)
    if match is None or text.endswith("T"):
        raise ValueError(f'"{text}" is not an ISO 8601 duration')
    sign = -1 if match[1] else 1
    years, months, weeks, days, hours, minutes, seconds = (int(match[at] or 0) * sign for at in range(2, 9))
    micros = int((match[9] or "").ljust(6, "0")) * sign
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
    return Period(years * 12 + months, days, span, weeks)


def real(at: datetime) -> datetime:
    """Return a wall time as it exists: one that clocks skip is later by the gap, of two alike it is the first."""
    return at.astimezone(UTC).astimezone(at.tzinfo)


def moved_by(start: datetime, months: int, days: int) -> datetime:
    """Return the same wall time so many months and then days later; the day is kept where the month has it."""
    if not months and not days:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return real(start.replace(year=year, month=month + 1, day=day, fold=0) + timedelta(days=days))


class Days(Protocol):
    """By which days a timer counts."""

    def after(self, start: datetime, period: Period, times: int = 1) -> datetime:
        """Return the instant `times` periods after an aware start."""

    def on(self, at: datetime) -> datetime:
        """Return an aware instant, or the same wall time on the next day that counts."""

    def longest(self, period: Period) -> timedelta:
        """Return what a period seldom exceeds."""

    def check(self, period: Period) -> None:
        """Raise ValueError when a cycle cannot repeat such a period."""


class EveryDay:
    """Every day counts."""

    def after(self, start: datetime, period: Period, times: int = 1) -> datetime:
        return period.after(start, times)

    def on(self, at: datetime) -> datetime:
        return at

    def longest(self, period: Period) -> timedelta:
        return period.longest

    def check(self, period: Period) -> None:
        """Every period can be repeated."""


class CalendarError(ValueError):
    """The working calendar has no answer, for example because it does not cover the year."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days count only when they are worked, hours only in office hours; years, months and weeks as usual.

    The wall clock keeps its time; what ends on a day off ends on the next working day. `lent` are the functions of the
    caller's calendar; what they raise becomes a CalendarError.
    """

    lent: Mapping[str, Callable[..., Any]]

    def after(self, start: datetime, period: Period, times: int = 1) -> datetime:
        moved = moved_by(start, period.months * times, period.weeks * 7 * times)
        if period.months or period.weeks or period.days or not period.span:
            moved = self._on(moved, period.days * times)
        if not period.span:
            return moved
        return self._ask(ADD_HOURS, moved, Decimal(str((period.span * times).total_seconds())) / 3600)

    def on(self, at: datetime) -> datetime:
        return self._on(at, 0)

    def longest(self, period: Period) -> timedelta:
        # Around the new year a fortnight may hold a single working day.
        return timedelta(days=period.months * 31 + period.weeks * 7 + period.days * 14 + 14)

    def check(self, period: Period) -> None:
        if period.span:
            raise ValueError("by working days only days, weeks, months and years are repeated, not hours")

    def _on(self, at: datetime, count: int) -> datetime:
        day = self._ask(ADD_DAYS, at.date(), count)
        return real(datetime.combine(day.date(), at.time(), at.tzinfo))

    def _ask(self, name: str, start: date, amount: int | Decimal) -> datetime:
        function = self.lent.get(name)
        if function is None:
            raise ValueError("there is no working calendar here")
        try:
            found = function(start, amount)
        except Exception as error:  # whatever a lent function raises is told like any time that cannot be told
            raise CalendarError(f"the working calendar says: {error}") from error
        if not isinstance(found, datetime):
            raise ValueError(f"the working calendar has no day for {start.isoformat()}")
        return found


EVERY_DAY: Final = EveryDay()
