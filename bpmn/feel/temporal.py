"""Dates, times and durations: reading and writing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bpmn.feel.values import Value, YearsMonths

_LONGEST = 100
_DATE = r"(?P<year>-?[0-9]{4,9})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,20}))?"
_ZONE = r"(?:(?P<utc>[Zz])|(?P<offset>[-+][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)|@(?P<zone>[A-Za-z][A-Za-z0-9_+\-/]{0,60}))?"
_DATE_ONLY = re.compile(_DATE)
_TIME_ONLY = re.compile(f"T?{_TIME}{_ZONE}")
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}{_ZONE}")
_MONTHS = re.compile(r"(-)?P(?=[0-9])(?:([0-9]{1,15})Y)?(?:([0-9]{1,15})M)?")
_SECONDS = re.compile(
    r"(-)?P(?=[0-9T])(?:([0-9]{1,15})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,15})(?:\.([0-9]{0,20}))?S)?)?"
)
_WIDEST_OFFSET = timedelta(hours=18)
_REFERENCE_DAY = date(1970, 1, 1)  # the day on which a zone gives a bare time its offset


def parse_temporal(text: str) -> Value:
    """Return the date, time, date and time or duration written in text, or None."""
    for read in (parse_date, parse_time, parse_date_time, parse_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def parse_date(text: str) -> date | None:
    """Return the date written as 2024-12-31, or None; only the years 1 to 9999 exist here."""
    match = _DATE_ONLY.fullmatch(text[:_LONGEST])
    return _date_of(match) if match else None


def parse_time(text: str) -> time | None:
    """Return the time written as 10:30:00, with or without a zone, or None."""
    match = _TIME_ONLY.fullmatch(text[:_LONGEST])
    if not match:
        return None
    try:
        return _time_of(match, hour=int(match["hour"]) % 24 if _is_midnight(match) else int(match["hour"]))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def parse_date_time(text: str) -> datetime | None:
    """Return the date and time written as 2024-12-31T10:30:00, or None; 24:00:00 is the next day."""
    match = _DATE_TIME.fullmatch(text[:_LONGEST])
    day = _date_of(match) if match else None
    if not match or day is None:
        return None
    try:
        if _is_midnight(match):
            return datetime.combine(day + timedelta(days=1), _time_of(match, hour=0))
        return datetime.combine(day, _time_of(match, hour=int(match["hour"])))
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return None


def parse_duration(text: str) -> YearsMonths | timedelta | None:
    """Return the duration written as P1Y2M or P1DT2H3M4S, or None."""
    if match := _MONTHS.fullmatch(text[:_LONGEST]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _SECONDS.fullmatch(text[:_LONGEST])
    if not match:
        return None
    days, hours, minutes, seconds = (int(match[index] or 0) for index in (2, 3, 4, 5))
    try:
        span = timedelta(days, seconds, _microseconds(match[6]), 0, minutes, hours)
    except OverflowError:
        return None
    return -span if match[1] else span


def zone_named(name: str) -> tzinfo | None:
    """Return the zone of a name such as Asia/Ho_Chi_Minh or an offset such as +07:00, or None."""
    match = re.fullmatch(_ZONE, name if name[:1] in "Zz+-" else f"@{name}")
    try:
        return _zone_of(match) if match else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def offset_zone(span: timedelta) -> tzinfo | None:
    """Return the zone at a distance from UTC, or None when it is more than 18 hours."""
    return timezone(span) if abs(span) <= _WIDEST_OFFSET else None


def seconds_of_day(value: time) -> Decimal:
    """Return the seconds of a time since midnight, in UTC when the time has a zone."""
    offset = offset_of(value) or timedelta()
    whole = value.hour * 3600 + value.minute * 60 + value.second
    return Decimal(whole) + Decimal(value.microsecond) / 1_000_000 - int(offset.total_seconds())


def offset_of(value: time | datetime) -> timedelta | None:
    """Return the distance from UTC, or None for a local value."""
    if isinstance(value, time):
        return datetime.combine(_REFERENCE_DAY, value).utcoffset()
    return value.utcoffset()


def zone_text(zone: tzinfo | None) -> str:
    """Return a zone as it is written after a time."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    seconds = int((zone.utcoffset(None) or timedelta()).total_seconds())
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    tail = f":{rest:02}" if rest else ""
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"


def temporal_text(value: Value) -> str:
    """Return a date, time, date and time or duration as FEEL writes it."""
    if isinstance(value, YearsMonths):
        return _months_text(value.months)
    if isinstance(value, timedelta):
        return _seconds_text(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_time_text(value.timetz())}"
    return _time_text(value) if isinstance(value, time) else str(value.isoformat())


def _date_of(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    if not 1 <= year <= 9999 or (len(match["year"]) > 4):
        return None
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _is_midnight(match: re.Match[str]) -> bool:
    zeros = (match["minute"], match["second"]) == ("00", "00") and not int(match["fraction"] or 0)
    return match["hour"] == "24" and zeros


def _time_of(match: re.Match[str], *, hour: int) -> time:
    zone = _zone_of(match)
    return time(hour, int(match["minute"]), int(match["second"]), _microseconds(match["fraction"]), zone)


def _microseconds(digits: str | None) -> int:
    return int((digits or "")[:6].ljust(6, "0"))


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone_of(match: re.Match[str]) -> tzinfo | None:
    if match["utc"]:
        return UTC
    if match["zone"]:
        if match["zone"] not in _known_zones():  # ZoneInfo itself would try to import what the text spells
            raise ZoneInfoNotFoundError(match["zone"])
        return ZoneInfo(match["zone"])
    if not match["offset"]:
        return None
    hours, minutes, *seconds = (int(part) for part in match["offset"][1:].split(":"))
    span = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    zone = offset_zone(-span if match["offset"][0] == "-" else span)
    if zone is None or minutes > 59:
        raise ValueError(match["offset"])
    return zone


def _time_text(value: time) -> str:
    clock = value.replace(microsecond=0, tzinfo=None).isoformat()
    return f"{clock}{_fraction(value.microsecond)}{zone_text(value.tzinfo)}"


def _fraction(microseconds: int) -> str:
    return f".{microseconds:06}".rstrip("0") if microseconds else ""


def _months_text(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months < 0 else ''}P{body or '0M'}"


def _seconds_text(span: timedelta) -> str:
    size = abs(span)
    minutes, seconds = divmod(size.seconds, 60)
    parts = ((minutes // 60, "H"), (minutes % 60, "M"))
    clock = "".join(f"{number}{unit}" for number, unit in parts if number)
    if seconds or size.microseconds:
        clock += f"{seconds}{_fraction(size.microseconds)}S"
    days = f"{size.days}D" if size.days else ""
    body = days + (f"T{clock}" if clock else "")
    return f"{'-' if span < timedelta() else ''}P{body or 'T0S'}"
