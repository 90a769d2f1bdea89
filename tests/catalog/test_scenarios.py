"""Each procedure's scenarios show it on all its ways: taken, supplemented, refused, withdrawn, each special step."""

from __future__ import annotations

import pytest

from bpmn.parse import parse
from tests.catalog.played import Played, head, played, scenarios
from tests.facts.entry import facts
from tests.facts.head import pairs
from tests.support.desk import ROOT, slugs

KINDS = {"happy", "supplement", "refusal", "withdrawal"}
LEAST = 5


@pytest.mark.parametrize("slug", slugs())
def test_a_procedure_is_shown_on_all_its_ways(slug: str) -> None:
    records = [played(path) for path in scenarios(slug)]
    assert len(records) >= LEAST
    assert "happy" in records[0].kinds(), "the scenario that sorts first is not the happy path"
    assert KINDS - {kind for record in records for kind in record.kinds()} == set(), "no scenario of this kind"
    assert unwalked(slug, records) == []
    assert missed_steps(slug, records) == []


def unwalked(slug: str, records: list[Played]) -> list[str]:
    """The flows of the procedure's own diagrams that no scenario takes."""
    walked = {flow for record in records for flow in record.flows}
    diagrams = [parse(path.read_bytes()) for path in sorted((ROOT / "catalog" / slug).glob("*.bpmn"))]
    return [flow for each in diagrams for flow in each.flows if (each.id, flow) not in walked]


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


def test_every_flow_of_the_shared_diagrams_is_walked_by_some_procedure() -> None:
    """Procedures are played until nothing is left to be walked: that takes a few of them, not all."""
    diagrams = [parse(path.read_bytes()) for path in sorted((ROOT / "catalog/_shared/processes").glob("*.bpmn"))]
    left = {(each.id, flow) for each in diagrams for flow in each.flows}
    assert left
    for path in (path for slug in slugs() for path in scenarios(slug)):
        left -= played(path).flows
        if not left:
            break
    assert left == set()
