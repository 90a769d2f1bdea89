"""Wrong data get the rule's own message beside the field and are not stored: every rule and constraint is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.domain.procedure import Rule
from tests.support.desk import slugs
from tests.wrong.bench import Bench, Data, plain_path, with_value
from tests.wrong.desk import WrongDesk, beside, told, wrong_desk
from tests.wrong.search import breaking, failing, laid_over, refusing
from tests.wrong.values import unfit
from web.forms.schema import watched

MISREAD = ("mười", "2022-02-30", "hôm qua")  # of these the page itself says that it cannot read them


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WrongDesk]:
    """One house for all procedures."""
    with wrong_desk(tmp_path_factory.mktemp("wrong")) as desk:
        yield desk


@pytest.mark.parametrize("slug", slugs())
def test_every_rule_of_the_application_can_be_broken_and_says_so_beside_its_field(slug: str, desk: WrongDesk) -> None:
    bench = desk.bench(slug)
    given = {row["rule"]: row for row in told(slug) if "rule" in row}
    rules = [rule for rule in bench.procedure.rules if rule.severity == "error"]
    assert set(given) - {rule.key for rule in rules} == set(), "[[wrong]] names no rule"
    for rule in rules:
        row = given.get(rule.key)
        data = laid_over(bench.bases[0], row["set"]) if row else breaking(bench, rule)
        assert data is not None, f"nothing breaks {rule.key}: does a field refuse first? Else add [[wrong]] to its data"
        silent = silent_at(bench, rule, data, desk.sent(bench, data), row)
        assert silent == [], f"{rule.key} says nothing beside {silent}, but {bench.said(data)}"


def silent_at(bench: Bench, rule: Rule, data: Data, page: dict[str, str], row: dict[str, Any] | None) -> list[str]:
    """The fields beside which the rule's message does not stand, though they are shown."""
    assert rule.fields, f"{rule.key} has no field beside which it could speak"
    shown = bench.visible(data)
    places = [row["at"]] if row and "at" in row else [path for path in rule.fields if path in shown]
    assert places, f"no field of {rule.key} is shown when it is broken"
    return [path for path in places if rule.message not in page.get(beside(path), "")]


@pytest.mark.parametrize("slug", slugs())
def test_every_check_of_a_field_can_be_broken(slug: str, desk: WrongDesk) -> None:
    bench = desk.bench(slug)
    given = {row["field"]: row for row in told(slug) if "field" in row}
    assert set(given) - set(bench.fields) == set(), "[[wrong]] names no field"
    whole = []
    for path, field in bench.fields.items():
        for check in field.checks:
            found = failing(bench, path, check)
            if found is None and path in given:
                data = laid_over(bench.bases[0], given[path]["set"])
                places = [at for at, messages in bench.said(data).items() if check.message in messages]
                found = (data, places[0]) if places else None
            if found is None:
                whole.append(f"{path}: {check.text}")
    assert whole == [], "nothing breaks these; add [[wrong]] with field and set"


@pytest.mark.parametrize("slug", slugs())
def test_every_constraint_of_a_field_is_kept(slug: str, desk: WrongDesk) -> None:
    bench = desk.bench(slug)
    taken = [
        f"{path}: {value!r}"
        for path, field in bench.fields.items()
        if field.computed is None
        for value in unfit(field)
        if refusing(bench, path, value) is None
    ]
    assert taken == []


@pytest.mark.parametrize("slug", slugs())
def test_a_form_wrong_in_all_its_fields_says_so_beside_each(slug: str, desk: WrongDesk) -> None:
    bench = desk.bench(slug)
    data = spoiled(bench)
    expected = bench.said(data)
    page = desk.sent(bench, data)
    assert len(expected) >= 3
    assert {path: found for path, found in expected.items() if found[0] not in page.get(beside(path), "")} == {}


def spoiled(bench: Bench) -> Data:
    """The happy data with something wrong in every field on which no other depends."""
    schema = bench.app.forms.compiled(bench.procedure, bench.procedure.form_id).schema
    data, watching = bench.bases[0], watched(schema)
    for path in bench.visible(bench.bases[0]):
        field = bench.fields.get(plain_path(path))
        if field is None or field.computed or field.kind == "dynamiclist" or set(path.split(".")) & watching:
            continue
        values = [value for value in unfit(field) if value not in MISREAD]
        if values:
            data = with_value(data, path, values[-1])
    return data


def test_the_constraints_of_the_law_that_everybody_asks_for_are_among_them(desk: WrongDesk) -> None:
    """Age, dates to come, numbers of documents and counts of zero: kinds of mistakes that the search has to make."""
    made: set[str] = set()
    for slug in slugs():
        bench = desk.bench(slug)
        for path, field in bench.fields.items():
            if "today()" in " ".join(check.text for check in field.checks):
                made.add("date to come")
            if path.endswith(".so") and any("matches" in check.text for check in field.checks):
                made.add("number of a document")
            least = field.validate.get("min") == 1 or any(">= 1" in check.text for check in field.checks)
            if field.kind == "number" and least:
                made.add("count of zero")
    assert made == {"date to come", "number of a document", "count of zero"}
