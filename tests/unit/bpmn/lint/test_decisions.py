"""Lint of decision files: every rule bites on what breaks it, names its id, and is silent on what keeps it."""

from __future__ import annotations

import re

import pytest

from bpmn import dmn
from bpmn.lint import LintContext, decisions, lint_decisions, lint_file
from tests.support.dmn_builder import data, decision, file, literal, table

RULES = LintContext(variables=frozenset({"x", "y"}), functions=frozenset({"add_working_days"}))
GOOD = [
    table("d", [(["< 5", "-"], ["base", '"a"']), ([">= 5", "? != x"], ["add_working_days(x, 1)", '"b"'])],
          inputs=[("x", "number"), ("y",)], outputs=[("one",), ("two", "string", '"a", "b"')], needs=["base", "@data"]),
    literal("base", "sum(for i in [1, 2] return i) + count([{m: 1}][m > 0])"),
    data("data", "Hồ sơ"),
]  # fmt: skip
BITES = {
    "decision-not-executed": ("boxed", [decision("d", '<context id="boxed"/>')]),
    "decision-language": ("d_text", [literal("d", "1", more='expressionLanguage="juel"')]),
    "decision-empty": ("d", [decision("d", "")]),
    "decision-cycle": ("d", [literal("d", "1", needs=["e"]), literal("e", "1", needs=["d"])]),
    "decision-requires-unknown": ("d", [literal("d", "1", needs=["gone"])]),
    "decision-name-twice": ("d", [literal("d", "1", needs=["e", "f"]), literal("e", "1", name="n"),
                                  literal("f", "1", name="n")]),
    "hit-policy-unknown": ("d_table", [table("d", policy="BEST")]),
    "aggregation-unfit": ("d_table", [table("d", policy="COLLECT", aggregation="SUM", outputs=[("a",), ("b",)])]),
    "priority-without-values": ("d_table", [table("d", policy="PRIORITY")]),
    "column-missing": ("d_table", [table("d", outputs=[])]),
    "column-name": ("d_o2", [table("d", outputs=[("a",), ("",)])]),
    "input-missing": ("d_i1", [table("d", inputs=[("",)])]),
    "rule-size": ("d_r1", [table("d", [([], ["1"])])]),
    "decision-expression": ("d_r2", [table("d", [(["1"], ["1"]), (["2"], ["(1"])])]),
    "values-not-constant": ("d_i1", [table("d", inputs=[("x", "", "y")])]),
    "type-unknown": ("d_i1", [table("d", inputs=[("x", "money")])]),
    "result-type-unfit": ("d", [table("d", outputs=[("a",), ("b",)], result="string")]),
    "decision-unknown-function": ("d_r1", [table("d", [(["fee_of(?) > 1"], ["1"])])]),
    "decision-unknown-variable": ("d_r1", [table("d", [(["1"], ["z + 1"])])]),
    "rules-overlap": ("d_r2", [table("d", [(["< 5"], ["1"]), (["4"], ["1"])])]),
    "output-empty": ("d_o1", [table("d", [(["1"], ["-"])])]),
    "output-without-values": ("d_o1", [table("d", [(["1"], ["1", "2"])], policy="PRIORITY",
                                             outputs=[("a",), ("b", "", "1, 2")])]),
}  # fmt: skip


def found(*parts: str, rules: LintContext = RULES) -> set[tuple[str, str]]:
    return {(each.rule, each.element_id) for each in lint_decisions(file(*parts), "d.dmn", rules)}


def test_nothing_is_found_in_a_good_file() -> None:
    assert found(*GOOD) == set()


@pytest.mark.parametrize("rule", BITES)
def test_rule_bites_and_names_the_id_in_both_languages(rule: str) -> None:
    element_id, parts = BITES[rule]
    hits = [each for each in lint_decisions(file(*parts), "d.dmn", RULES) if each.rule == rule]
    assert element_id in {each.element_id for each in hits}
    for each in hits:
        assert each.severity == dmn.SENTENCES[rule].severity
        assert each.message != each.message_en
        assert not re.search(r"\{\w*\}", each.message + each.message_en)


def test_every_rule_has_a_case_that_it_bites_on() -> None:
    assert set(dmn.SENTENCES) - set(BITES) == {"rules-not-compared"}  # in dmn/test_overlap.py


def test_names_are_not_looked_at_where_nobody_knows_them() -> None:
    assert found(table("d", [(["1"], ["z + 1"])]), rules=LintContext()) == set()


def test_names_inside_filters_may_be_members() -> None:
    assert found(literal("d", "x[amount > 5].amount")) == set()


def test_a_file_that_cannot_be_read_is_one_finding() -> None:
    (each,) = lint_decisions(b"<a/>", "d.dmn", RULES)
    assert (each.rule, each.severity, each.element_id) == ("unreadable", "error", "")


def test_a_check_that_fails_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "_unknown", lambda model, rules: 1 / 0)
    assert found(*GOOD) == {("internal", "")}


def test_findings_stand_in_the_order_of_the_file() -> None:
    drawn = table("d", [(["< 5"], ["z"]), (["4"], ["(1"])], inputs=[("x", "money")], outputs=[("a", "", "y")])
    hits = lint_decisions(file(literal("first", ""), drawn), "d.dmn", RULES)
    assert [each.element_id for each in hits] == ["first", "d_i1", "d_o1", "d_r1", "d_r2", "d_r2"]


def test_findings_are_cut_and_counted() -> None:
    rules = [([f"< {n}"], ["z"]) for n in range(1_000)]
    hits = lint_decisions(file(table("d", rules)), "d.dmn", RULES)
    assert len(hits) == 500
    assert hits[-1].rule == "more-findings"
    assert "521" in hits[-1].message_en  # a thousand names and twenty overlaps


def test_files_are_linted_by_the_end_of_their_names() -> None:
    assert lint_file(file(*GOOD), "fee.DMN", RULES) == ()
    assert [each.rule for each in lint_file(file(*GOOD), "fee.bpmn", RULES)] == ["unreadable"]
