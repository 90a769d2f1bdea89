"""Built-in functions that turn one kind of value into another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from bpmn.feel import temporal
from bpmn.feel.arithmetic import months_between
from bpmn.feel.errors import text_too_long
from bpmn.feel.limits import MAX_STRING
from bpmn.feel.numbers import from_text, to_text
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.values import Function, Range, Value, YearsMonths

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,5})?")
_LONGEST_NUMBER = 1_000


@builtin("number", "from:string, grouping separator?:string|null, decimal separator?:string|null")
def number(_: Run, text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """Return the number written in a text; null when the separators are not allowed ones."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(point, ".")
    return from_text(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


@builtin("string", "from:any")
def string(run: Run, value: Value) -> str | None:
    """Return the text of a value; text itself comes back unchanged."""
    if value is None or isinstance(value, str):
        return value
    writer = _Writer(run)
    writer.write(value)
    return "".join(writer.parts)


class _Writer:
    """Writes a value as FEEL would read it, never longer than a text may be."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.parts: list[str] = []
        self.length = 0

    def write(self, value: Value) -> None:
        """Append a value."""
        self.run.spend()
        if isinstance(value, list):
            self._sequence("[", [partial(self.write, item) for item in value], "]")
        elif isinstance(value, dict):
            self._sequence("{", [partial(self._entry, key, item) for key, item in value.items()], "}")
        elif isinstance(value, Range):
            self._range(value)
        else:
            self._add(_plain_text(value))

    def _add(self, text: str) -> None:
        self.length += len(text)
        if self.length > MAX_STRING:
            raise text_too_long()
        self.parts.append(text)

    def _sequence(self, opening: str, writes: list[Callable[[], None]], closing: str) -> None:
        self._add(opening)
        for index, write in enumerate(writes):
            if index:
                self._add(", ")
            write()
        self._add(closing)

    def _entry(self, key: str, value: Value) -> None:
        self._add(f"{key}: " if key.isidentifier() else f"{_quoted(key)}: ")
        self.write(value)

    def _range(self, value: Range) -> None:
        if value.operator:
            self._add(f"({value.operator} ")
            self.write(value.end if value.start is None else value.start)
            self._add(")")
            return
        self._add("[" if value.start_included else "(")
        self.write(value.start)
        self._add("..")
        self.write(value.end)
        self._add("]" if value.end_included else ")")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain_text(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return to_text(value)
    if isinstance(value, str):
        return _quoted(value)
    return f"function({', '.join(value.parameters)})" if isinstance(value, Function) else temporal.temporal_text(value)


@builtin("date", "from:string")
def date_from_text(_: Run, text: str) -> date | None:
    """Return the date written in a text."""
    return temporal.parse_date(text)


@builtin("date", "from:day")
def date_from_day(_: Run, day: date) -> date:
    """Return the date of a date and time."""
    return day.date() if isinstance(day, datetime) else day


@builtin("date", "year:number, month:number, day:number")
def date_from_parts(_: Run, year: Decimal, month: Decimal, day: Decimal) -> date:
    """Return the date of three numbers."""
    return date(_whole(year), _whole(month), _whole(day))


@builtin("time", "from:string")
def time_from_text(_: Run, text: str) -> time | None:
    """Return the time written in a text."""
    return temporal.parse_time(text)


@builtin("time", "from:time")
def time_from_time(_: Run, value: time) -> time:
    """Return the time unchanged."""
    return value


@builtin("time", "from:day")
def time_from_day(_: Run, day: date) -> time:
    """Return the time of a date and time; a date begins at midnight UTC."""
    return day.timetz() if isinstance(day, datetime) else time(tzinfo=temporal.zone_named("Z"))


@builtin("time", "hour:number, minute:number, second:number, offset?:span|null")
def time_from_parts(
    _: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> time | None:
    """Return the time of three numbers, with an offset from UTC when one is given."""
    zone = None if offset is None else temporal.offset_zone(offset)
    if offset is not None and zone is None:
        return None
    whole = int(second)
    return time(_whole(hour), _whole(minute), whole, int((second - whole) * 1_000_000), zone)


@builtin("date and time", "from:string")
def moment_from_text(_: Run, text: str) -> datetime | None:
    """Return the date and time written in a text; a bare date begins at midnight."""
    day = temporal.parse_date(text)
    return temporal.parse_date_time(text) if day is None else datetime.combine(day, time())


@builtin("date and time", "from:datetime")
def moment_from_moment(_: Run, moment: datetime) -> datetime:
    """Return the date and time unchanged."""
    return moment


@builtin("date and time", "date:day, time:time")
def moment_from_day_and_time(_: Run, day: date, clock: time) -> datetime:
    """Return the day of the first with the time, and zone, of the second."""
    return datetime.combine(day, clock)


@builtin("date and time", "date:datetime, timezone:string")
def moment_in_zone(_: Run, moment: datetime, timezone: str) -> datetime | None:
    """Return the same instant in another zone; a local date and time takes the zone as its own."""
    zone = temporal.zone_named(timezone)
    if zone is None:
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


_CLOCK = "year:number, month:number, day:number, hour:number, minute:number, second:number"


@builtin("date and time", f"{_CLOCK}, offset?:span|null")
def moment_from_parts(run: Run, *parts: Value) -> datetime | None:
    """Return the date and time of six numbers, with an offset from UTC when one is given."""
    clock = time_from_parts(run, *parts[3:])
    return None if clock is None else datetime.combine(date_from_parts(run, *parts[:3]), clock)


@builtin("date and time", f"{_CLOCK}, timezone:string")
def moment_from_parts_in_zone(run: Run, *parts: Value) -> datetime | None:
    """Return the date and time of six numbers in a named zone."""
    moment = moment_from_parts(run, *parts[:6])
    return None if moment is None else moment_in_zone(run, moment, parts[6])


@builtin("duration", "from:string")
def duration(_: Run, text: str) -> YearsMonths | timedelta | None:
    """Return the duration written in a text."""
    return temporal.parse_duration(text)


@builtin("duration", "from:duration")
def duration_unchanged(_: Run, span: YearsMonths | timedelta) -> YearsMonths | timedelta:
    """Return the duration unchanged."""
    return span


@builtin("years and months duration", "from:day, to:day")
def years_and_months(_: Run, start: date, end: date) -> YearsMonths:
    """Return the whole months between two days."""
    return months_between(start, end)


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError("a whole number is needed")
    return int(value)
