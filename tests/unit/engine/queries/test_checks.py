"""The checklist of a case: what holds, what does not, what cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.adapters.clock import SteppedClock
from engine.adapters.process_runner import FeelExpressions
from engine.domain.procedure import DocumentRule, Rule
from engine.queries.checks import Check, Checks, paths_of
from tests.support.cases import case as made
from tests.support.small_house import NINE, PROCEDURE


def checked(rules: tuple[Rule, ...], application: Mapping[str, Any], **more: Any) -> list[Check]:
    evaluate = FeelExpressions(SteppedClock(NINE), {}).evaluate
    procedure = replace(PROCEDURE, rules=rules, documents=more.pop("papers", ()))
    return Checks(evaluate).of(procedure, made(application=application, **more))


def rule(check: str, **more: Any) -> Rule:
    return Rule(**{"key": "k", "check": check, "message": "Phải đúng", "message_en": "Must be so", **more})


def states(*found: Rule, **application: Any) -> list[str]:
    return [one.state for one in checked(found, application)]


def test_a_rule_holds_or_does_not_or_nobody_can_know() -> None:
    one = rule("application.so_luong = 1")
    assert states(one, so_luong=1) == ["holds"]
    assert states(one, so_luong=2) == ["broken"]
    assert states(rule("application.so_luong > 1"), so_luong=None) == ["unknown"]
    assert states(rule("date(application.ngay) < today()"), ngay="không rõ") == ["unknown"]


def test_an_expression_that_fails_is_never_shown_as_broken() -> None:
    assert states(rule("nothing_like_this(application.x)")) == ["unknown"]
    assert states(rule("true", when="nothing_like_this(1)")) == ["unknown"]


def test_a_rule_that_does_not_apply_is_left_out_and_one_that_may_apply_is_not_known() -> None:
    one = rule("false", when='application.muc_dich = "de_ket_hon"')
    assert states(one, muc_dich="khac") == []
    assert states(one, muc_dich="de_ket_hon") == ["broken"]
    assert states(rule("false", when="application.tuoi > 18"), tuoi=None) == ["unknown"]


def test_what_does_not_hold_comes_first_and_notes_come_last() -> None:
    rules = (rule("false", severity="info"), rule("true"), rule("application.x > 1"), rule("false", severity="warning"))
    assert [(one.state, one.severity) for one in checked(rules, {})] == [
        ("broken", "warning"),
        ("unknown", "error"),
        ("holds", "error"),
        ("note", "info"),
    ]


def test_the_ground_in_law_is_told_where_there_is_one() -> None:
    law, own = rule("true", basis="Luật Hộ tịch Điều 11"), rule("true", basis="hệ thống")
    assert [one.basis for one in checked((law, own), {})] == ["Luật Hộ tịch Điều 11", ""]


def test_a_rule_names_the_answers_it_compares_once_each() -> None:
    one = rule(
        'application.so = 1 and application.giay_to.so != ""',
        when="application.so != null",
        fields=("giay_to.so", "ngay"),
    )
    assert paths_of(one) == ("giay_to.so", "ngay", "so")


def test_documents_are_there_or_missing_and_what_is_only_shown_is_for_the_desk_to_see() -> None:
    papers = (
        DocumentRule(key="a", name="Bản án", kind="submit", field="tep_a", required="application.ly_hon = true"),
        DocumentRule(key="b", name="Căn cước", kind="present", field="tep_b"),
        DocumentRule(key="c", name="Tờ khai", kind="submit"),
        DocumentRule(key="d", name="Không cần", kind="submit", field="tep_d", required="false"),
    )
    file = {"key": "a", "sha256": "a" * 64}
    there = checked((), {"ly_hon": True}, papers=papers, documents=(file,))
    assert [(one.key, one.state) for one in there] == [("document.b", "unknown"), ("document.a", "holds")]
    missing = checked((), {"ly_hon": True}, papers=papers)
    assert [(one.key, one.state) for one in missing] == [("document.a", "broken"), ("document.b", "unknown")]
    assert [one.key for one in checked((), {"ly_hon": False}, papers=papers)] == ["document.b"]
