"""A case that goes round and round through the whole engine: a late round writes what an early one did."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.codec import dumps, event_data
from engine.replay import replay
from tests.support.bpmn_builder import chain, element, end, flow, process, start, xor
from tests.support.small_house import CLERK, PROCEDURE, UNIT, House

AGAIN = (
    "<bpmn:extensionElements>"
    '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="check"/>'
    "</bpmn:extensionElements>"
)
TELL = '<bpmn:extensionElements><zeebe:taskDefinition type="notify"/></bpmn:extensionElements>'
ROUNDS, EARLY = 150, 10


def looping() -> House:
    parts = (
        start(),
        element("userTask", "check", AGAIN, name="Kiểm tra"),
        element("serviceTask", "tell", TELL, name="Báo"),
        xor("enough", default="enough-check"),
        end(),
        *chain("start", "check", "tell", "enough", "check"),
        flow("enough", "end", '=decision = "enough"'),
    )
    return House(replace(PROCEDURE, process_id="rounds", files={"process.bpmn": process("rounds", *parts)}))


def test_a_late_round_writes_as_much_as_an_early_one() -> None:
    house = looping()
    case = house.file()
    states, written = {}, {}
    for number in range(1, ROUNDS + 1):
        before = house.case(case.id).version
        house.do(ClaimTask(unit=UNIT, case_id=case.id, key=f"check#{number}"), CLERK)
        house.do(CompleteTask(unit=UNIT, case_id=case.id, key=f"check#{number}", data={"decision": "no"}), CLERK)
        house.worker.drain()
        events = house.store.events(case.id, after=before)
        states[number] = len(dumps(house.case(case.id)))
        written[number] = (len(events), sum(len(event_data(link.event)) for link in events))
    digits = 4 * 40  # visit numbers and versions grow by a digit or two, each standing in several places
    assert states[ROUNDS] <= states[EARLY] + digits
    assert written[ROUNDS][0] == written[EARLY][0]
    assert written[ROUNDS][1] <= written[EARLY][1] + digits
    assert replay(house.ports, UNIT, case.id) == []
