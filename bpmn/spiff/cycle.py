"""When a timer is due: dates, durations and repeating cycles, by the calendar of the caller's zone."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypeVar

from bpmn.errors import StepError
from bpmn.feel.temporal import parse_date, parse_date_time
from bpmn.feel.values import YearsMonths

T = TypeVar("T")
V = TypeVar("V")

_PERIOD = re.compile(
    r"(-)?P(?=[0-9T])(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,10})(?:\.([0-9]{1,6}))?S)?)?"
)
_REPEAT = re.compile(r"R([0-9]{1,9})?/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: months and days follow the calendar and the wall clock, the span is exact time."""

    months: int
    days: int
    span: timedelta

    def after(self, start: datetime, times: int = 1) -> datetime:
        """Return the instant `times` periods after an aware start; the day is kept where the month has it."""
        total = start.year * 12 + start.month - 1 + self.months * times
        year, month = divmod(total, 12)
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        moved = start.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days * times)
        if not self.span:
            return moved
        return (moved.astimezone(UTC) + self.span * times).astimezone(start.tzinfo)

    @property
    def rough(self) -> timedelta:
        """The shortest this period can be: months of 28 days, one hour less for a change of clocks."""
        return timedelta(days=self.months * 28 + self.days) + self.span


@dataclass(frozen=True, slots=True)
class Cycle:
    """Slots anchor + index * period, from `index` (the next one to fire) to `last` (None: without end)."""

    anchor: datetime
    text: str
    index: int
    last: int | None

    @property
    def due(self) -> datetime:
        return read_period(self.text).after(self.anchor, self.index)

    def at_zone(self, zone: tzinfo | None) -> Cycle:
        """Return the same cycle, its calendar read in this zone."""
        return replace(self, anchor=self.anchor.astimezone(zone))

    def next_after(self, now: datetime) -> Cycle | None:
        """Return the cycle at its next slot later than `now`, or None when no slot is left; missed slots are gone."""
        return self._seek(now, self.index + 1)

    def from_now(self, now: datetime) -> Cycle:
        """Return the cycle at its first slot not before `now`, at its last slot when all of them are past."""
        if self.due >= now:
            return self
        found = self._seek(now - timedelta(microseconds=1), self.index)
        return found or replace(self, index=self.last or 0)

    def _seek(self, now: datetime, index: int) -> Cycle | None:
        period = read_period(self.text)
        # A leap over the missed slots: a PT1S cycle may be years late. A month has 31 days at most, and a day of the
        # calendar one hour more than 24 at most.
        by_calendar = period.months * 31 + period.days
        longest = timedelta(days=by_calendar, hours=1 if by_calendar else 0) + period.span
        index = max(index, (now - self.anchor) // longest - 1)
        while (self.last is None or index <= self.last) and period.after(self.anchor, index) <= now:
            index += 1
        return None if self.last is not None and index > self.last else replace(self, index=index)


def told(read: Callable[[V, datetime], T], value: V, now: datetime, element_id: str) -> T:
    """Return what `read` makes of a value; raises StepError naming the element when it makes no time of it."""
    try:
        return read(value, now)
    except (ValueError, OverflowError) as error:
        raise StepError(
            f'"{element_id}" cannot tell its time: {error}.',
            element_id,
            message_vi=f"“{element_id}” không xác định được thời điểm từ giá trị {value!r}.",
        ) from error


def read_period(text: str) -> Period:
    """Read an ISO 8601 duration (P1M, P2W, PT36H, P1DT1H, leading minus). Raises ValueError."""
    match = _PERIOD.fullmatch(text)
    if match is None or text.endswith("T"):
        raise ValueError(f'"{text}" is not an ISO 8601 duration')
    sign = -1 if match[1] else 1
    years, months, weeks, days, hours, minutes, seconds = (int(match[at] or 0) * sign for at in range(2, 9))
    micros = int((match[9] or "").ljust(6, "0")) * sign
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
    return Period(years * 12 + months, weeks * 7 + days, span)


def read_cycle(text: str, now: datetime) -> Cycle:
    """Read R/P1D, R3/P1D or R3/<start>/P1D; without a start the first slot is a period from now. Raises ValueError."""
    match = _REPEAT.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a repeating interval such as R3/P1D')
    times = None if match[1] is None else int(match[1])
    start, _, period = match[2].rpartition("/")
    if times == 0 or read_period(period).rough <= timedelta(0):
        raise ValueError(f'"{text}" never fires, or fires without pause')
    if not start:
        return Cycle(now, period, 1, times)
    if start.startswith(("P", "-")):
        raise ValueError(f'"{start}" is not the start of a repeating interval')
    return Cycle(read_instant(start, now), period, 0, None if times is None else times - 1).from_now(now)


def read_instant(value: Any, now: datetime) -> datetime:
    """Return the aware instant a value means: date and time, date (its start), duration from now, or ISO text of these.

    Local values are in the zone of `now`. Raises ValueError for anything else, OverflowError beyond the year 9999.
    """
    if isinstance(value, str):
        value = _read_text(value.strip())
    if isinstance(value, YearsMonths):
        return Period(value.months, 0, timedelta()).after(now)
    if isinstance(value, timedelta):
        return (now.astimezone(UTC) + value).astimezone(now.tzinfo)
    if isinstance(value, Period):
        return value.after(now)
    return _localized(value, now)


def _read_text(text: str) -> datetime | date | Period:
    if text.lstrip("-").startswith("P"):
        return read_period(text)
    found = parse_date_time(text) or parse_date(text) or _short(text)
    if found is None:
        raise ValueError(f'"{text}" is neither a date, a date and time, nor a duration')
    return found


def _short(text: str) -> datetime | None:
    """Read the forms without seconds that ISO 8601 allows and FEEL does not, e.g. 2026-01-31T08:00+07:00."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _localized(value: Any, now: datetime) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=now.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time(), now.tzinfo)
    raise ValueError(f"{value!r} is neither a date, a date and time, nor a duration")
