"""Which instant a value means: a date, a date and time, a duration, or ISO 8601 text of these, perhaps with a zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from bpmn.errors import StepError
from bpmn.feel.temporal import parse_date, parse_date_time, zone_named
from bpmn.feel.values import YearsMonths
from bpmn.spiff.period import EVERY_DAY, CalendarError, Days, Period, read_period, real

T = TypeVar("T")
V = TypeVar("V")

_ZONE = re.compile(r"(.*?)(?:@([A-Za-z][\w+\-/]{0,60})|\[([A-Za-z][\w+\-/]{0,60})\])", re.ASCII)


def told(read: Callable[[V, datetime], T], value: V, now: datetime, element_id: str) -> T:
    """Return what `read` makes of a value; raises StepError naming the element when it makes no time of it."""
    try:
        return read(value, now)
    except (ValueError, OverflowError) as error:
        because = f" (lịch làm việc: {error.__cause__})" if isinstance(error, CalendarError) else ""
        raise StepError(
            f'"{element_id}" cannot tell its time: {error}.',
            element_id,
            message_vi=f"“{element_id}” không xác định được thời điểm từ giá trị {value!r}{because}.",
        ) from error


def read_instant(value: Any, now: datetime, days: Days = EVERY_DAY) -> datetime:
    """Return the aware instant a value means: date and time, date (its start), duration from now, or ISO text of these.

    Local values are in the zone of `now`; `days` says by which days durations count, and to which day off a date moves.
    Raises ValueError for anything else, OverflowError beyond the year 9999.
    """
    if isinstance(value, str):
        value = read_text(value.strip())
    if isinstance(value, YearsMonths):
        return days.after(now, Period(value.months, 0, timedelta()))
    if isinstance(value, timedelta):
        # FEEL knows no difference between a day and 24 hours, so its durations are exact where every day counts.
        if days is EVERY_DAY:
            return (now.astimezone(UTC) + value).astimezone(now.tzinfo)
        value = Period(0, value.days, value - timedelta(days=value.days))
    if isinstance(value, Period):
        return days.after(now, value)
    return days.on(real(_localized(value, now)))


def read_text(text: str) -> datetime | date | Period:
    """Read ISO 8601 text; a zone may follow it as @Europe/Berlin or [Europe/Berlin]. Raises ValueError."""
    if text.lstrip("-").startswith("P"):
        return read_period(text)
    zoned = _ZONE.fullmatch(text)
    plain = zoned[1] if zoned else text
    found = parse_date_time(plain) or parse_date(plain) or _short(plain)
    if found is None:
        raise ValueError(f'"{text}" is neither a date, a date and time, nor a duration')
    return found if zoned is None else _in_zone(found, zoned[2] or zoned[3])


def _short(text: str) -> datetime | None:
    """Read the forms without seconds that ISO 8601 allows and FEEL does not, e.g. 2026-01-31T08:00+07:00."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _in_zone(value: datetime | date, name: str) -> datetime:
    zone = zone_named(name)
    if zone is None:
        raise ValueError(f'"{name}" is no time zone')
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    # An offset says which instant it is, the zone by which clocks it goes on.
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)


def _localized(value: Any, now: datetime) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=now.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time(), now.tzinfo)
    raise ValueError(f"{value!r} is neither a date, a date and time, nor a duration")
