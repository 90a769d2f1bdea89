"""What leaves the runner is storable."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from bpmn.feel.values import Range, YearsMonths
from bpmn.spiff.plain import plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        ("Nguyễn", "Nguyễn"),
        (Decimal("3"), 3),
        (Decimal("3.00"), 3),
        (Decimal("1E+3"), 1000),
        (Decimal("3.50"), Decimal("3.50")),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=7))), "2026-01-31T08:00:00+07:00"),
        (time(8, 30), "08:30:00"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (YearsMonths(14), "P1Y2M"),
        ({"a": [Decimal("1"), {"b": date(2026, 1, 1)}]}, {"a": [1, {"b": "2026-01-01"}]}),
        ((1, 2), [1, 2]),
    ],
)
def test_values_become_plain(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("value", [Range(1, 2, True, True), len, object(), [{"deep": len}], {1, 2}])
def test_what_cannot_be_stored_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        plain(value)
