"""What a scenario of the catalog went through when it was played on an empty desk."""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.commands.bus import Bus
from engine.commands.worker import Worker
from engine.coverage import Condition, Seen, WatchedForms
from engine.domain.case import Case
from engine.domain.events import ProcessAdvanced
from tests.support.desk import ROOT, Desk, desk_on_stage


@dataclass(frozen=True)
class Played:
    """How a case ended, what was told of it, and the elements and flows on its way."""

    name: str
    ended: bool
    status: int
    results: int
    tags: frozenset[str]
    visited: frozenset[str]
    flows: frozenset[tuple[str, str]]
    truths: frozenset[tuple[Condition, bool]]

    def kinds(self) -> set[str]:
        """Which of the kinds it is that every procedure has to show."""
        return {
            name
            for name, held in {
                "happy": self.ended and self.status == 10 and self.results > 0,
                "supplement": "supply_documents" in self.visited,
                "refusal": self.ended and self.status in (3, 8),
                "withdrawal": "case:withdrawn" in self.tags,
            }.items()
            if held
        }


@cache
def played(path: Path) -> Played:
    """Play a scenario to its end; ScenarioError when it goes another way."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as home, desk_on_stage(Path(home)) as desk:
        case = _watched(desk, path, seen)
        links = [link.event for link in desk.app.store.events(case.id)]
    visits = [visit for event in links if isinstance(event, ProcessAdvanced) for visit in event.path]
    return Played(
        name=path.stem,
        ended=case.ended,
        status=case.status,
        results=len(case.results),
        tags=frozenset(event.tag for event in links),
        visited=frozenset(visit.element_id for visit in visits),
        flows=frozenset((visit.process_id, visit.flow_id) for visit in visits if visit.flow_id),
        truths=frozenset((condition, value) for condition, values in seen.truths.items() for value in values),
    )


def _watched(desk: Desk, path: Path, seen: Seen) -> Case:
    """Play a scenario with an eye on the conditions it meets."""
    forms = WatchedForms(desk.app.forms, desk.app.ports.expressions, path.parent.parent.name, seen)
    ports = replace(desk.app.ports, forms=forms)
    bus = Bus(ports)
    app = replace(desk.app, ports=ports, bus=bus, worker=Worker(ports, bus, "watched"))
    return Desk(app, desk.clock).play(
        path, watch=lambda case: forms.assessed(app.catalog.procedure(case.procedure, case.procedure_version), case)
    )


def scenarios(slug: str) -> list[Path]:
    """The scenario files of a procedure, the happy one first."""
    return sorted((ROOT / "catalog" / slug / "tests").glob("*.toml"))


def head(slug: str) -> dict[str, Any]:
    """The procedure.toml of a procedure."""
    return tomllib.loads((ROOT / "catalog" / slug / "procedure.toml").read_text("utf-8"))
