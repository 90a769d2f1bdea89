"""Each procedure's scenarios show it on all its ways: taken, supplemented, refused, withdrawn, each special step."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from bpmn.parse import parse
from engine.adapters.catalog_files import FileCatalog
from engine.adapters.catalog_shared import SHARED
from engine.adapters.procedure_forms import ProcedureForms
from engine.coverage import Condition, expected
from tests.catalog.played import Played, head, played, scenarios
from tests.facts.entry import facts
from tests.facts.head import pairs
from tests.support.desk import ROOT, slugs
from tests.support.forms import SCHEMAS, evaluate

KINDS = {"happy", "supplement", "refusal", "withdrawal"}
LEAST = 5


@pytest.mark.parametrize("slug", slugs())
def test_a_procedure_is_shown_on_all_its_ways(slug: str) -> None:
    records = [played(path) for path in scenarios(slug)]
    assert len(records) >= LEAST
    assert "happy" in records[0].kinds(), "the scenario that sorts first is not the happy path"
    assert KINDS - {kind for record in records for kind in record.kinds()} == set(), "no scenario of this kind"
    assert unwalked(slug, records) == []
    assert one_sided(own_conditions(slug), records) == []
    assert missed_steps(slug, records) == []


def unwalked(slug: str, records: list[Played]) -> list[str]:
    """The flows of the procedure's own diagrams that no scenario takes."""
    walked = {flow for record in records for flow in record.flows}
    diagrams = [parse(path.read_bytes()) for path in sorted((ROOT / "catalog" / slug).glob("*.bpmn"))]
    return [flow for each in diagrams for flow in each.flows if (each.id, flow) not in walked]


def own_conditions(slug: str) -> set[Condition]:
    """The conditions of a procedure's own head and forms."""
    return {each for each in conditions(slug) if not each[0].startswith(SHARED)}


@cache
def conditions(slug: str) -> set[Condition]:
    """The conditions a procedure has to show both true and false, those of the shared forms it uses with them."""
    folder = ROOT / "catalog" / slug
    return expected(slug, FileCatalog.load(ROOT / "catalog").read(folder), ProcedureForms(SCHEMAS, evaluate))


def one_sided(wanted: Iterable[Condition], records: list[Played]) -> list[str]:
    """The conditions that these scenarios never saw true, or never false."""
    seen = {each for record in records for each in record.truths}
    return [f"{each}: never {value}" for each in sorted(wanted) for value in (True, False) if (each, value) not in seen]


def missed_steps(slug: str, records: list[Played]) -> list[str]:
    """Special steps with an element where no scenario comes by, or taken always though the law leaves them open."""
    steps = head(slug).get("special_step", [])
    never = [f"{step['key']}: {name}" for step in steps for name in step["elements"] if name not in seen(records)]
    known = pairs(facts()[slug.split("@")[0]]["steps"], steps)
    ours = [row for fact, row in known if row is not None and is_open(fact)]
    return never + [f"{row['key']}: always" for row in ours if not both_ways(records, row["elements"])]


def seen(records: list[Played]) -> set[str]:
    """Every element that some scenario visited."""
    return {element for record in records for element in record.visited}


def is_open(fact: dict[str, object]) -> bool:
    """Whether the step is taken in some cases only."""
    return bool(fact.get("optional") or fact.get("when"))


def both_ways(records: list[Played], elements: list[str]) -> bool:
    """Whether some case went by these elements, and one that came to a decision went by fewer or others of them."""
    ways = [(record.visited & set(elements), record) for record in records]
    decided = [way for way, record in ways if record.ended and "withdrawal" not in record.kinds()]
    return any(way and other != way for way, _ in ways for other in decided)


def test_every_flow_and_condition_of_the_shared_parts_is_shown_by_some_procedure() -> None:
    """Procedures are played until nothing is left to be shown: that takes a few of them, not all."""
    diagrams = [parse(path.read_bytes()) for path in sorted((ROOT / "catalog/_shared/processes").glob("*.bpmn"))]
    flows = {(each.id, flow) for each in diagrams for flow in each.flows}
    shared = {each for slug in slugs() for each in conditions(slug) - own_conditions(slug)}
    left = flows | {(each, value) for each in shared for value in (True, False)}
    assert flows
    assert shared
    told_most_first = sorted(slugs(), key=lambda slug: -len(scenarios(slug)))
    for path in (path for slug in told_most_first for path in scenarios(slug)):
        left -= played(path).flows | played(path).truths
        if not left:
            break
    assert left == set()
