"""Values reach a template as plain JSON, showable, with sums and dates in words."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.adapters.document_data import as_json

LETTERS = frozenset(range(32, 0x3000))


def _data(**data: Any) -> Any:
    return json.loads(as_json(data, LETTERS))


def test_words_mirror_numbers_and_dates_of_application_and_variables() -> None:
    data = _data(
        application={"ngay": "2022-04-05", "con": [{"n": 21}], "a": "abc", "co": True}, variables={"n": 7_200_000}
    )
    assert data["words"] == {
        "application": {
            "ngay": "Ngày năm tháng tư năm hai nghìn không trăm hai mươi hai",
            "con": [{"n": "Hai mươi mốt đồng"}],
            "a": None,
            "co": None,
        },
        "variables": {"n": "Bảy triệu hai trăm nghìn đồng"},
    }


@pytest.mark.parametrize("value", [-1, 10**18, 1.5, "2022-02-30", "2022", None])
def test_what_has_no_words_has_none(value: Any) -> None:
    assert _data(application={"a": value}, variables={})["words"]["application"] == {"a": None}


def test_decimals_dates_and_sets_become_json() -> None:
    data = _data(a=Decimal("3000"), b=Decimal("0.5"), c=date(2022, 1, 2), d=datetime(2022, 1, 2, tzinfo=UTC), e=("a",))
    assert (data["a"], data["b"], data["c"], data["d"], data["e"]) == (
        3000,
        0.5,
        "2022-01-02",
        "2022-01-02T00:00:00+00:00",
        ["a"],
    )


def test_text_is_composed_and_cleaned() -> None:
    assert _data(a="Nguye\u0302\u0303n\x00\x1b\n漢\ud800")["a"] == "Nguyễn\n□□"


def test_equal_data_in_another_order_give_the_same_text() -> None:
    assert as_json({"a": 1, "b": {"c": 2, "d": 3}}, LETTERS) == as_json({"b": {"d": 3, "c": 2}, "a": 1}, LETTERS)


def test_bytes_are_no_data() -> None:
    with pytest.raises(TypeError, match="bytes"):
        as_json({"a": b""}, LETTERS)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2022-12-05T07:00", "Bảy giờ, ngày năm tháng mười hai năm hai nghìn không trăm hai mươi hai"),
        ("2022-12-05T24:00", None),
        ("2022-02-30T10:00", None),
        ("2022-12", None),
    ],
)
def test_a_moment_is_spelled_with_its_time(moment: str, words: str | None) -> None:
    assert json.loads(as_json({"application": {"at": moment}}, range(0x2000)))["words"]["application"]["at"] == words
