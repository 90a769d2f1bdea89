"""Tasks: who may take, hold, hand on and finish them, and what a refusal leaves unchanged."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.messages import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    Result,
    SaveTaskDraft,
    UnclaimTask,
)
from engine.domain.actor import Actor
from engine.domain.errors import (
    DomainError,
    FormInvalidError,
    NotAssigneeError,
    NotFoundError,
    StaleVersionError,
    TaskNotOpenError,
    TaskTakenError,
)
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, OTHER_CLERK, STRANGER, UNIT, House

CHECK: dict[str, Any] = {"unit": UNIT, "key": "check#1"}


@pytest.fixture
def house() -> House:
    return House()


def claim(house: House, case_id: str, actor: Actor = CLERK) -> Result:
    result: Result = house.do(ClaimTask(case_id=case_id, **CHECK), actor)
    return result


def test_a_claimed_task_belongs_to_the_one_who_claimed_it(house: House) -> None:
    case = house.file()
    claim(house, case.id)
    assert house.case(case.id).tasks["check#1"].assignee == "clerk1"


def test_claiming_twice_is_harmless_for_the_holder_and_refused_to_others(house: House) -> None:
    case = house.file()
    claim(house, case.id)
    version = house.case(case.id).version
    claim(house, case.id)
    with pytest.raises(TaskTakenError) as refusal:
        claim(house, case.id, OTHER_CLERK)
    assert refusal.value.data["assignee"] == "clerk1"
    assert house.case(case.id).version == version


@pytest.mark.parametrize("actor", [CHAIRMAN, CITIZEN, STRANGER], ids=lambda a: a.id)
def test_a_task_is_not_for_people_outside_its_groups_or_unit(house: House, actor: Actor) -> None:
    case = house.file()
    with pytest.raises(DomainError) as refusal:
        claim(house, case.id, actor)
    assert refusal.value.code in ("forbidden", "not_found")
    assert house.case(case.id) == case


def test_a_task_given_back_can_be_taken_by_somebody_else(house: House) -> None:
    case = house.file()
    claim(house, case.id)
    with pytest.raises(NotAssigneeError):
        house.do(UnclaimTask(case_id=case.id, **CHECK), OTHER_CLERK)
    house.do(UnclaimTask(case_id=case.id, **CHECK), CLERK)
    claim(house, case.id, OTHER_CLERK)
    assert house.case(case.id).tasks["check#1"].assignee == "clerk2"


def test_handing_on_keeps_who_did_it_and_why(house: House) -> None:
    case = house.file()
    claim(house, case.id)
    house.do(DelegateTask(case_id=case.id, assignee="clerk2", reason="Nghỉ phép", **CHECK), CLERK)
    event = house.store.events(case.id)[-1].event
    assert (event.assignee, event.by, event.reason) == ("clerk2", "clerk1", "Nghỉ phép")  # type: ignore[attr-defined]  # TaskDelegated
    assert house.case(case.id).tasks["check#1"].assignee == "clerk2"


def test_completing_needs_the_task_to_be_claimed(house: House) -> None:
    case = house.file()
    with pytest.raises(NotAssigneeError):
        house.do(CompleteTask(case_id=case.id, data={"decision": "ok"}, **CHECK), CLERK)


@pytest.mark.parametrize("data", [{}, {"decision": 5}, {"decision": None}, {"other": "x"}])
def test_wrong_form_data_name_the_field_and_change_nothing(house: House, data: dict[str, Any]) -> None:
    case = house.file()
    claim(house, case.id)
    before = house.case(case.id)
    with pytest.raises(FormInvalidError) as refusal:
        house.do(CompleteTask(case_id=case.id, data=data, **CHECK), CLERK)
    assert list(refusal.value.errors) == ["decision"]
    assert house.case(case.id) == before
    assert len(house.store.events(case.id)) == before.version


def test_a_completed_task_moves_the_process_to_its_next_wait(house: House) -> None:
    case = house.checked()
    assert list(case.tasks) == ["sign#1"]
    assert list(case.timers) == ["reminder#1"]
    assert case.status == 4
    assert case.deadline is not None


def test_a_completed_task_cannot_be_completed_again(house: House) -> None:
    case = house.checked()
    with pytest.raises(TaskNotOpenError):
        house.do(CompleteTask(case_id=case.id, data={"decision": "ok"}, **CHECK), CLERK)


def test_a_stale_version_is_refused_and_the_right_one_is_not(house: House) -> None:
    case = house.file()
    claim(house, case.id)
    with pytest.raises(StaleVersionError):
        house.do(CompleteTask(case_id=case.id, version=case.version, data={"decision": "ok"}, **CHECK), CLERK)
    now = house.case(case.id).version
    house.do(CompleteTask(case_id=case.id, version=now, data={"decision": "ok"}, **CHECK), CLERK)


def test_a_draft_is_kept_as_typed_and_does_not_outgrow_its_limit(house: House) -> None:
    case = house.file()
    claim(house, case.id)
    house.do(SaveTaskDraft(case_id=case.id, draft={"decision": "", "@at": "chưa rõ"}, **CHECK), CLERK)
    assert house.case(case.id).tasks["check#1"].draft == {"decision": "", "@at": "chưa rõ"}
    with pytest.raises(FormInvalidError):
        house.do(SaveTaskDraft(case_id=case.id, draft={"decision": "x" * 5000}, **CHECK), CLERK)


def test_a_case_that_is_not_there_is_not_found(house: House) -> None:
    with pytest.raises(NotFoundError):
        claim(house, "0" * 32)
