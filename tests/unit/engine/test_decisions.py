"""A decision of a procedure in a whole case: made in the command, kept in history, made again by replay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.case import Case
from engine.domain.codec import dumps
from engine.domain.errors import ProcessStuckError
from engine.replay import rebuilt, replay
from tests.support import small_house
from tests.support.bpmn_builder import chain, decide, element, end, extensions, flow, process, start, xor
from tests.support.dmn_builder import file, table
from tests.support.small_house import CLERK, UNIT, House

CHECK = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="check"/>'


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose procedure asks the clerk until its decision says that it is done."""
    rules = table(
        "route",
        [(['"ok"'], ['"done"']), (['not("ok")'], ['"again"']), (['"clash"'], ['"again"'])],
        inputs=[("decision", "string")],
    )
    diagram = process(
        "small", start(), element("userTask", "check", extensions(CHECK)), decide("decide_route", "route", "route"),
        xor("is_done", "is_done-check"), end(), *chain("start", "check", "decide_route", "is_done"),
        flow("is_done", "check"), flow("is_done", "end", '=route = "done"'),
    )  # fmt: skip
    files = {"process.bpmn": diagram, "route.dmn": file(rules)}
    monkeypatch.setattr(small_house, "PROCEDURE", replace(small_house.PROCEDURE, files=files, digest="decided"))
    return House()


def check(house: House, case: Case, number: int, decision: str) -> Case:
    key = f"check#{number}"
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key=key), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key=key, data={"decision": decision}), CLERK)
    return house.case(case.id)


def test_the_case_goes_where_the_decision_says_and_replay_decides_the_same(house: House) -> None:
    case = check(house, house.file(), 1, "hmm")
    assert case.scopes[""]["route"] == "again"
    assert [key for key, task in case.tasks.items() if task.assignee is None] == ["check#2"]
    case = check(house, case, 2, "ok")
    assert case.ended
    assert case.scopes[""]["route"] == "done"
    assert replay(house.ports, UNIT, case.id) == []
    assert dumps(rebuilt(house.ports, case.id)) == dumps(case)


def test_what_cannot_be_decided_is_kept_with_an_incident_that_names_task_and_rules(house: House) -> None:
    with pytest.raises(ProcessStuckError) as refusal:
        check(house, house.file(), 1, "clash")
    assert refusal.value.data["element"] == "decide_route"
    assert "dòng 2 (route_r2), dòng 3 (route_r3)" in refusal.value.data["reason"]
    assert "rule 2 (route_r2), rule 3 (route_r3)" in refusal.value.data["reason_en"]
    (case_id,) = {key for _, key in house.store._content.cases}
    case = house.case(case_id)
    assert [(each.kind, each.element) for each in case.incidents.values()] == [("task", "decide_route")]
    assert "route" not in case.scopes[""]
    assert replay(house.ports, UNIT, case_id) == []
