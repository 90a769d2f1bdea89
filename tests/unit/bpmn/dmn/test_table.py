"""Cells, columns and types of decision tables."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bpmn import dmn
from bpmn.errors import DecisionError
from tests.support.dmn_builder import component, file, item, table


def decide(drawn: str, *more: str, **variables: Any) -> Any:
    return dmn.compile_decision(dmn.parse(file(drawn, *more)), "d")(variables)


def passes(cell: str, value: Any, type_ref: str = "", **variables: Any) -> bool:
    column = ("x", type_ref) if type_ref else ("x",)
    return decide(table("d", [([cell], ["true"])], inputs=[column]), x=value, **variables) is True


@pytest.mark.parametrize(
    ("cell", "value", "passed"),
    [
        ("", None, True),
        ("-", 5, True),
        (" - ", 5, True),
        ("5", 5, True),
        ("5", "5", False),
        ("= 5", 5, True),
        ("!= 5", 6, True),
        ("< 5, > 9", 4, True),
        ("< 5, > 9", 7, False),
        ("[1..5)", 5, False),
        ("]1..5]", 5, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("not(null)", None, False),
        ("null", None, True),
        ("5", None, False),
        ("< 5", None, False),
        ("not(< 5)", None, False),
        ("true", True, True),
        ("false", True, False),
        ("true", None, False),
        ("? > limit", 9, True),
        ("? > limit", None, False),
        ("? = null", None, True),
        ("? != true", True, False),
        ("? = false", False, True),
        ("limit * 2", 10, True),
        ("[1, 2, 3]", 2, True),
        ("contains(?, \"ab\")", "cab", True),
        ("some v in ? satisfies v > 3", [1, 5], True),
        ("limit > 3", "anything", True),
        ("limit > 9", "anything", False),
        ("unknown_name", 3, False),
    ],
)  # fmt: skip
def test_a_cell_lets_pass_what_the_standard_says(cell: str, value: Any, passed: bool) -> None:
    assert passes(cell, value, limit=5) is passed


def test_text_is_the_same_in_whatever_form_its_marks_are_written() -> None:
    cell, value = '"Đã kết hôn"', "Đã kết hôn"
    for one in ("NFC", "NFD"):
        for other in ("NFC", "NFD"):
            assert passes(unicodedata.normalize(one, cell), unicodedata.normalize(other, value))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_names_with_blanks_are_read_in_whatever_form(form: str) -> None:
    drawn = table("d", [(["> 2"], ["số  bản * 2"])], inputs=[("số bản",)], outputs=[("thành tiền",), ("ghi chú",)])
    drawn = drawn.replace("<outputEntry>", "<outputEntry>", 1).replace("</rule>", "<outputEntry/></rule>")
    for other in ("NFC", "NFD"):
        name = unicodedata.normalize(other, "số bản")
        made = dmn.compile_decision(dmn.parse(file(unicodedata.normalize(form, drawn))), "d")({name: 3})
        assert made == {"thành tiền": Decimal(6), "ghi chú": None}


@pytest.mark.parametrize(
    ("type_ref", "value", "cell"),
    [
        ("number", "12.50", "12.5"),
        ("number", 12, "12"),
        ("integer", "3", "3"),
        ("double", 1.5, "1.5"),
        ("date", "2026-01-31", 'date("2026-01-31")'),
        ("date", date(2026, 1, 31), "> date(\"2026-01-30\")"),
        ("time", "08:30", 'time("08:30:00")'),
        ("dateTime", "2026-01-31T08:30", 'date and time("2026-01-31T08:30:00")'),
        ("date and time", "2026-01-31T08:30:00+07:00", '? > date and time("2026-01-31T00:30:00Z")'),
        ("dayTimeDuration", "P3D", '>= duration("P1D")'),
        ("yearMonthDuration", "P14M", 'duration("P1Y2M")'),
        ("days and time duration", "PT36H", 'duration("P1DT12H")'),
        ("feel:string", "a", '"a"'),
        ("boolean", False, "false"),
        ("Any", [1], "? = [1]"),
        ("string", ["a"], '"a"'),
        ("list", 3, "? = [3]"),
        ("number", None, "null"),
    ],
)  # fmt: skip
def test_values_are_fitted_to_the_type_of_their_column(type_ref: str, value: Any, cell: str) -> None:
    assert passes(cell, value, type_ref)


@pytest.mark.parametrize(
    ("type_ref", "value"),
    [
        ("number", "twelve"),
        ("number", "1_000"),
        ("number", True),
        ("number", [1, 2]),
        ("integer", 1.5),
        ("date", "31/01/2026"),
        ("date", "2026-02-30"),
        ("dateTime", "2026-01-31"),
        ("time", "25:00"),
        ("dayTimeDuration", "P1Y"),
        ("yearMonthDuration", "P1D"),
        ("boolean", "true"),
        ("string", 5),
    ],
)
def test_a_value_of_another_type_is_an_error_that_names_the_column_and_not_the_value(type_ref: str, value: Any) -> None:
    with pytest.raises(DecisionError) as caught:
        passes("-", value, type_ref)
    assert caught.value.element_id == "d_i1"
    assert '"x"' in caught.value.message
    assert "“x”" in caught.value.message_vi
    assert str(value) not in caught.value.message.replace(type_ref, "")


def test_only_allowed_values_come_in_and_null_always_does() -> None:
    drawn = table("d", [(["-"], ["1"])], inputs=[("x", "string", '"a", "b"')])
    assert decide(drawn, x="a") == decide(drawn, x=None) == 1
    with pytest.raises(DecisionError) as caught:
        decide(drawn, x="c")
    assert caught.value.element_id == "d_i1"


@pytest.mark.parametrize("result", ['"c"', "5"])
def test_only_allowed_values_go_out(result: str) -> None:
    drawn = table("d", [(["1"], ['"b"']), (["2"], [result])], outputs=[("result", "string", '"a", "b"')])
    assert decide(drawn, x=1) == "b"
    with pytest.raises(DecisionError) as caught:
        decide(drawn, x=2)
    assert caught.value.element_id == "d_r2"
    assert "rule 2 (d_r2)" in caught.value.message


def test_results_are_fitted_to_the_type_of_their_column() -> None:
    assert decide(table("d", [(["-"], ['"2026-01-31"'])], outputs=[("day", "date")])) == date(2026, 1, 31)
    with pytest.raises(DecisionError):
        decide(table("d", [], outputs=[("day", "date")], defaults=['"soon"']))


def test_types_of_the_file_are_known_by_name() -> None:
    types = (
        item("tình trạng", "string", allowed='"độc thân", "đã kết hôn"'),
        item("người", parts=component("tuổi", "number") + component("tình trạng", "tình trạng")),
        item("danh sách", "người", collection=True),
    )
    single = table("d", [(['?.tuổi = 17 and ?.tên = "Lan"'], ["true"])], inputs=[("x", "người")])
    assert decide(single, *types, x={"tuổi": "17", "tình trạng": "độc thân", "tên": "Lan"}) is True
    with pytest.raises(DecisionError):
        decide(single, *types, x={"tuổi": 17, "tình trạng": "góa"})
    many = table("d", [(["count(?) = 2"], ["true"])], inputs=[("x", "danh sách")])
    assert decide(many, *types, x=[{"tuổi": 1}, {"tuổi": 2}]) is True
    with pytest.raises(DecisionError):
        decide(many, *types, x=[{"tuổi": "một"}])


def test_a_type_may_bear_the_name_of_the_simple_type_it_is() -> None:
    limited = item("number", "number", allowed="[1..5]")
    drawn = table("d", [(["-"], ["x"])], inputs=[("x", "number")])
    assert decide(drawn, limited, x=5) == 5
    with pytest.raises(DecisionError):
        decide(drawn, limited, x=6)


def test_an_expression_that_runs_too_long_names_its_rule() -> None:
    slow = "count(for i in 1..900, j in 1..900 return i) > ?"
    with pytest.raises(DecisionError) as caught:
        decide(table("d", [(["1"], ["1"]), ([slow], ["2"])], policy="COLLECT"), x=1)
    assert caught.value.element_id == "d_r2"


def test_the_whole_table_has_one_budget() -> None:
    cell = "count(for i in 1..90, j in 1..90 return i) > 0 and ? = 1"
    rules = [([cell], [str(n)]) for n in range(100)]
    with pytest.raises(DecisionError, match="too many steps"):
        decide(table("d", rules, policy="COLLECT"), x=1)
    few = table("d", rules[:5], policy="COLLECT")
    assert len(decide(few, x=1)) == 5


def test_a_thousand_rules_are_decided_and_the_last_one_is_found() -> None:
    rules = [([f"[{n}..{n + 1})", f'"loại {n}"', "-"], [str(n * 10), f'"dòng {n}"']) for n in range(1_000)]
    inputs = [("x", "number"), ("kind", "string"), ("y", "boolean")]
    decision = dmn.compile_decision(
        dmn.parse(file(table("d", rules, inputs=inputs, outputs=[("fee", "number"), ("row",)]))), "d"
    )
    assert decision({"x": 999.5, "kind": "loại 999"}) == {"fee": Decimal(9990), "row": "dòng 999"}
    assert decision({"x": 999.5, "kind": "loại 1"}) is None
