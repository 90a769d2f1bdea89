"""The operators + - * / ** and the minus sign over numbers, text, dates, times and durations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from bpmn.feel.errors import text_too_long
from bpmn.feel.limits import MAX_STRING
from bpmn.feel.numbers import NUMBERS
from bpmn.feel.temporal import offset_of, seconds_of_day
from bpmn.feel.values import Value, YearsMonths

_DAY = timedelta(days=1)
_MICROSECOND = Decimal(1_000_000)


def calculate(sign: str, left: Value, right: Value) -> Value:
    """Return left sign right, or None when the operation does not exist or leaves the range of its type."""
    rule = _RULES[sign].get((type(left), type(right)))
    if rule is None:
        return None
    try:
        return rule(left, right)
    except (DecimalException, OverflowError, ValueError, ZeroDivisionError):
        return None


def negate(value: Value) -> Value:
    """Return the value with the other sign, or None when it has none."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    if isinstance(value, timedelta):
        return calculate("*", value, Decimal(-1))
    return None


def add_months(moment: date, months: int) -> date:
    """Return the same day of another month, or that month's last day; raises ValueError outside years 1 to 9999."""
    total = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(total, 12)
    for day in (moment.day, 30, 29, 28):
        if day <= moment.day:
            try:
                return moment.replace(year=year, month=month + 1, day=day)
            except ValueError:
                if day == 28:
                    raise
    raise ValueError("no such day")


def months_between(start: date, end: date) -> YearsMonths:
    """Return the whole months from start to end, cut towards zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


def seconds_of(span: timedelta) -> Decimal:
    """Return the length of a duration in seconds, exactly."""
    return Decimal(span.days * 86_400 + span.seconds) + Decimal(span.microseconds) / _MICROSECOND


def span_of(seconds: Decimal) -> timedelta:
    """Return a duration of so many seconds; raises OverflowError when it is too long."""
    micros = int(NUMBERS.multiply(seconds, _MICROSECOND).to_integral_value()) if abs(seconds) < 10**15 else 10**22
    days, rest = divmod(micros, 86_400_000_000)
    return timedelta(days=days, microseconds=rest)


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_STRING:
        raise text_too_long()
    return left + right


def _shift(moment: datetime, span: timedelta) -> datetime:
    """Move along real time, so a clock change of the zone does not count as passed time."""
    if offset_of(moment) is None:
        return moment + span
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)


def _shift_date(day: date, span: timedelta) -> date:
    return (datetime.combine(day, time()) + span).date()


def _shift_time(value: time, span: timedelta) -> time:
    moment = datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None)) + (span % _DAY)
    return moment.time().replace(tzinfo=value.tzinfo)


def _distance(left: date, right: date) -> timedelta | None:
    first, second = _at_midnight(left), _at_midnight(right)
    if (offset_of(first) is None) != (offset_of(second) is None):
        return None
    if first.tzinfo is None or second.tzinfo is None:
        return first - second
    return first.astimezone(UTC) - second.astimezone(UTC)


def _at_midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)


def _time_distance(left: time, right: time) -> timedelta | None:
    if (offset_of(left) is None) != (offset_of(right) is None):
        return None
    return span_of(seconds_of_day(left) - seconds_of_day(right))


def _scale_months(months: YearsMonths, factor: Decimal) -> YearsMonths:
    return YearsMonths(_whole(NUMBERS.multiply(months.months, factor)))


def _split_months(months: YearsMonths, divisor: Decimal) -> YearsMonths:
    return YearsMonths(_whole(NUMBERS.divide(months.months, divisor)))


def _whole(value: Decimal) -> int:
    if abs(value) > 10**15:
        raise OverflowError("a duration is too long")
    return int(value)


def _sum_months(left: YearsMonths, right: YearsMonths) -> YearsMonths:
    return YearsMonths(left.months + right.months)


Rule = Callable[[Any, Any], Value]
Rules = dict[tuple[type, type], Rule]


def _both_ways(rules: Rules) -> Rules:
    """Add every rule with its operands exchanged."""

    def exchanged(rule: Rule) -> Rule:
        return lambda left, right: rule(right, left)

    return rules | {(right, left): exchanged(rule) for (left, right), rule in rules.items() if left is not right}


_RULES: dict[str, Rules] = {
    "+": _both_ways(
        {
            (Decimal, Decimal): NUMBERS.add,
            (str, str): _join,
            (datetime, YearsMonths): lambda moment, span: add_months(moment, span.months),
            (date, YearsMonths): lambda day, span: add_months(day, span.months),
            (datetime, timedelta): _shift,
            (date, timedelta): _shift_date,
            (time, timedelta): _shift_time,
            (timedelta, timedelta): lambda left, right: left + right,
            (YearsMonths, YearsMonths): _sum_months,
        }
    ),
    "-": {
        (Decimal, Decimal): NUMBERS.subtract,
        (datetime, datetime): _distance,
        (datetime, date): _distance,
        (date, datetime): _distance,
        (date, date): _distance,
        (time, time): _time_distance,
        (datetime, YearsMonths): lambda moment, span: add_months(moment, -span.months),
        (date, YearsMonths): lambda day, span: add_months(day, -span.months),
        (datetime, timedelta): lambda moment, span: _shift(moment, -span),
        (date, timedelta): lambda day, span: _shift_date(day, -span),
        (time, timedelta): lambda value, span: _shift_time(value, -span),
        (timedelta, timedelta): lambda left, right: left - right,
        (YearsMonths, YearsMonths): lambda left, right: YearsMonths(left.months - right.months),
    },
    "*": _both_ways(
        {
            (Decimal, Decimal): NUMBERS.multiply,
            (YearsMonths, Decimal): _scale_months,
            (timedelta, Decimal): lambda span, factor: span_of(NUMBERS.multiply(seconds_of(span), factor)),
        }
    ),
    "/": {
        (Decimal, Decimal): NUMBERS.divide,
        (YearsMonths, Decimal): _split_months,
        (timedelta, Decimal): lambda span, divisor: span_of(NUMBERS.divide(seconds_of(span), divisor)),
        (YearsMonths, YearsMonths): lambda left, right: NUMBERS.divide(Decimal(left.months), Decimal(right.months)),
        (timedelta, timedelta): lambda left, right: NUMBERS.divide(seconds_of(left), seconds_of(right)),
    },
    "**": {(Decimal, Decimal): NUMBERS.power},
}
