"""Facts of a unit: kept tidy, checked before they count."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.unit_facts import FIELDS, problems_of, tidy

TODAY = date(2026, 11, 3)
PATTERN = r"^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}$"
FACTS = {
    "name": "UBND xã Mẫu",
    "parent": "UBND huyện Mẫu",
    "place": "Mẫu",
    "agency_code": "000.00.00.H29",
    "signer_name": "Nguyễn Văn Bình",
    "signer_title": "Chủ tịch",
    "hotline": "028 3891 0000",
}


def wrong(valid_from: date | None = TODAY, **given: str) -> list[str]:
    return [one.field for one in problems_of(tidy({**FACTS, **given}), valid_from, TODAY, PATTERN)]


def test_sound_facts_have_no_problem_and_every_field() -> None:
    assert wrong() == []
    assert set(tidy(FACTS)) == set(FIELDS)
    assert tidy({"name": "  UBND\n xa\u0303  Mẫu ", "strange": "x"})["name"] == "UBND xã Mẫu"


@pytest.mark.parametrize("name", [name for name, (_, needed) in FIELDS.items() if needed])
def test_what_papers_need_has_to_be_there(name: str) -> None:
    assert wrong(**{name: "  "}) == [name]


@pytest.mark.parametrize(
    ("name", "text"), [("agency_code", "H29"), ("hotline", "gọi Lan"), ("name", "x" * 201), ("address", "a\x00b")]
)
def test_what_cannot_be_is_refused_at_its_field(name: str, text: str) -> None:
    assert wrong(**{name: text}) == [name]


def test_nothing_is_changed_for_days_that_have_passed() -> None:
    assert wrong(date(2026, 11, 2)) == ["valid_from"]
    assert wrong(None) == ["valid_from"]
