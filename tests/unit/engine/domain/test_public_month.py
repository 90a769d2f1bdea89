"""What everybody may know: no small part of a sum."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.case_facts import CaseFacts, Rated
from engine.domain.public_month import month_figures
from engine.domain.report_rules import ReportRules
from engine.domain.score import Scheme
from tests.support.calendars import CALENDAR
from tests.support.facts import at, received, solved

SPAN = (at("2023-01-01 00:00"), at("2023-02-01 00:00"))
RULES = ReportRules(scheme=Scheme(version="", groups=(), items=()), least=5)


def month(*cases: CaseFacts) -> dict[str, Any]:
    return month_figures(cases, SPAN, CALENDAR, RULES)


def test_sums_of_a_month_are_shown_with_their_parts_when_they_are_large_enough() -> None:
    cases = [*(solved(f"A{n}") for n in range(5)), solved("B", done="2023-01-12 09:00"), received("C")]
    found = month(*cases)
    assert {name: found[name] for name in ("received", "solved", "in_time", "overdue")} == {
        "received": 7, "solved": 6, "in_time": 5, "overdue": 1,
    }  # fmt: skip
    assert found["fields"] == {"Hộ tịch": {"received": 7, "solved": 6, "in_time": 5}}


def test_small_sums_are_not_broken_down() -> None:
    found = month(*(solved(f"A{n}", ratings=(Rated(at=at("2023-01-20 09:00"), score=1),)) for n in range(4)))
    assert (found["solved"], found["in_time"], found["rated"], found["satisfied"]) == (4, None, 4, None)
    assert found["fields"] == {}


def test_a_small_field_is_not_to_be_had_by_taking_the_others_from_the_whole() -> None:
    large = [solved(f"A{n}", field="Hộ tịch") for n in range(9)]
    middle = [solved(f"B{n}", field="Chứng thực") for n in range(6)]
    small = [solved(f"C{n}", field="Con nuôi") for n in range(2)]
    assert list(month(*large, *middle)["fields"]) == ["Chứng thực", "Hộ tịch"]
    assert list(month(*large, *middle, *small)["fields"]) == ["Hộ tịch"]


@given(sizes=st.lists(st.integers(0, 9), max_size=5))
def test_what_is_left_out_is_never_small(sizes: list[int]) -> None:
    cases = [solved(f"{field}-{n}", field=f"F{field}") for field, size in enumerate(sizes) for n in range(size)]
    found = month(*cases)
    left = found["received"] - sum(x["received"] for x in found["fields"].values())
    assert left == 0 or left >= RULES.least or not found["fields"]
    assert all(x["received"] >= RULES.least for x in found["fields"].values())


def test_only_words_of_the_month_count() -> None:
    before, after = (Rated(at=at(text), score=5) for text in ("2022-12-31 23:59", "2023-02-01 00:00"))
    found = month(solved("A", ratings=(before, after)), solved("B", ratings=(before, Rated(at=SPAN[0], score=4))))
    assert found["rated"] == 1
