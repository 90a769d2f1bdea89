"""What is new to an officer, and forms that save themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.memory_handling import MemorySeenCases, MemoryUnfinishedForms
from engine.commands.looking import VISIT, Autosaving, Looking
from engine.commands.messages import AddComment, ClaimTask, UnclaimTask
from engine.domain.case import Case
from engine.domain.errors import FormInvalidError, NotAssigneeError, TaskNotOpenError, TaskTakenError
from tests.support.small_house import CLERK, OTHER_CLERK, UNIT, House

KEY = "check#1"


@pytest.fixture
def house() -> House:
    return House()


def noted(house: House, case: Case, text: str = "Đã gọi điện") -> Case:
    house.do(AddComment(unit=UNIT, case_id=case.id, text=text), OTHER_CLERK)
    return house.case(case.id)


def held(house: House) -> Case:
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key=KEY), CLERK)
    return house.case(case.id)


def test_on_the_first_look_nothing_is_marked_as_new(house: House) -> None:
    case = house.file()
    assert Looking(house.ports, MemorySeenCases()).look(CLERK, case) == case.version


def test_what_came_since_the_last_visit_stays_marked_for_the_whole_visit(house: House) -> None:
    looking, case = Looking(house.ports, MemorySeenCases()), house.file()
    looking.look(CLERK, case)
    known, case = case.version, noted(house, case)
    house.clock.set(house.clock.now() + timedelta(hours=2))
    assert looking.look(CLERK, case) == known
    house.clock.set(house.clock.now() + timedelta(minutes=5))
    case = noted(house, case, "Thêm nữa")
    assert looking.look(CLERK, case) == known
    house.clock.set(house.clock.now() + VISIT)
    assert looking.look(CLERK, case) == case.version


def test_each_officer_has_seen_something_else(house: House) -> None:
    looking, case = Looking(house.ports, MemorySeenCases()), house.file()
    looking.look(CLERK, case)
    later = noted(house, case)
    assert looking.look(OTHER_CLERK, later) == later.version
    assert looking.look(CLERK, later) == case.version


def saving(house: House) -> Autosaving:
    return Autosaving(house.ports, MemoryUnfinishedForms())


def test_what_is_typed_comes_back_to_who_typed_it_and_makes_no_history(house: House) -> None:
    autosaving, case = saving(house), held(house)
    typed: dict[str, Any] = {"decision": "Nguyễn", "rows": [{"a": 1}, {}], "@x": "@dec"}
    autosaving.save(CLERK, case, KEY, typed)
    found = autosaving.get(CLERK, case, KEY)
    assert found is not None
    assert found.data == typed
    assert autosaving.get(OTHER_CLERK, case, KEY) is None
    assert house.case(case.id) == case
    autosaving.drop(CLERK, case, KEY)
    assert autosaving.get(CLERK, case, KEY) is None


def test_the_same_words_are_not_written_again(house: House) -> None:
    forms = MemoryUnfinishedForms()
    autosaving, case = Autosaving(house.ports, forms), held(house)
    first = autosaving.save(CLERK, case, KEY, {"a": "1"})
    house.clock.set(first + timedelta(minutes=1))
    autosaving.save(CLERK, case, KEY, {"a": "1"})
    kept = forms.get(UNIT, case.id, KEY, CLERK.id)
    assert kept is not None
    assert kept.at == first


def test_only_who_holds_the_task_saves(house: House) -> None:
    autosaving, case = saving(house), held(house)
    with pytest.raises(TaskTakenError):
        autosaving.save(OTHER_CLERK, case, KEY, {})
    with pytest.raises(TaskNotOpenError):
        autosaving.save(CLERK, case, "gone#1", {})
    house.do(UnclaimTask(unit=UNIT, case_id=case.id, key=KEY), CLERK)
    with pytest.raises(NotAssigneeError):
        autosaving.save(CLERK, house.case(case.id), KEY, {})


@pytest.mark.parametrize("data", [{"a": "x" * 3000}, {"a": "\ud800"}, {"a": float("nan")}, {"a": object()}])
def test_what_cannot_be_kept_is_refused_and_the_last_good_one_stays(house: House, data: dict[str, Any]) -> None:
    autosaving, case = saving(house), held(house)
    autosaving.save(CLERK, case, KEY, {"a": "gần xong"})
    with pytest.raises(FormInvalidError):
        autosaving.save(CLERK, case, KEY, data)
    found = autosaving.get(CLERK, case, KEY)
    assert found is not None
    assert found.data == {"a": "gần xong"}


def test_after_a_month_nobody_comes_back_for_it(house: House) -> None:
    autosaving, case = saving(house), held(house)
    at = autosaving.save(CLERK, case, KEY, {"a": "1"})
    assert autosaving.expire(at + timedelta(days=29)) == 0
    assert autosaving.expire(at + timedelta(days=31)) == 1
    assert autosaving.get(CLERK, case, KEY) is None
