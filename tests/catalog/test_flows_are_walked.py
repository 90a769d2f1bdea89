"""Together the scenarios walk every sequence flow of every diagram, the shared ones included."""

from __future__ import annotations

from pathlib import Path

from bpmn.parse import parse
from engine.domain.events import ProcessAdvanced
from tests.support.desk import ROOT, open_desk, procedure_of, scenario_paths


def test_every_flow_of_every_diagram_is_walked(tmp_path: Path) -> None:
    walked: set[tuple[str, str]] = set()
    for number, path in enumerate(scenario_paths()):
        desk = open_desk(tmp_path, f"sqlite:///{tmp_path}/{number}.db")
        case = desk.play(path)
        for link in desk.app.store.events(case.id):
            if isinstance(link.event, ProcessAdvanced):
                walked |= {(v.process_id, v.flow_id) for v in link.event.path if v.flow_id}
        desk.app.store.close()
    missing = sorted(
        f"{d.name or d.id}: {flow}"
        for file in (ROOT / "catalog").rglob("*.bpmn")
        for d in [parse(file.read_bytes())]
        for flow in d.flows
        if (d.id, flow) not in walked
    )
    assert missing == []


def test_each_procedure_has_at_least_six_scenarios() -> None:
    counts: dict[str, int] = {}
    for path in scenario_paths():
        counts[procedure_of(path)] = counts.get(procedure_of(path), 0) + 1
    assert counts
    assert {code: n for code, n in counts.items() if n < 6} == {}
