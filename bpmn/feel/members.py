"""Members of values after a dot: entries of contexts and the parts of dates, times, durations and ranges."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.feel.scope import Run
from bpmn.feel.temporal import offset_of
from bpmn.feel.values import Range, Value, YearsMonths


def member(run: Run, value: Value, name: str) -> Value:
    """Return a member, a list of members for a list, or None."""
    if isinstance(value, dict):
        return value.get(name) if name.isascii() else value.get(unicodedata.normalize("NFC", name))
    if isinstance(value, list):
        run.spend(len(value))
        return [member(run, item, name) for item in value]
    part = _PARTS.get(type(value), {}).get(name)
    return part(value) if part else None


def _number(part: Callable[[Any], int]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(part(value))


def _signed(part: Callable[[timedelta], int]) -> Callable[[Any], Decimal]:
    return lambda span: Decimal(part(abs(span)) * (-1 if span < timedelta() else 1))


def _zone(value: time | datetime) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _seconds(span: timedelta) -> Decimal:
    size = abs(span)
    seconds = Decimal(size.seconds % 60) + Decimal(size.microseconds) / 1_000_000
    return -seconds if span < timedelta() else seconds


def _second(value: time | datetime) -> Decimal:
    return Decimal(value.second) + Decimal(value.microsecond) / 1_000_000


def _months(part: Callable[[int], int]) -> Callable[[Any], Decimal]:
    return lambda span: Decimal(part(abs(span.months)) * (-1 if span.months < 0 else 1))


Parts = dict[str, Callable[[Any], Value]]
_DATE: Parts = {
    "year": _number(lambda value: value.year),
    "month": _number(lambda value: value.month),
    "day": _number(lambda value: value.day),
    "weekday": _number(lambda value: value.isoweekday()),
}
_TIME: Parts = {
    "hour": _number(lambda value: value.hour),
    "minute": _number(lambda value: value.minute),
    "second": _second,
    "time offset": offset_of,
    "timezone": _zone,
}
_PARTS: dict[type, Parts] = {
    date: _DATE,
    time: _TIME,
    datetime: _DATE | _TIME,
    timedelta: {
        "days": _signed(lambda span: span.days),
        "hours": _signed(lambda span: span.seconds // 3600),
        "minutes": _signed(lambda span: span.seconds // 60 % 60),
        "seconds": _seconds,
    },
    YearsMonths: {"years": _months(lambda months: months // 12), "months": _months(lambda months: months % 12)},
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
