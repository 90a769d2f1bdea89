"""FEEL values → plain values: what may leave the runner and be stored as JSON."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.temporal import temporal_text
from bpmn.feel.values import YearsMonths


def plain(value: Any) -> Any:
    """Return the value with whole Decimals as int, dates, times and durations as ISO 8601 text, all levels deep.

    Raises ValueError for what cannot be stored: a function or a range.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _temporal(value)


def _temporal(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta | YearsMonths):
        return temporal_text(value)
    raise ValueError(f"a {type(value).__name__.lower()} cannot be stored in a variable")
