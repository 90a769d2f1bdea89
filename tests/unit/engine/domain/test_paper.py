"""What something rests on has a number and a day, and is quoted as people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.paper import LONGEST, Paper, is_text, paper_problems

TODAY = date(2024, 6, 3)
PAPER = Paper(number="TB 5015/TB-LĐTBXH", issued=date(2024, 5, 20))


def test_a_paper_has_a_number_and_a_day_that_is_not_to_come() -> None:
    wrong = Paper(number="", issued=TODAY + timedelta(days=1))
    assert [one.field for one in paper_problems(wrong, TODAY)] == ["paper", "issued"]
    assert [one.field for one in paper_problems(replace(PAPER, issued=date(2000, 1, 1)), TODAY)] == ["issued"]
    assert paper_problems(PAPER, TODAY) == []


def test_it_is_quoted_with_its_day() -> None:
    assert PAPER.text == "TB 5015/TB-LĐTBXH ngày 20/05/2024"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("Lễ", True), ("", False), ("a\nb", False), ("x" * LONGEST, True), ("x" * (LONGEST + 1), False)],
)
def test_a_text_is_printable_and_of_a_fair_length(text: str, is_one: bool) -> None:
    assert is_text(text) is is_one
