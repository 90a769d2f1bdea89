"""Fees in whole đồng: caps, lines per paper, exemptions that keep the line, and what is never charged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn import feel
from engine.domain import fee
from engine.domain.errors import RuleError
from engine.domain.procedure import Exemption, FeeRule

COPY = FeeRule(
    key="ban_sao",
    name="Phí chứng thực bản sao",
    each="application.danh_sach",
    amount="min(2000 * min(item.so_trang, 2) + 1000 * max(item.so_trang - 2, 0), 200000)",
    quantity="item.so_ban",
    unit="bản",
)
CHARGE = FeeRule(key="xac_nhan", name="Lệ phí", kind="le_phi", amount="3000", quantity="application.so_luong")
POOR = Exemption(key="ho_ngheo", name="Hộ nghèo", when='application.dien = "ho_ngheo"')


def evaluate(text: str, context: Any) -> Any:
    return feel.evaluate(text, context)


def assess(*rules: FeeRule, exemptions: tuple[Exemption, ...] = (), **application: Any) -> tuple[Any, int]:
    return fee.assess(rules, exemptions, {"case": {}, "application": application}, evaluate)


@pytest.mark.parametrize(
    ("pages", "price"),
    [(1, 2000), (2, 4000), (3, 5000), (198, 200_000), (197, 199_000), (199, 200_000), (2000, 200_000)],
)
def test_copy_costs_by_page_up_to_the_cap(pages: int, price: int) -> None:
    (line,), total = assess(COPY, danh_sach=[{"so_trang": pages, "so_ban": 3}])
    assert (line.unit_amount, line.quantity, line.amount, total) == (price, 3, 3 * price, 3 * price)


@given(papers=st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 100)), max_size=8))
def test_total_is_the_sum_of_exact_lines(papers: list[tuple[int, int]]) -> None:
    lines, total = assess(COPY, danh_sach=[{"so_trang": p, "so_ban": n} for p, n in papers])
    plain = [min(2000 * min(p, 2) + 1000 * max(p - 2, 0), 200_000) * n for p, n in papers]
    assert [line.amount for line in lines] == plain
    assert total == sum(plain)
    assert all(type(line.amount) is int for line in lines)


def test_exemption_keeps_the_line_with_its_ground_and_charges_nothing() -> None:
    (line,), total = assess(CHARGE, exemptions=(POOR,), so_luong=2, dien="ho_ngheo")
    assert (line.unit_amount, line.quantity, line.amount, line.exempted) == (3000, 2, 0, "Hộ nghèo")
    assert total == 0
    (line,), total = assess(CHARGE, exemptions=(POOR,), so_luong=2, dien="khong")
    assert (line.exempted, total) == (None, 6000)


def test_general_exemption_waives_charges_but_not_service_fees() -> None:
    lines, total = assess(
        CHARGE, COPY, exemptions=(POOR,), so_luong=1, dien="ho_ngheo", danh_sach=[{"so_trang": 1, "so_ban": 1}]
    )
    assert [line.amount for line in lines] == [0, 2000]
    assert total == 2000


def test_exemption_that_names_fees_waives_only_those() -> None:
    named = Exemption(key="x", name="Ưu đãi", when="true", fees=("ban_sao",))
    papers = [{"so_trang": 1, "so_ban": 1}]
    assert assess(CHARGE, COPY, exemptions=(named,), so_luong=1, danh_sach=papers)[1] == 3000


def test_rules_may_read_whether_an_exemption_applies() -> None:
    rule = FeeRule(key="a", name="A", amount="if exempt then 500 else 1000")
    assert assess(rule, exemptions=(POOR,), dien="ho_ngheo")[1] == 500
    assert assess(rule, exemptions=(POOR,))[1] == 1000


def test_fee_that_does_not_apply_has_no_line_and_a_fee_of_nothing_has_one() -> None:
    late = FeeRule(key="tre", name="Trễ hạn", amount="5000", when="application.tre")
    free = FeeRule(key="dung_han", name="Đúng hạn", amount="0")
    lines, total = assess(late, free, tre=False)
    assert [(line.key, line.amount) for line in lines] == [("dung_han", 0)]
    assert total == 0
    assert assess(late)[0] == ()  # not answered: null does not hold
    assert assess(COPY) == ((), 0)  # no papers listed


@pytest.mark.parametrize(
    "amount", ["2.5", "1000 / 3", "-1", '"3000"', "null", "true", "10 ** 30", "[3000]", "application.missing * 2"]
)
def test_amount_that_is_not_a_whole_number_from_nought_is_refused(amount: str) -> None:
    with pytest.raises(RuleError, match="sai"):
        assess(FeeRule(key="sai", name="Sai", amount=amount))


@pytest.mark.parametrize("quantity", ["-2", "1.5", "null", "1000000000000"])
def test_quantity_is_held_to_the_same(quantity: str) -> None:
    with pytest.raises(RuleError, match="sai"):
        assess(FeeRule(key="sai", name="Sai", amount="1000", quantity=quantity))


@pytest.mark.parametrize("value", [float("nan"), 8000.0, Decimal("NaN"), Decimal("Infinity"), Decimal("1e400"), True])
def test_no_float_and_no_infinity_ever_becomes_money(value: Any) -> None:
    with pytest.raises(RuleError):
        fee.assess([FeeRule(key="a", name="A", amount="x")], [], {}, lambda text, _: value if text == "x" else True)


def test_decimal_that_is_whole_is_taken() -> None:
    assert assess(FeeRule(key="a", name="A", amount="8000.00"))[1] == 8000


@pytest.mark.parametrize("when", ['"co"', "1"])
def test_condition_that_is_neither_true_nor_false_is_refused(when: str) -> None:
    with pytest.raises(RuleError, match="đúng hay sai"):
        assess(FeeRule(key="a", name="A", amount="1", when=when))


def test_each_over_something_else_than_a_list_is_refused_and_so_is_a_flood_of_lines() -> None:
    with pytest.raises(RuleError, match="danh sách"):
        assess(COPY, danh_sach="x")
    with pytest.raises(RuleError, match="dòng"):
        assess(FeeRule(key="a", name="A", amount="1", each="application.rows"), rows=[1] * 1001)


def test_money_is_written_with_dots_and_rows_are_plain() -> None:
    assert [fee.money(n) for n in (0, 999, 8000, 1250000)] == ["0 đồng", "999 đồng", "8.000 đồng", "1.250.000 đồng"]
    (line,), _ = assess(CHARGE, so_luong=1)
    assert fee.as_row(line)["amount"] == 3000
    assert set(fee.as_row(line)) >= {"key", "name", "kind", "quantity", "unit", "unit_amount", "amount", "exempted"}


def test_what_a_resolution_waives_names_it_even_where_an_exemption_would() -> None:
    waived = replace(CHARGE, waived=True, basis="NQ 12/2023/NQ-HĐND", edition=3)
    poor = Exemption(key="poor", name="Hộ nghèo", when="true")
    for exemptions in ((), (poor,)):
        lines, total = assess(waived, exemptions=exemptions, so_luong=2)
        assert (total, lines[0].unit_amount, lines[0].exempted) == (0, 3000, "NQ 12/2023/NQ-HĐND")


def test_a_line_by_the_catalog_alone_looks_as_it_did_before_there_were_editions() -> None:
    (line,), _ = assess(CHARGE, so_luong=1)
    assert "edition" not in fee.as_row(line)
    (line,), _ = assess(replace(CHARGE, edition=3), so_luong=1)
    assert fee.as_row(line)["edition"] == 3
