"""Equality and order of FEEL values, with null for what cannot be compared."""

from __future__ import annotations

import operator
import unicodedata
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from bpmn.feel.limits import CHARACTERS_PER_STEP
from bpmn.feel.scope import Run
from bpmn.feel.temporal import offset_of, seconds_of_day
from bpmn.feel.values import Function, Range, Value, YearsMonths

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED = frozenset((Decimal, str, timedelta, YearsMonths))


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """Return whether left stands in the order to right, or None when their types have no common order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return ORDERS[sign](left, right)
    return _compare_moments(ORDERS[sign], left, right)


def _compare_moments(order: Callable[[Any, Any], bool], left: Value, right: Value) -> bool | None:
    if not hasattr(left, "isoformat"):
        return None
    if isinstance(left, datetime | time):
        left, right = _same_footing(left, right), _same_footing(right, left)
        if isinstance(left, time):
            return order(seconds_of_day(left), seconds_of_day(right))
    return order(left, right)


def _same_footing(value: Value, other: Value) -> Value:
    """Return a local value with the other one's zone, which an order takes for it (DMN 10.3.2.15, table 54)."""
    return value.replace(tzinfo=other.tzinfo) if offset_of(value) is None and other.tzinfo else value


def equal(run: Run, left: Value, right: Value) -> bool | None:
    """Return FEEL's "=": null equals only null, different types give None, text ignores how marks are encoded."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if isinstance(left, str):
        return left == right or _same_text(run, left, right)
    if isinstance(left, list | dict | Range):
        return _equal_parts(run, left, right)
    return _equal_single(left, right)


def _same_text(run: Run, left: str, right: str) -> bool:
    if left.isascii() or right.isascii():
        return False
    run.spend((len(left) + len(right)) // CHARACTERS_PER_STEP)
    return unicodedata.normalize("NFC", left) == unicodedata.normalize("NFC", right)


def _equal_single(left: Value, right: Value) -> bool | None:
    if isinstance(left, Function):
        return True if left is right or (left.name and left.name == right.name) else None
    if isinstance(left, time):
        if (offset_of(left) is None) != (offset_of(right) is None):
            return False
        # The standard's value of a time has whole seconds (DMN 10.3.2.3.4), so fractions do not count.
        return int(seconds_of_day(left)) == int(seconds_of_day(right))
    return bool(left == right)


def _equal_parts(run: Run, left: Value, right: Value) -> bool:
    if isinstance(left, Range):
        same_form = (left.operator, left.start_included, left.end_included) == (
            right.operator,
            right.start_included,
            right.end_included,
        )
        return same_form and bool(equal(run, left.start, right.start)) and bool(equal(run, left.end, right.end))
    run.spend(len(left))
    if len(left) != len(right):
        return False
    if isinstance(left, list):
        return all(equal(run, one, other) for one, other in zip(left, right, strict=True))
    return left.keys() == right.keys() and all(equal(run, left[key], right[key]) for key in left)


def make_range(start: Value, end: Value, start_included: bool, end_included: bool) -> Range | None:
    """Return a range, or None when its ends are of different types or in the wrong order."""
    if (start is None) != (end is None):
        return Range(start, end, start_included, end_included)
    return Range(start, end, start_included, end_included) if compare("<=", start, end) else None


def contains(run: Run, target: Range, value: Value) -> bool | None:
    """Return whether the range holds the value, or None when that cannot be said."""
    if target.operator:
        end = target.start if target.start is not None else target.end
        return one_sided(run, target.operator, value, end)
    above = compare(">=" if target.start_included else ">", value, target.start)
    below = compare("<=" if target.end_included else "<", value, target.end)
    if above is None or below is None:
        return None
    return above and below


def one_sided(run: Run, sign: str, value: Value, limit: Value) -> bool | None:
    """Return the result of "value sign limit"."""
    if sign in ORDERS:
        return compare(sign, value, limit)
    same = equal(run, value, limit)
    if same is None:
        return None
    return same if sign == "=" else not same


def belongs(run: Run, value: Value, test: Value) -> bool | None:
    """Return whether value is the test, is in the range, or is in the list the test is."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return contains(run, test, value)
    if isinstance(test, list):
        run.spend(len(test))
        if isinstance(value, list) and equal(run, value, test):
            return True
        return any(belongs_single(run, value, item) for item in test)
    return equal(run, value, test)


def belongs_single(run: Run, value: Value, item: Value) -> bool | None:
    """Return whether value is the item or is in the range the item is."""
    if isinstance(item, Range) and not isinstance(value, Range):
        return contains(run, item, value)
    return equal(run, value, item)


def sorted_values(run: Run, values: list[Value]) -> list[Value] | None:
    """Return values in ascending order, or None when they have no common order."""
    if any(compare("<", value, values[0]) is None for value in values):
        return None
    run.spend(len(values))
    return sorted(values, key=cmp_to_key(lambda one, other: -1 if compare("<", one, other) else 1))
