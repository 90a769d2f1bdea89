"""Coverage of conditions: each place for itself, nothing inside what is hidden, both values or it is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.adapters.form_schemas import FormSchemas
from engine.adapters.procedure_forms import ProcedureForms
from engine.coverage import Seen, WatchedForms, expected, summary
from engine.domain.errors import FormInvalidError
from engine.domain.procedure import DocumentRule, Exemption, FeeRule, Rule
from tests.support.forms import evaluate, field, group, rows
from tests.support.small_house import PROCEDURE, House

CASE = {"case": {"channel": "online"}}


class Feel:
    """The Expressions port without a clock."""

    def evaluate(self, text: str, context: Any) -> Any:
        return evaluate(text, context)


def paper(path: str) -> dict[str, Any]:
    hidden = field("textfield", "book", conditional={"hide": '=kind != "birth"'})
    return group(path, field("textfield", "kind"), hidden, conditional={"hide": "=skip = true"})


COMPONENTS = [field("checkbox", "skip"), paper("mine"), paper("yours"), rows("list", field("textfield", "kind"),
              field("textfield", "more", properties={"requiredIf": '=kind = "x"'}))]  # fmt: skip
FILES = {"form.json": json.dumps({"type": "default", "id": "application", "components": COMPONENTS}).encode()}
BARE = replace(PROCEDURE, fees=(), files=FILES)


def watched(procedure: Any, *filings: dict[str, Any]) -> tuple[set[Any], Seen]:
    """The conditions that are expected, and what is seen after these filings."""
    forms, seen = ProcedureForms(FormSchemas(evaluate), evaluate), Seen()
    watch = WatchedForms(forms, Feel(), "small", seen)
    for data in filings:
        watch.validate(procedure, procedure.form_id, data, CASE)
    return expected("small", procedure, forms), seen


def values(seen: Seen, where: str, text: str) -> set[bool]:
    return {value for (_, place, own), found in seen.truths.items() if (place, own) == (where, text) for value in found}


def test_the_same_words_at_two_places_are_two_conditions_and_in_one_scope_one() -> None:
    wanted, _ = watched(BARE)
    places = sorted((where, text) for _, where, text in wanted)
    asked = 'kind != "birth"'
    assert places == [("", "skip = true"), ("list", 'kind = "x"'), ("mine", asked), ("yours", asked)]


def test_each_place_is_seen_for_itself_and_nothing_inside_what_is_hidden() -> None:
    asked = 'kind != "birth"'
    _, seen = watched(BARE, {"mine": {"kind": "birth"}, "yours": {"kind": "card"}})
    assert values(seen, "mine", asked) == {False}
    assert values(seen, "yours", asked) == {True}
    _, seen = watched(BARE, {"skip": True})
    assert values(seen, "", "skip = true") == {True}
    assert values(seen, "mine", asked) == set()


def test_conditions_of_rows_are_seen_when_there_are_rows() -> None:
    _, seen = watched(BARE, {"list": []})
    assert values(seen, "list", 'kind = "x"') == set()
    _, seen = watched(BARE, {"list": [{"kind": "x", "more": "1"}, {"kind": "y"}]})
    assert values(seen, "list", 'kind = "x"') == {True, False}


def test_a_refused_form_shows_nothing() -> None:
    forms, seen = ProcedureForms(FormSchemas(evaluate), evaluate), Seen()
    with pytest.raises(FormInvalidError):
        WatchedForms(forms, Feel(), "small", seen).validate(BARE, "application", {"nobody": 1}, CASE)
    assert seen.truths == {}


def test_rules_and_documents_are_seen_at_filing_and_constants_are_no_conditions() -> None:
    head = replace(
        BARE,
        rules=(Rule(key="r", when="application.skip", check="true", message="m", message_en="m"),),
        documents=(
            DocumentRule(key="always", name="d", kind="submit"),
            DocumentRule(key="some", name="d", kind="submit", required='application.mine.kind = "birth"'),
        ),
    )
    wanted, seen = watched(head, {"mine": {"kind": "birth"}})
    assert {where for file, where, _ in wanted if file == "small/procedure.toml"} == {"rule.r", "document.some"}
    assert values(seen, "document.some", 'application.mine.kind = "birth"') == {True}
    assert values(seen, "rule.r", "application.skip") == {False}


def test_fees_and_exemptions_are_seen_once_the_fee_is_assessed() -> None:
    house = House()
    case = house.checked()
    poor = 'application.purpose = "poor"'
    procedure = replace(
        PROCEDURE,
        exemptions=(Exemption(key="poor", name="n", when=poor),),
        fees=(FeeRule(key="f", name="n", amount="1", when="not(exempt)"),),
    )
    seen = Seen()
    watch = WatchedForms(ProcedureForms(FormSchemas(evaluate), evaluate), Feel(), "small", seen)
    watch.assessed(procedure, case)
    assert seen.truths == {}
    watch.assessed(procedure, replace(case, fee_total=1))
    assert values(seen, "exemption.poor", poor) == {False}
    assert values(seen, "fee.f", "not(exempt)") == {True}


def test_a_summary_counts_each_thing_once_and_names_what_is_missing() -> None:
    assert summary(["b", "a", "b"], lambda one: one == "a", str.upper) == {"walked": 1, "total": 2, "missing": ["B"]}
