"""Host values → FEEL values; anything unknown becomes null, so no object of the host is reachable."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.errors import FeelLimitError
from bpmn.feel.limits import MAX_ITEMS, MAX_VALUE_DEPTH, MAX_VALUE_NODES
from bpmn.feel.numbers import NUMBERS, from_int, from_text
from bpmn.feel.values import Function, Range, Value, YearsMonths

_AS_IS = frozenset((str, bool, type(None), date, time, datetime, timedelta, YearsMonths, Range, Function))


def is_single(value: Any) -> bool:
    """Tell whether a host value has no parts, so that converting it costs next to nothing."""
    return type(value) in _AS_IS or isinstance(value, Decimal | int | float)


def to_feel(value: Any) -> Value:
    """Return a FEEL copy of a host value; raises FeelLimitError when it is too large or too deep."""
    if type(value) in _AS_IS:
        return value
    return _Converter().convert(value, 0)


class _Converter:
    def __init__(self) -> None:
        self.nodes = 0

    def convert(self, value: Any, depth: int) -> Value:
        """Convert one value found at the given depth."""
        if type(value) in _AS_IS:
            return value
        if isinstance(value, Mapping):
            self._count(len(value), depth)
            return {
                key if key.isascii() else unicodedata.normalize("NFC", key): self.convert(item, depth + 1)
                for key, item in value.items()
                if isinstance(key, str)
            }
        if isinstance(value, list | tuple | set | frozenset):
            self._count(len(value), depth)
            return [self.convert(item, depth + 1) for item in value]
        return _number(value) if isinstance(value, Decimal | int | float) else _plain(value)

    def _count(self, size: int, depth: int) -> None:
        self.nodes += size
        if size > MAX_ITEMS or self.nodes > MAX_VALUE_NODES or depth > MAX_VALUE_DEPTH:
            raise FeelLimitError("A variable is too large.", message_vi="Một biến có quá nhiều dữ liệu.")


def _number(value: Decimal | int | float) -> Decimal | None:
    if isinstance(value, Decimal):
        return NUMBERS.plus(value) if value.is_finite() and abs(value.adjusted()) < 6000 else None
    return from_int(int(value)) if isinstance(value, int) else from_text(repr(value))


def _plain(value: Any) -> Value:
    """Bring subclasses of the plain types back to the plain type."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, datetime):
        return datetime.combine(date(value.year, value.month, value.day), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    return timedelta(value.days, value.seconds, value.microseconds) if isinstance(value, timedelta) else None
