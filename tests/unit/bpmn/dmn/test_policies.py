"""Hit policies: what a table gives when no, one or several of its rules hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bpmn import dmn
from bpmn.errors import DecisionError
from tests.support.dmn_builder import file, table

STEPS = [(["< 5"], ['"low"']), (["[3..9]"], ['"mid"']), (["> 7"], ['"high"'])]
VALUES = (("result", "string", '"high", "mid", "low"'),)
FEES = [(["> 0"], ["10"]), (["> 5"], ["30"]), (["> 5"], ["20.5"])]


def decide(drawn: str, decision_id: str = "d", **variables: Any) -> Any:
    return dmn.compile_decision(dmn.parse(file(drawn)), decision_id)(variables)


@pytest.mark.parametrize(
    ("policy", "x", "result"),
    [
        ("UNIQUE", 1, "low"),
        ("UNIQUE", 6, "mid"),
        ("ANY", 10, "high"),
        ("FIRST", 4, "low"),
        ("FIRST", 8, "mid"),
        ("PRIORITY", 4, "mid"),
        ("PRIORITY", 8, "high"),
        ("OUTPUT ORDER", 8, ["high", "mid"]),
        ("OUTPUT ORDER", 4, ["mid", "low"]),
        ("RULE ORDER", 8, ["mid", "high"]),
        ("RULE ORDER", 1, ["low"]),
        ("COLLECT", 4, ["low", "mid"]),
    ],
)
def test_each_policy_gives_what_the_standard_says(policy: str, x: int, result: Any) -> None:
    assert decide(table("d", STEPS, policy=policy, outputs=VALUES), x=x) == result


@pytest.mark.parametrize(
    ("aggregation", "x", "result"),
    [
        ("SUM", 6, Decimal("60.5")),
        ("MIN", 6, Decimal(10)),
        ("MAX", 6, Decimal(30)),
        ("COUNT", 6, Decimal(3)),
        ("SUM", 1, Decimal(10)),
        ("COUNT", 1, Decimal(1)),
        ("SUM", -1, None),
        ("MIN", -1, None),
        ("MAX", -1, None),
        ("COUNT", -1, Decimal(0)),
    ],
)
def test_collected_results_are_aggregated(aggregation: str, x: int, result: Any) -> None:
    assert decide(table("d", FEES, policy="COLLECT", aggregation=aggregation), x=x) == result


def test_least_and_greatest_work_on_dates_and_texts_too() -> None:
    days = [(["-"], ['date("2026-02-01")']), ([""], ['date("2026-01-31")'])]
    least = decide(table("d", days, policy="COLLECT", aggregation="MIN"))
    assert least.isoformat() == "2026-01-31"
    names = [(["-"], ['"b"']), (["-"], ['"a"'])]
    assert decide(table("d", names, policy="COLLECT", aggregation="MAX")) == "b"


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
@pytest.mark.parametrize("result", ['"x"', "null", "", "true"])
def test_what_cannot_be_aggregated_names_the_rule(aggregation: str, result: str) -> None:
    rules = [(["-"], ["1"]), (["-"], [result])]
    with pytest.raises(DecisionError) as caught:
        decide(table("d", rules, policy="COLLECT", aggregation=aggregation))
    assert caught.value.element_id == "d_r2"
    assert "rule 2 (d_r2)" in caught.value.message
    assert "dòng 2 (d_r2)" in caught.value.message_vi


def test_two_hits_of_a_unique_table_are_an_error_that_names_the_rules() -> None:
    with pytest.raises(DecisionError) as caught:
        decide(table("d", STEPS), x=4)
    assert "rule 1 (d_r1), rule 2 (d_r2)" in caught.value.message
    assert "dòng 1 (d_r1), dòng 2 (d_r2)" in caught.value.message_vi


def test_any_takes_equal_results_of_several_rules_and_refuses_others() -> None:
    same = [(["> 0"], ["1"]), (["> 5"], ["2 - 1"]), (["> 9"], ["2"])]
    assert decide(table("d", same, policy="ANY"), x=6) == 1
    with pytest.raises(DecisionError) as caught:
        decide(table("d", same, policy="ANY"), x=10)
    assert "rule 1 (d_r1), rule 3 (d_r3)" in caught.value.message


def test_first_does_not_look_behind_its_hit() -> None:
    rules = [(["-"], ["1"]), (["count(for i in 1..9000, j in 1..9000 return i) > 0"], ["2"])]
    assert decide(table("d", rules, policy="FIRST"), x=1) == 1


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"])
def test_no_hit_is_null_or_the_default_for_every_policy(policy: str) -> None:
    assert decide(table("d", STEPS, policy=policy, outputs=VALUES), x=None) is None
    assert decide(table("d", [], policy=policy, outputs=VALUES), x=1) is None
    assert decide(table("d", STEPS, policy=policy, outputs=VALUES, defaults=['"mid"'])) == "mid"


def test_a_count_without_hit_is_zero_unless_a_default_is_given() -> None:
    assert decide(table("d", [], policy="COLLECT", aggregation="COUNT")) == 0
    assert decide(table("d", [], policy="COLLECT", aggregation="COUNT", defaults=["7"])) == 7


TWO = (("name", "string"), ("fee", "number"))


def test_several_outputs_make_a_context() -> None:
    rules = [(["1"], ['"a"', "x * 2"]), (["> 0"], ['"b"', ""])]
    assert decide(table("d", rules, outputs=TWO, policy="FIRST"), x=1) == {"name": "a", "fee": Decimal(2)}
    assert decide(table("d", rules, outputs=TWO, policy="COLLECT"), x=1) == [
        {"name": "a", "fee": Decimal(2)},
        {"name": "b", "fee": None},
    ]


def test_missing_defaults_of_several_outputs_are_null() -> None:
    assert decide(table("d", [], outputs=TWO, defaults=["", "5"])) == {"name": None, "fee": Decimal(5)}
    assert decide(table("d", [], outputs=TWO)) is None


def test_priorities_are_compared_from_the_left_and_columns_without_values_do_not_count() -> None:
    outputs = (("note",), ("one", "string", '"b", "a"'), ("two", "number", "3, 2, 1"))
    rules = [(["-"], ["1", '"a"', "3"]), (["-"], ["2", '"b"', "1"]), (["-"], ["3", '"b"', "2"])]
    assert decide(table("d", rules, outputs=outputs, policy="PRIORITY"))["note"] == 3
    ordered = decide(table("d", rules, outputs=outputs, policy="OUTPUT ORDER"))
    assert [each["note"] for each in ordered] == [3, 2, 1]


def test_equal_priorities_keep_the_order_of_the_rules_and_null_comes_last() -> None:
    outputs = (("note",), ("rank", "number", "[1..5], > 5"))
    rules = [(["-"], ["1", ""]), (["-"], ["2", "9"]), (["-"], ["3", "4"]), (["-"], ["4", "2"])]
    ordered = decide(table("d", rules, outputs=outputs, policy="OUTPUT ORDER"))
    assert [each["note"] for each in ordered] == [3, 4, 2, 1]


def test_a_table_without_inputs_holds_always() -> None:
    assert decide(table("d", [([], ["1"])], inputs=())) == 1
