"""Working days and working hours of one version of the calendar, computed from data handed in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.domain.errors import RuleError
from engine.domain.procedure import Confidence

ZONE = "Asia/Ho_Chi_Minh"
_DAY = timedelta(days=1)


def tomorrow(now: datetime) -> datetime:
    """The instant at which the next day begins, in the zone of `now`."""
    return (now + _DAY).replace(hour=0, minute=0, second=0, microsecond=0)


class UncoveredDateError(RuleError):
    """Lịch làm việc {version} chưa có ngày {day}; hãy bổ sung ngày nghỉ của năm đó vào danh mục.
    | Working calendar {version} does not cover {day}; add that year's days off to the catalog."""

    code = "calendar_uncovered"


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of office hours on an ISO weekday (Monday is 1), local time; `end` sharp is still in time."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHours:
    """Office hours that hold from a day on, in place of those before."""

    valid_from: date
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day off, a make-up day worked like ISO weekday `like`, or a day of which only the first session is worked, with
    the notice that says so."""

    day: date
    kind: Literal["holiday", "make_up", "half_day"]
    name: str
    source: str
    confidence: Confidence = "high"
    like: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """The calendar of the house for whole years; dates outside them are refused, never guessed.

    Days are local dates of `zone`, instants are aware datetimes and come back in `zone`.
    """

    version: str
    first_year: int
    last_year: int
    sessions: tuple[Session, ...]
    special_days: tuple[SpecialDay, ...] = ()
    later: tuple[OtherHours, ...] = ()  # oldest first
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(ZONE))
    _working: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _special: Mapping[date, SpecialDay] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        special = {entry.day: entry for entry in self.special_days}
        first = date(self.first_year, 1, 1)
        span = (date(self.last_year, 12, 31) - first).days + 1
        everyday = (first + timedelta(days=n) for n in range(span))
        worked = {day for day, entry in special.items() if entry.kind != "holiday"}
        working = tuple(d for d in everyday if d in worked or (d not in special and self.is_usual(d)))
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_working", working)

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The week's office hours as they stand on that day."""
        return next((one.sessions for one in reversed(self.later) if one.valid_from <= day), self.sessions)

    def is_usual(self, day: date) -> bool:
        """Whether that day of the week is worked, holidays aside."""
        return any(session.weekday == day.isoweekday() for session in self.sessions_on(day))

    def local(self, at: datetime) -> datetime:
        """The instant in the zone of the house. A naive datetime is a programming error."""
        if at.tzinfo is None:
            raise ValueError(f"naive datetime {at.isoformat()}: the calendar needs a zone")
        return at.astimezone(self.zone)

    def day_of(self, at: date | datetime) -> date:
        """The local date of an instant; a date stays as it is."""
        return self.local(at).date() if isinstance(at, datetime) else at

    def covers(self, day: date) -> bool:
        """Whether the days off of that day's year are known."""
        return self.first_year <= day.year <= self.last_year

    def note(self, day: date) -> SpecialDay | None:
        """Why the day is off, or which day it makes up for."""
        return self._special.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the term runs on that day; UncoveredDateError outside the covered years."""
        index = self._index(day)
        return index < len(self._working) and self._working[index] == day

    def roll(self, day: date) -> date:
        """The day itself, or the next working day when it is off (BLDS 2015 Điều 148)."""
        return self._at(self._index(day), day)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); 0 rolls a day off forward."""
        self._index(day)
        if count == 0:
            return self.roll(day)
        if count > 0:
            return self._at(bisect_right(self._working, day) + count - 1, day)
        return self._at(bisect_left(self._working, day) + count, day)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before."""
        self._index(start)
        self._index(end)
        return bisect_right(self._working, end) - bisect_right(self._working, start)

    def hours_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The office hours of that day in order, empty on a day off."""
        if not self.is_working_day(day):
            return ()
        special = self._special.get(day)
        weekday = special.like if special else day.isoweekday()
        hours = ((s.start, s.end) for s in self.sessions_on(day) if s.weekday == weekday)
        worked = tuple(sorted((self._instant(day, start), self._instant(day, end)) for start, end in hours))
        return worked[:1] if special and special.kind == "half_day" else worked

    def end_of_day(self, day: date) -> datetime:
        """When the last session of a working day ends (17:00, or 11:30 on a half day)."""
        hours = self.hours_of(day)
        if not hours:
            raise ValueError(f"{day.isoformat()} is a day off")
        return hours[-1][1]

    def working_day_end(self, start: date | datetime, count: int) -> datetime:
        """End of the `count`-th working day after `start`: FEEL's add_working_days(from, days)."""
        return self.end_of_day(self.add_working_days(self.day_of(start), count))

    def counted_at(self, at: datetime) -> datetime:
        """The instant itself during office hours, else the start of the next session, when a receipt counts."""
        moment = self.local(at)
        day = self.roll(moment.date())
        while True:
            for start, end in self.hours_of(day):
                if moment <= end:
                    return max(moment, start)
            day = self.add_working_days(day, 1)

    def add_working_hours(self, start: date | datetime, hours: int | float | Decimal) -> datetime:
        """The instant when so many office hours have passed; outside hours the count begins with the next session."""
        left = timedelta(seconds=float(hours) * 3600)
        if left < timedelta(0):
            raise ValueError("working hours cannot be negative")
        moment = self.counted_at(start if isinstance(start, datetime) else self._instant(start, time(0)))
        day = moment.date()
        while True:
            for begin, end in self.hours_of(day):
                room = end - max(begin, moment)
                if room >= left and room >= timedelta(0):
                    return max(begin, moment) + left
                left -= max(room, timedelta(0))
            day = self.add_working_days(day, 1)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The office hours between two instants; zero when `end` does not lie after `start`."""
        first, last = self.day_of(start), self.day_of(end)
        total = timedelta(0)
        for day in self._working[self._index(first) : bisect_right(self._working, last)]:
            for opens, closes in self.hours_of(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """What expressions of diagrams and rules may call: null gives null, a moment without a zone is local."""
        return {
            "add_working_days": lambda start, n: self._known(start, lambda at: self.working_day_end(at, _whole(n))),
            "add_working_hours": lambda start, n: self._known(start, lambda at: self.add_working_hours(at, n)),
            "is_working_day": lambda day: self._known(day, lambda at: self.is_working_day(self.day_of(at))),
        }

    def _known(self, at: Any, act: Callable[[date], Any]) -> Any:
        if at is None:
            return None
        return act(at.replace(tzinfo=self.zone) if isinstance(at, datetime) and at.tzinfo is None else at)

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone)

    def _index(self, day: date) -> int:
        if not self.covers(day):
            raise UncoveredDateError(version=self.version, day=day.isoformat())
        return bisect_left(self._working, day)

    def _at(self, index: int, asked: date) -> date:
        if 0 <= index < len(self._working):
            return self._working[index]
        edge = date(self.last_year + 1, 1, 1) if index > 0 else date(self.first_year, 1, 1) - _DAY
        raise UncoveredDateError(version=self.version, day=edge.isoformat(), asked=asked.isoformat())


def _whole(days: Any) -> int:
    """FEEL numbers are decimals; half a working day has no meaning in a term."""
    count = int(days)
    if count != days:
        raise ValueError(f"{days} is not a whole number of days")
    return count
