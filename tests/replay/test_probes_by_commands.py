"""What the runner executes a house executes: each probe is deployed, driven by commands, rebuilt and replayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.adapters.db import upgrade
from engine.commands.bus import Bus
from tests.bpmn_support import LENT, LIBRARY, MOST, PROBES, RULES, Probe, outcome
from tests.support.random_house import EngineStage, RandomHouse

WORKER = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="any"/>'
USER = re.compile(r'(<bpmn:userTask id="\w+">)(?:<bpmn:extensionElements>(.*?)</bpmn:extensionElements>)?')
EXECUTED = [probe for probe in PROBES if outcome(probe) == "executed" and probe.begin is None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RandomHouse]:
    url = f"sqlite:///{tmp_path_factory.mktemp('probes') / 'probes.db'}"
    upgrade(url)
    house = RandomHouse(url)
    # The clock of the house runs through all probes, further than a calendar of the law reaches.
    house.ports = replace(house.ports, functions=lambda unit: LENT)
    house.bus = Bus(house.ports)
    yield house
    house.close()


def staffed(data: bytes) -> bytes:
    """Give every user task a group and a form, as a house asks for; a value of the probe's own stands for its name."""
    text = re.sub(r"=key\b", "=string(7)", data.decode())
    return USER.sub(
        lambda found: f"{found[1]}<bpmn:extensionElements>{WORKER}{found[2] or ''}</bpmn:extensionElements>", text
    ).encode()


def move(stage: EngineStage, visited: set[str]) -> None:
    """End one wait by a command: an event that watches comes first, so that it happens at all."""
    case = stage.live
    watching = [key for key in sorted((*case.subscriptions, *case.timers)) if element_of(key) not in visited]
    key = [*watching, *sorted((*case.tasks, *case.jobs)), *sorted((*case.subscriptions, *case.timers))][0]
    if key in case.timers:
        stage.fire_key(key, max(stage.now, case.timers[key].due))
    elif key in case.subscriptions:
        stage.deliver_key(key)
    else:
        stage.end_task(key, {"done": True})


def element_of(key: str) -> str:
    return key.rpartition("/")[2].partition("#")[0]


@pytest.mark.parametrize("probe", EXECUTED, ids=lambda probe: f"{probe.group}, {probe.name}")
def test_what_the_runner_executes_a_house_executes_by_commands(probe: Probe, house: RandomHouse) -> None:
    files = {each.id: staffed(each.xml) for each in (probe.definition, *LIBRARY)}
    stage = EngineStage(house, files, "p", more={"rules.dmn": RULES})
    visited = {element for _, element in stage.visited()}
    for _ in range(MOST):
        if stage.ended():
            break
        move(stage, visited)
        visited |= {element for _, element in stage.visited()}
    assert stage.ended(), sorted(stage.open())
    assert probe.about in visited
    stage.prove()
