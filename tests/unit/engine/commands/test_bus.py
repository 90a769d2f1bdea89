"""The bus: once per key, nothing half-written, a lost race decided anew or refused."""

from __future__ import annotations

import pytest

from engine.commands.messages import AddComment, ClaimTask, SubmitCase
from engine.domain.errors import DuplicateCommandError, NotFoundError, StaleVersionError
from engine.domain.history import broken_links
from tests.support.small_house import CITIZEN, CLERK, OTHER_CLERK, UNIT, House, submit


@pytest.fixture
def house() -> House:
    return House()


def test_the_same_key_and_command_answer_the_same_and_act_once(house: House) -> None:
    first = house.do(submit(), CITIZEN, "nop-1")
    again = house.do(submit(), CITIZEN, "nop-1")
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.case_id, again.data) == (first.case_id, first.data)
    assert len(house.store.case_ids()) == 1


def test_the_same_key_with_another_content_is_refused(house: House) -> None:
    house.do(submit(), CITIZEN, "nop-1")
    with pytest.raises(DuplicateCommandError):
        house.do(submit(application={"purpose": "khác"}), CITIZEN, "nop-1")


def test_the_same_key_of_another_person_is_refused_rather_than_answered(house: House) -> None:
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK, "nhan")
    with pytest.raises(DuplicateCommandError):
        house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), OTHER_CLERK, "nhan")


def test_a_refused_command_leaves_no_trace_and_may_be_tried_again_under_its_key(house: House) -> None:
    with pytest.raises(NotFoundError):
        house.do(submit(procedure="9.999999"), CITIZEN, "nop-1")
    assert house.store.case_ids() == []
    house.do(submit(), CITIZEN, "nop-1")
    assert len(house.store.case_ids()) == 1


def test_a_lost_race_without_a_version_is_decided_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case = house.file()
    lose_first(house, monkeypatch, times=2)
    result = house.do(AddComment(unit=UNIT, case_id=case.id, text="Xem giúp"), CLERK)
    assert result.version == case.version + 1


def test_a_race_lost_in_hope_is_looked_at_again_even_with_a_version(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = house.file()
    lose_first(house, monkeypatch, times=1)
    command = AddComment(unit=UNIT, case_id=case.id, version=case.version, text="Xem giúp")
    assert house.do(command, CLERK).version == case.version + 1


def test_a_lost_race_with_a_version_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case = house.file()
    lose_first(house, monkeypatch, times=2)
    with pytest.raises(StaleVersionError):
        house.do(AddComment(unit=UNIT, case_id=case.id, version=case.version, text="Xem giúp"), CLERK)


def lose_first(house: House, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the database say `times` times that somebody else was first."""
    once, left = house.bus._once, [times]  # the seam where a database conflict comes in

    def losing(*args: object, **named: object) -> object:
        if left[0]:
            left[0] -= 1
            raise StaleVersionError()
        return once(*args, **named)  # type: ignore[arg-type]  # handed through unchanged

    monkeypatch.setattr(house.bus, "_once", losing)


def test_every_event_of_a_case_hangs_on_the_one_before(house: House) -> None:
    case = house.checked()
    history = house.store.events(case.id)
    assert broken_links(history) == []
    assert (case.version, case.head_hash) == (history[-1].seq, history[-1].hash)


def test_events_name_actor_and_cause(house: House) -> None:
    command: SubmitCase = submit()
    case_id = house.do(command, CITIZEN, "nop-77").case_id
    assert {(link.actor, link.cause) for link in house.store.events(case_id)} == {("lan", "nop-77")}
