"""What changes beside the process lets it look at its conditions again, and a replay takes the same steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.commands.messages import (
    AddComment,
    ClaimTask,
    CompleteTask,
    ExtendDeadline,
    RecordPayment,
    ResolveIncident,
)
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.codec import dumps
from engine.domain.events import ProcessAdvanced
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support import small_house
from tests.support.calendars import at
from tests.support.small_house import ADMIN, CHAIRMAN, CLERK, STATUSES, UNIT, House

CASHBOX = Actor(id="payments", name="", kind="system", unit=UNIT)
ON_TIME = '=case.due_at < date and time("2022-12-25T00:00:00+07:00")'


def status(code: int) -> str:
    return f'<zeebe:properties><zeebe:property name="caseStatus" value="{code}"/></zeebe:properties>'


def task(element_id: str, zeebe: str = "") -> b.Part:
    clerk = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="check"/>'
    return b.user(element_id, zeebe=clerk + zeebe)


def waits_for(condition: str, *more: b.Part) -> bytes:
    """check → sign (status 2), and beside it a condition before the task `seen`."""
    catch = b.conditional("intermediateCatchEvent", "c", condition)
    return b.process("small", b.start(), b.both("s"), task("check"), task("sign", status(2)), b.end(), catch,
                     task("seen"), *b.chain("start", "s", "check", "sign", "end"), *b.chain("s", "c", "seen"),
                     *more)  # fmt: skip


def make(diagram: bytes) -> House:
    return House(replace(small_house.PROCEDURE, files={"process.bpmn": diagram}))


def complete(house: House, case: Case, key: str) -> Case:
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key=key), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key=key, data={"decision": "ok"}), CLERK)
    return house.case(case.id)


def triggers(house: House, case: Case) -> list[str]:
    history = house.store.events(case.id)
    return [link.event.trigger["kind"] for link in history if isinstance(link.event, ProcessAdvanced)]


def proven(house: House, case: Case) -> bool:
    assert replay(house.ports, UNIT, case.id) == []
    return dumps(rebuilt(house.ports, case.id)) == dumps(house.case(case.id))


def test_a_status_that_the_process_itself_sets_is_seen_by_its_conditions() -> None:
    house = make(waits_for("=case.status = 2"))
    case = house.file()
    assert set(case.tasks) == {"check#1"}
    case = complete(house, case, "check#1")
    assert set(case.tasks) == {"sign#1", "seen#1"}
    assert triggers(house, case) == ["start", "complete", "wake"]
    assert proven(house, case)


def test_a_new_due_date_wakes_the_case_and_a_comment_does_not() -> None:
    house = make(waits_for(f"=not({ON_TIME[1:]})"))
    case = complete(house, house.file(), "check#1")
    assert set(case.tasks) == {"sign#1"}
    walked = triggers(house, case)
    house.do(AddComment(unit=UNIT, case_id=case.id, text="Đã gọi điện", public=False), CLERK)
    assert triggers(house, case) == walked
    due = at("2022-12-30 17:00")
    house.do(ExtendDeadline(unit=UNIT, case_id=case.id, reason="Chờ xác minh", due=due), CHAIRMAN)
    case = house.case(case.id)
    assert set(case.tasks) == {"sign#1", "seen#1"}
    assert triggers(house, case) == [*walked, "wake"]
    assert proven(house, case)


def test_money_wakes_a_case_that_waits_for_it_by_a_condition_and_is_no_incident_then() -> None:
    pay = [b.job("assess", "fee.assess"), b.job("collect", "fee.collect"), b.end("asked"),
           *b.chain("s", "assess", "collect", "asked")]  # fmt: skip
    house = make(waits_for("=case.paid", *pay))
    case = house.file()
    house.worker.drain()
    case = house.case(case.id)
    (order,) = case.payments
    facts = {"order": order["order"], "provider": order["provider"], "amount": order["amount"], "reference": "R1"}
    house.do(RecordPayment(unit=UNIT, case_code=case.code, **facts), CASHBOX)
    case = house.case(case.id)
    assert set(case.tasks) == {"check#1", "seen#1"}
    assert case.incidents == {}
    assert triggers(house, case)[-1] == "wake"
    assert proven(house, case)


def test_a_condition_that_fails_is_one_incident_and_does_not_refuse_the_command() -> None:
    house = make(waits_for('=if case.status = 1 then false else "yes"'))
    case = complete(house, house.file(), "check#1")
    (incident,) = case.incidents.values()
    assert (incident.kind, case.status) == ("condition", 2)
    assert "tại bước c:" in incident.error
    due = at("2022-12-30 17:00")
    house.do(ExtendDeadline(unit=UNIT, case_id=case.id, reason="Chờ", due=due), CHAIRMAN)
    case = house.case(case.id)
    assert list(case.incidents) == [incident.id]
    assert proven(house, case)


def test_a_condition_is_looked_at_again_when_its_incident_is_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    house = make(waits_for("=is_ready(case.status)"))
    ready: list[Any] = [False]
    monkeypatch.setattr(
        house, "ports", replace(house.ports, functions=lambda unit: {"is_ready": lambda status: ready[0]})
    )
    house.bus = type(house.bus)(house.ports)
    case = house.file()
    ready[0] = "broken"
    monkeypatch.setattr(house.ports.runner, "complete", _blind(house))
    case = complete(house, case, "check#1")
    (incident,) = case.incidents.values()
    ready[0] = True
    house.do(ResolveIncident(unit=UNIT, case_id=case.id, incident=incident.id, retries=1, note="Đã sửa"), ADMIN)
    case = house.case(case.id)
    assert case.incidents == {}
    assert "seen#1" in case.tasks


def _blind(house: House) -> Any:
    """The runner's own step, whose conditions cannot fail yet."""
    real = house.ports.runner.complete

    def act(procedure: Any, snapshot: str, key: str, result: Any, call: Any) -> Any:
        return real(procedure, snapshot, key, result, replace(call, functions={"is_ready": lambda status: False}))

    return act


def test_conditions_that_set_each_other_off_by_the_status_are_stopped_with_an_incident(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(STATUSES, 4, replace(STATUSES[4], follows=(2, 7, 8, 9)))
    back = b.boundary_condition("back", "sign", "=case.status = 4", interrupting=False)
    forth = b.boundary_condition("forth", "sign", "=case.status = 2", interrupting=False)
    ends = [b.element("endEvent", f"to{code}", b.extensions(status(code))) for code in (2, 4)]
    house = make(waits_for("=false", back, forth, *ends, *b.chain("back", "to2"), *b.chain("forth", "to4")))
    case = complete(house, house.file(), "check#1")
    assert [incident.kind for incident in case.incidents.values()] == ["condition"]
    assert triggers(house, case).count("wake") == 20
    assert proven(house, case)


def test_a_case_that_waits_for_nothing_but_a_condition_is_not_stuck() -> None:
    house = make(b.process("small", b.start(), b.conditional("intermediateCatchEvent", "c", "=case.status = 9"),
                           task("seen"), *b.chain("start", "c", "seen")))  # fmt: skip
    case = house.file()
    assert (case.tasks, case.incidents, case.ended) == ({}, {}, False)


def test_a_process_without_conditions_is_never_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setattr(house.ports.runner, "wake", _never)
    case = house.checked()
    assert case.status == 4
    assert "wake" not in triggers(house, case)


def _never(*_: Any) -> Any:
    raise AssertionError("nothing here waits for a condition")
