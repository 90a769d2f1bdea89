"""A unit's own fees: what counts on which day, over which version, and what may be typed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.fee import MAX_AMOUNT
from engine.domain.procedure import FeeRule, Procedure
from engine.domain.unit_fees import (
    Asked,
    UnitFee,
    charged,
    coming,
    course,
    facts,
    first_day,
    is_fixed,
    problems_of,
    read_amount,
    said,
    tidy,
)
from tests.support.small_house import PROCEDURE, UNIT

NOW = datetime(2023, 6, 1, 9, 0, tzinfo=UTC)
RULE = FeeRule(key="f", name="Lệ phí", amount="3000", basis="NQ 124/2016/NQ-HĐND", confidence="low")
FIRST = replace(PROCEDURE, valid_from=date(2022, 12, 19), fees=(RULE,))
ROW = UnitFee(
    unit=UNIT,
    procedure=FIRST.code,
    fee="f",
    valid_from=date(2023, 7, 1),
    amount=8000,
    basis="NQ 12/2023/NQ-HĐND",
    over="3000",
    edition=1,
    changed_at=NOW,
    changed_by="an",
)
ASKED = Asked(amount="8.000", waived=False, basis="Nghị quyết 12/2023/NQ-HĐND", day="01/07/2023")


def on(day: date, *rows: UnitFee, version: Procedure = FIRST) -> tuple[str, bool, str, int | None]:
    (rule,) = charged(version, rows, day)
    return rule.amount, rule.waived, rule.basis, rule.edition


def second(day: date, amount: str = "3000", **changes: object) -> Procedure:
    rule = replace(RULE, amount=amount, **changes)  # type: ignore[arg-type]  # fields of the rule
    return replace(FIRST, version=2, valid_from=day, fees=(rule,))


def test_a_row_counts_from_its_day_on_with_its_own_basis() -> None:
    assert on(date(2023, 6, 30), ROW) == ("3000", False, "NQ 124/2016/NQ-HĐND", None)
    assert on(date(2023, 7, 1), ROW) == ("8000", False, "NQ 12/2023/NQ-HĐND", 1)
    later = replace(ROW, valid_from=date(2024, 1, 1), amount=None, edition=2)
    assert on(date(2023, 12, 31), ROW, later) == on(date(2023, 12, 31), later, ROW) == on(date(2023, 7, 1), ROW)
    assert on(date(2024, 1, 1), ROW, later) == ("3000", True, "NQ 12/2023/NQ-HĐND", 2)
    (rule,) = charged(FIRST, [ROW], date(2023, 7, 1))
    assert rule.confidence == "high"


def test_rows_of_another_fee_or_procedure_change_nothing() -> None:
    for stray in (replace(ROW, fee="g"), replace(ROW, procedure="9.999999")):
        assert on(date(2024, 1, 1), stray)[0] == "3000"


def test_a_row_lies_over_a_version_that_charges_the_same_and_under_one_that_changed_the_fee_later() -> None:
    day = date(2024, 6, 1)
    assert on(day, ROW, version=second(date(2024, 1, 1)))[0] == "8000"
    assert on(day, ROW, version=second(date(2024, 1, 1), "5000"))[0] == "5000"
    assert on(day, replace(ROW, valid_from=date(2024, 3, 1)), version=second(date(2024, 1, 1), "5000"))[0] == "8000"
    computed = second(date(2024, 1, 1), 'if case.channel = "online" then 0 else 3000')
    assert on(day, replace(ROW, valid_from=date(2024, 3, 1)), version=computed)[3] is None


def test_the_course_of_a_fee_tells_each_amount_once_by_its_day() -> None:
    rows = [ROW, replace(ROW, valid_from=date(2024, 1, 1), amount=9000, edition=2)]
    versions = [
        FIRST,
        second(date(2023, 9, 1)),
        replace(second(date(2025, 7, 1), "if exempt then 0 else 1"), version=3),
    ]
    turns = course(versions, rows, "f")
    assert [(turn.day, turn.version, turn.rule.amount) for turn in turns] == [
        (date(2022, 12, 19), 1, "3000"),
        (date(2023, 7, 1), 1, "8000"),
        (date(2024, 1, 1), 2, "9000"),
        (date(2025, 7, 1), 3, "if exempt then 0 else 1"),
    ]
    assert coming(turns, date(2023, 7, 1)) == turns[2]
    assert coming(turns, date(2026, 1, 1)) is None
    assert course(versions, rows, "unknown") == ()


@pytest.mark.parametrize(
    ("amount", "fixed"), [("3000", True), ("0", True), ("3000.5", False), ("min(1, 2)", False), ("٣٠٠٠", False)]
)
def test_only_a_plain_number_can_be_changed(amount: str, fixed: bool) -> None:
    assert is_fixed(replace(RULE, amount=amount)) is fixed


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("8000", 8000),
        ("8.000", 8000),
        ("1 200 000 đồng", 1_200_000),
        ("8.000đ", 8000),
        ("8000 VND", 8000),
        ("0", 0),
        ("", None),
        ("8,000", None),
        ("80.00", None),
        ("8000.5", None),
        ("-8000", None),
        ("8e3", None),
        ("٨٠٠٠", None),
        ("tám nghìn", None),
        ("9" * 14, None),
        ("9" * 100_000, None),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: int | None) -> None:
    assert read_amount(tidy(replace(ASKED, amount=text)).amount) == amount


def wrong(now: datetime = NOW, **typed: object) -> list[str]:
    asked = replace(ASKED, **typed)  # type: ignore[arg-type]  # fields of what was typed
    return [one.field for one in problems_of(tidy(asked), now)]


def test_what_is_sound_has_no_problem_and_is_kept_in_one_encoding() -> None:
    assert wrong() == wrong(amount="", waived=True) == wrong(day=" 1/7/2023 ") == []
    loose = replace(ASKED, basis="  " + unicodedata.normalize("NFD", ASKED.basis) + "\n", amount=" 8.000 đồng")
    assert tidy(loose) == replace(ASKED, amount="8.000 đồng")
    assert read_amount(tidy(replace(ASKED, amount=unicodedata.normalize("NFD", "8.000 đồng"))).amount) == 8000


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"amount": ""}, ["amount"]),
        ({"amount": "0"}, ["amount"]),
        ({"amount": str(MAX_AMOUNT + 1)}, ["amount"]),
        ({"waived": True}, ["amount"]),
        ({"basis": ""}, ["basis"]),
        ({"basis": "theo lời lãnh đạo"}, ["basis"]),
        ({"basis": "12" + "x" * 300}, ["basis"]),
        ({"basis": "12\u0000/2023"}, ["basis"]),
        ({"day": ""}, ["valid_from"]),
        ({"day": "31/02/2024"}, ["valid_from"]),
        ({"day": "01/06/2023"}, ["valid_from"]),
        ({"day": "01/07/2223"}, ["valid_from"]),
        ({"amount": "", "basis": "", "day": ""}, ["amount", "basis", "valid_from"]),
    ],
)
def test_each_mistake_is_told_at_its_field(typed: dict[str, object], fields: list[str]) -> None:
    assert wrong(**typed) == fields


def test_the_first_day_is_tomorrow_and_in_the_last_minute_the_day_after() -> None:
    midnight = datetime(2023, 6, 2, tzinfo=UTC)
    assert first_day(midnight - timedelta(minutes=2)) == date(2023, 6, 2)
    assert first_day(midnight - timedelta(seconds=30)) == first_day(midnight) == date(2023, 6, 3)
    assert wrong(midnight - timedelta(seconds=30), day="02/06/2023") == ["valid_from"]


def test_the_log_tells_amount_basis_day_and_edition() -> None:
    assert said(ROW) == {"amount": 8000, "basis": ROW.basis, "valid_from": "01/07/2023", "edition": 1}
    assert said(replace(ROW, amount=None))["waived"] is True
    assert facts(RULE) == {"amount": 3000, "basis": RULE.basis}
    assert facts(replace(RULE, waived=True)) == {"waived": True, "basis": RULE.basis}
