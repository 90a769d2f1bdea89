"""An installation has the providers it has sections for, and begins its numbers with letters of its own."""

from __future__ import annotations

from typing import Any

import pytest

from engine.adapters.payments.providers import make

VNPAY = {"code": "T", "secret": "s", "pay_url": "https://p.example", "api_url": "https://a.example"}
VIETQR = {"bank": "970436", "account": "1", "holder": "x"}
MINE = {"prefix": "MC"}


def test_only_what_has_a_section_is_offered() -> None:
    assert list(make({})) == []
    assert list(make({"vietqr": VIETQR, "vnpay": VNPAY, "payments": MINE})) == ["vnpay", "vietqr"]


@pytest.mark.parametrize(
    "sections",
    [
        {"vnpay": VNPAY},
        {"vnpay": VNPAY, "payments": {"prefix": "m"}},
        {"vnpay": VNPAY, "payments": {"prefix": "1A"}},
        {"vnpay": {"code": "T"}, "payments": MINE},
        {"vnpay": {**VNPAY, "minutes": "soon"}, "payments": MINE},
        {"momo": {}, "payments": MINE},
    ],
)
def test_what_is_missing_or_wrong_is_named(sections: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="connectors"):
        make(sections)
