"""Warnings: rules of a U table that hold for the same values, and columns that give nothing."""

from __future__ import annotations

import unicodedata

import pytest

from bpmn import dmn
from bpmn.dmn import overlap
from tests.support.dmn_builder import file, table


def advice(drawn: str) -> list[tuple[str, str]]:
    return [(each.rule, each.element_id) for each in dmn.advise(dmn.parse(file(drawn)))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("< 5", "4"),
        ("<= 5", ">= 5"),
        ("[1..5]", "[5..9]"),
        ("[1..5]", "3, 8"),
        ("-", "7"),
        ("", ""),
        ("> 3", "> 9"),
        ("= 5", "5"),
        ("-5", "< 0"),
        ('"a", "b"', '"b"'),
        ('not("a")', '"b"'),
        ('not("a")', 'not("b")'),
        ("true", "not(false)"),
        ("null", "null, 5"),
        ("? > limit", "? > limit"),
        (unicodedata.normalize("NFC", '"đã"'), unicodedata.normalize("NFD", '"đã"')),
    ],
)
def test_rules_that_hold_for_the_same_values_are_told(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert advice(table("d", [([first], ["1"]), ([second], ["2"])])) == [("rules-overlap", "d_r2")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("< 5", "5"),
        ("<= 5", "> 5"),
        ("[1..5)", "[5..9]"),
        ("(5..9]", "[1..5]"),
        ("< 5", '"a"'),
        ('"a"', '"b"'),
        ('not("a")', '"a"'),
        ("true", "false"),
        ("true", "not(true)"),
        ("null", "5"),
        ("? > limit", "5"),
        ("not(5)", "6"),
        ('date("2026-01-01")', "5"),
        ("< ", "< 5"),
    ],
)
def test_rules_that_cannot_or_may_not_meet_are_passed_over(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert advice(table("d", [([first], ["1"]), ([second], ["2"])])) == []


def test_every_column_has_to_meet() -> None:
    inputs = [("x",), ("y",)]
    assert advice(table("d", [(["< 5", '"a"'], ["1"]), (["3", '"b"'], ["2"])], inputs=inputs)) == []
    assert advice(table("d", [(["< 5", '"a"'], ["1"]), (["3", "-"], ["2"])], inputs=inputs)) != []


@pytest.mark.parametrize("policy", ["ANY", "FIRST", "RULE ORDER", "COLLECT"])
def test_other_policies_may_have_several_hits(policy: str) -> None:
    assert advice(table("d", [(["-"], ["1"]), (["-"], ["2"])], policy=policy)) == []


def test_a_thousand_equal_rules_are_told_in_part() -> None:
    assert len(advice(table("d", [(["-"], ["1"])] * 1_000))) == 20


def test_a_table_too_long_to_be_compared_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = table("d", [([str(n)], [str(n)]) for n in range(20)])
    monkeypatch.setattr(overlap, "MAX_PAIRS", 190)
    assert advice(drawn) == []
    monkeypatch.setattr(overlap, "MAX_PAIRS", 189)
    assert advice(drawn) == [("rules-not-compared", "d_table")]


def test_a_column_of_results_without_a_value_is_told() -> None:
    outputs = [("a",), ("b",)]
    assert advice(table("d", [(["1"], ["1", "-"]), (["2"], ["2", ""])], outputs=outputs)) == [("output-empty", "d_o2")]
    assert advice(table("d", [(["1"], ["1", "-"]), (["2"], ["", "2"])], outputs=outputs)) == []
    assert advice(table("d", [], outputs=outputs)) == []


def test_a_column_without_values_does_not_count_for_priorities() -> None:
    outputs = [("a", "string", '"x", "y"'), ("b",)]
    rules = [(["1"], ['"x"', "1"])]
    assert advice(table("d", rules, outputs=outputs, policy="PRIORITY")) == [("output-without-values", "d_o2")]
    assert advice(table("d", rules, outputs=outputs, policy="FIRST")) == []
