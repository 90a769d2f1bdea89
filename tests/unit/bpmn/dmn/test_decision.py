"""Decisions that require each other, their data from outside, and everything that is refused with its id."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bpmn import dmn
from bpmn.errors import DecisionError
from tests.support.dmn_builder import component, data, decision, file, item, literal, table

FEE = table("fee", [(["true"], ["0"]), (["false"], ["lệ phí gốc * số bản"])], inputs=[("được miễn", "boolean")],
            needs=["exempt", "basic", "@copies"])  # fmt: skip
EXEMPT = literal("exempt", 'list contains(["nghèo", "có công"], diện)', name="được miễn", result="boolean")
BASIC = literal("basic", "8000", name="lệ phí gốc", result="number")
COPIES = data("copies", "số bản", "number")


def compiled(*parts: str, decision_id: str = "d") -> dmn.Decision:
    return dmn.compile_decision(dmn.parse(file(*parts)), decision_id)


def rules_of(*parts: str, **more: Any) -> list[tuple[str, str]]:
    return [(each.rule, each.element_id) for each in dmn.check(dmn.parse(file(*parts, **more)))]


def test_what_is_required_is_decided_first_in_whatever_order_it_is_drawn() -> None:
    for parts in ((FEE, EXEMPT, BASIC, COPIES), (COPIES, BASIC, EXEMPT, FEE)):
        fee = compiled(*parts, decision_id="fee")
        assert fee({"diện": "nghèo", "số bản": 3}) == 0
        assert fee({"diện": "", "số bản": "3"}) == 24_000


def test_only_what_is_required_is_made_and_seen() -> None:
    broken = literal("other", "count(for i in 1..9000, j in 1..9000 return i)")
    unseen = literal("d", "b")
    assert compiled(broken, unseen, literal("b", "5"))({"b": 1}) == 1
    assert compiled(broken, literal("d", "b", needs=["b"]), literal("b", "5"))({"b": 1}) == 5


def test_a_decision_required_twice_is_made_once() -> None:
    parts = [literal("n0", "1")]
    parts += [literal(f"n{n}", f"n{n - 1} + n{n - 1}", needs=[f"n{n - 1}"]) for n in range(1, 60)]
    assert compiled(*parts, decision_id="n59")({}) == 2**59


def test_data_from_outside_are_fitted_to_their_type_or_refused() -> None:
    year = literal("d", "ngày sinh.year", needs=["@born"])
    assert compiled(year, data("born", "ngày sinh", "date"))({"ngày sinh": "2001-02-03"}) == 2001
    assert compiled(year, data("born", "ngày sinh", "date"))({}) is None
    with pytest.raises(DecisionError) as caught:
        compiled(year, data("born", "ngày sinh", "date"))({"ngày sinh": "hôm qua"})
    assert caught.value.element_id == "born"


def test_the_result_of_an_expression_is_fitted_to_its_type() -> None:
    assert compiled(literal("d", "x", result="date"))({"x": "2026-01-31"}) == date(2026, 1, 31)
    with pytest.raises(DecisionError) as caught:
        compiled(literal("d", "x", result="number"))({"x": "a"})
    assert caught.value.element_id == "d"


def test_the_type_of_a_table_is_that_of_its_result_or_of_each_hit() -> None:
    rules = [(["-"], ["1"]), (["-"], ["2"])]
    assert compiled(table("d", rules, policy="COLLECT", result="number"))({}) == [1, 2]
    with pytest.raises(DecisionError):
        compiled(table("d", rules[:1], result="string"))({})


def test_a_type_of_components_fits_each_hit_or_the_one() -> None:
    rules = [(["-"], ["1", '"2026-01-31"']), (["-"], ["2", ""])]
    made = [{"a": Decimal(1), "b": "2026-01-31"}, {"a": Decimal(2), "b": None}]
    for kind in (item("t", parts=component("a", "number")), item("t", parts=component("a", "number"), collection=True)):
        drawn = table("d", rules, outputs=[("a",), ("b",)], policy="COLLECT", result="t")
        assert compiled(drawn, kind)({}) == made
    single = table("d", rules[:1], outputs=[("a",), ("b",)], result="t")
    assert compiled(single, item("t", parts=component("b", "date")))({}) == {"a": 1, "b": date(2026, 1, 31)}


def test_the_clock_and_lent_functions_are_those_of_the_call() -> None:
    now = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert compiled(literal("d", "today()"))({}, now=now) == date(2026, 1, 31)
    assert compiled(literal("d", "today()"))({}) is None
    assert compiled(literal("d", "twice(x)"))({"x": 2}, functions={"twice": lambda x: x * 2}) == 4


def test_a_decision_is_made_in_many_threads_at_once() -> None:
    rules = [([str(n)], [str(n * n)]) for n in range(200)]
    square = compiled(table("d", rules))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: square({"x": n % 200}), range(800)))
    assert made == [Decimal((n % 200) ** 2) for n in range(800)]


def test_a_circle_is_refused_and_named() -> None:
    circle = [literal("a", "b", needs=["b"]), literal("b", "c", needs=["c"]), literal("c", "a", needs=["a"])]
    assert rules_of(*circle, literal("d", "1")) == [("decision-cycle", "a")]
    assert rules_of(literal("a", "a", needs=["a"])) == [("decision-cycle", "a")]
    with pytest.raises(DecisionError, match="circle"):
        compiled(*circle, literal("d", "1"))


@pytest.mark.parametrize("tag", ["context", "invocation", "functionDefinition", "relation", "list", "for", "every",
                                 "conditional", "filter"])  # fmt: skip
def test_boxed_expressions_are_refused_with_their_id(tag: str) -> None:
    found = rules_of(decision("d", f'<{tag} id="boxed"/>'))
    assert ("decision-not-executed", "boxed") in found


@pytest.mark.parametrize("tag", ["businessKnowledgeModel", "decisionService", "import", "invocable"])
def test_what_stands_beside_decisions_and_is_not_executed_is_refused(tag: str) -> None:
    assert rules_of(literal("d", "1"), f'<{tag} id="beside" name="Khác"/>') == [("decision-not-executed", "beside")]


def test_knowledge_requirements_are_refused_and_remarks_are_not() -> None:
    known = '<knowledgeRequirement id="k"><requiredKnowledge href="#x"/></knowledgeRequirement>'
    text = '<literalExpression id="l"><text>1</text></literalExpression>'
    assert rules_of(decision("d", known + text)) == [("decision-not-executed", "k")]
    remarks = (
        "<description>Vì sao</description><question>Bao nhiêu?</question><extensionElements><x/></extensionElements>"
    )
    beside = '<knowledgeSource id="law" name="Luật"/><textAnnotation id="note"><text>1 +</text></textAnnotation>'
    assert rules_of(decision("d", remarks + text), beside) == []


REFUSED = {
    "decision without logic": ([decision("d", "")], ("decision-empty", "d")),
    "empty expression": ([literal("d", " ")], ("decision-empty", "d")),
    "two logics": (
        [decision("d", '<literalExpression id="l"><text>1</text></literalExpression><decisionTable id="t"/>')],
        ("decision-not-executed", "t"),
    ),
    "unknown requirement": ([literal("d", "1", needs=["gone"])], ("decision-requires-unknown", "d")),
    "two results of a name": (
        [literal("d", "1", needs=["a", "b"]), literal("a", "1", name="n"), literal("b", "2", name="n")],
        ("decision-name-twice", "d"),
    ),
    "hit policy": ([table("d", policy="BEST")], ("hit-policy-unknown", "d_table")),
    "aggregation": ([table("d", policy="COLLECT", aggregation="AVG")], ("hit-policy-unknown", "d_table")),
    "aggregation of another policy": ([table("d", aggregation="SUM")], ("hit-policy-unknown", "d_table")),
    "aggregation of two outputs": (
        [table("d", policy="COLLECT", aggregation="COUNT", outputs=[("a",), ("b",)])],
        ("aggregation-unfit", "d_table"),
    ),
    "priority without values": ([table("d", policy="PRIORITY")], ("priority-without-values", "d_table")),
    "order without listed values": (
        [table("d", policy="OUTPUT ORDER", outputs=[("a", "string", "-")])],
        ("priority-without-values", "d_table"),
    ),
    "no output": ([table("d", outputs=[])], ("column-missing", "d_table")),
    "outputs of one name": ([table("d", outputs=[("a",), ("a",)])], ("column-name", "d_o1")),
    "output without name": ([table("d", outputs=[("a",), ("",)])], ("column-name", "d_o2")),
    "no input expression": ([table("d", inputs=[("",)])], ("input-missing", "d_i1")),
    "rule too short": ([table("d", [([], ["1"])])], ("rule-size", "d_r1")),
    "rule too long": ([table("d", [(["1"], ["1", "2"])])], ("rule-size", "d_r1")),
    "wrong test": ([table("d", [(["1"], ["1"]), (["< "], ["1"])])], ("decision-expression", "d_r2")),
    "wrong result": ([table("d", [(["1"], ["1 +"])])], ("decision-expression", "d_r1")),
    "wrong input": ([table("d", inputs=[("x x +",)])], ("decision-expression", "d_i1")),
    "wrong default": ([table("d", defaults=["("])], ("decision-expression", "d_o1")),
    "wrong values": ([table("d", outputs=[("a", "string", '"a')])], ("decision-expression", "d_o1")),
    "wrong expression": ([literal("d", "1 +")], ("decision-expression", "d")),
    "values that read a name": ([table("d", inputs=[("x", "string", "limit")])], ("values-not-constant", "d_i1")),
    "simple type of several outputs": (
        [table("d", outputs=[("a",), ("b",)], result="feel:string")],
        ("result-type-unfit", "d"),
    ),
    "unknown type": ([table("d", inputs=[("x", "money")])], ("type-unknown", "d_i1")),
    "unknown type of a result": ([literal("d", "1", result="money")], ("type-unknown", "d")),
    "type made of itself": ([item("a", "b"), item("b", "a"), literal("d", "1")], ("type-unknown", "type_b")),
    "function type": (
        ['<itemDefinition id="f" name="f"><functionItem id="fi"/></itemDefinition>', literal("d", "1")],
        ("decision-not-executed", "fi"),
    ),
    "other language": (
        [literal("d", "1", more='expressionLanguage="http://www.ecma-international.org/ecma-262"')],
        ("decision-language", "d_text"),
    ),
    "name for cells": (
        [table("d").replace('<input id="d_i1"', '<input id="d_i1" xmlns:c="http://camunda.org/schema/1.0/dmn"'
                            ' c:inputVariable="v"')],
        ("decision-not-executed", "d_i1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_executed_is_found_with_its_id_and_compiling_raises(what: str) -> None:
    parts, found = REFUSED[what]
    assert found in rules_of(*parts)
    with pytest.raises(DecisionError) as caught:
        compiled(*parts)
    assert caught.value.element_id
    assert caught.value.message != caught.value.message_vi


@pytest.mark.parametrize(
    "language",
    ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/",
     "http://www.omg.org/spec/DMN/20180521/FEEL/", "https://www.omg.org/spec/DMN/20230324/FEEL/"],
)  # fmt: skip
def test_feel_is_known_by_all_its_names(language: str) -> None:
    assert rules_of(literal("d", "1"), more=f'expressionLanguage="{language}"') == []
    assert rules_of(literal("d", "1", more=f'expressionLanguage="{language}"'), more='expressionLanguage="juel"') == []


def test_a_language_of_the_whole_file_counts_for_every_expression() -> None:
    found = rules_of(table("d", [(["1"], ["1"])]), more='expressionLanguage="juel"')
    assert found == [("decision-language", "d_i1_e"), ("decision-language", "d_r1"), ("decision-language", "d_r1")]


def test_an_unknown_decision_is_refused_by_its_id() -> None:
    with pytest.raises(DecisionError) as caught:
        compiled(literal("other", "1"))
    assert caught.value.element_id == "d"


def test_two_files_with_the_same_decision_are_refused() -> None:
    one, other = dmn.parse(file(literal("d", "1"))), dmn.parse(file(literal("d", "2"), literal("e", "1")))
    assert dmn.by_decision([one]) == {"d": one}
    with pytest.raises(DecisionError) as caught:
        dmn.by_decision([one, other])
    assert caught.value.element_id == "d"
