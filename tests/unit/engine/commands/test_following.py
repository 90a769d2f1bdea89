"""Another way of getting the result until it is sealed; a rating once the case has ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.commands.following import is_sealed
from engine.commands.following_messages import ChangeDelivery, RateCase
from engine.commands.messages import CancelCase
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import CaseEndedError, DomainError, ForbiddenError, FormInvalidError, RuleError
from engine.replay import rebuilt, replay
from tests.support.cases import case as made
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, STRANGER, UNIT, House

OTHER = Actor(id="hung", name="Hùng", kind="citizen", unit=UNIT)


@pytest.fixture
def house() -> House:
    house = House()
    house.catalog.settings = {**house.catalog.settings, "rating": {"change_days": 7}}
    return house


def change(house: House, case: Case, delivery: str, actor: Actor = CITIZEN, **address: Any) -> None:
    house.do(ChangeDelivery(unit=UNIT, case_id=case.id, delivery=delivery, address=address), actor)


def rate(house: House, case: Case, score: Any, comment: str = "", actor: Actor = CITIZEN) -> None:
    house.do(RateCase(unit=UNIT, case_id=case.id, score=score, comment=comment), actor)


def ended(house: House) -> Case:
    case = house.file()
    house.do(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ"), CHAIRMAN)
    return house.case(case.id)


def test_the_applicant_and_the_desk_choose_another_way(house: House) -> None:
    case = house.file()
    change(house, case, "desk")
    assert house.case(case.id).delivery == "desk"
    change(house, case, "electronic", CLERK)
    assert house.case(case.id).delivery == "electronic"
    assert rebuilt(house.ports, case.id) == house.case(case.id)
    assert replay(house.ports, None, case.id) == []


def test_choosing_what_is_chosen_already_changes_nothing(house: House) -> None:
    case = house.file()
    change(house, case, case.delivery)
    assert house.case(case.id) == case


@pytest.mark.parametrize(("actor", "code"), [(OTHER, "not_found"), (STRANGER, "not_found"), (CHAIRMAN, "forbidden")])
def test_nobody_else_chooses(house: House, actor: Actor, code: str) -> None:
    case = house.file()
    with pytest.raises(DomainError) as refusal:
        change(house, case, "desk", actor)
    assert refusal.value.code == code
    assert house.case(case.id) == case


@pytest.mark.parametrize("delivery", ["post", "pigeon", ""])
def test_a_way_that_the_procedure_does_not_offer_is_refused_beside_its_field(house: House, delivery: str) -> None:
    case = house.file()
    with pytest.raises(FormInvalidError) as refusal:
        change(house, case, delivery, name="Lan", phone="0903", address="Mẫu")
    assert set(refusal.value.errors) == {"delivery"}


def test_a_case_that_has_ended_is_not_returned_another_way(house: House) -> None:
    with pytest.raises(CaseEndedError):
        change(house, ended(house), "desk")


def test_a_result_is_final_once_the_agency_sealed_it() -> None:
    signed = {"name": "Giấy", "signatures": [{"role": "leader"}]}
    sealed = {"name": "Giấy", "signatures": [{"role": "leader"}, {"role": "agency"}]}
    assert not is_sealed(made(results=(signed,)), "Giấy")
    assert is_sealed(made(results=(sealed,)), "Giấy")
    assert not is_sealed(made(results=({**sealed, "name": "Tờ trình"},)), "Giấy")


def test_a_rating_is_kept_once_and_may_be_changed_for_some_days(house: House) -> None:
    case = ended(house)
    rate(house, case, 2, "Chờ lâu")
    rate(house, case, 2, "Chờ lâu")
    assert house.case(case.id).version == case.version + 1
    house.clock.set(house.clock.now() + timedelta(days=6))
    rate(house, case, 5)
    found = house.case(case.id).rating
    assert found
    assert (found["score"], found["comment"]) == (5, "")
    house.clock.set(house.clock.now() + timedelta(days=2))
    with pytest.raises(RuleError):
        rate(house, case, 1)
    assert rebuilt(house.ports, case.id) == house.case(case.id)


@pytest.mark.parametrize("score", [0, 6, -1, "5", True, None, 3.0])
def test_a_score_is_one_to_five(house: House, score: Any) -> None:
    with pytest.raises(FormInvalidError):
        rate(house, ended(house), score)


def test_too_long_a_comment_is_refused(house: House) -> None:
    with pytest.raises(FormInvalidError) as refusal:
        rate(house, ended(house), 3, "x" * 201)
    assert set(refusal.value.errors) == {"comment"}


def test_a_case_is_rated_when_it_has_ended_and_by_its_applicant(house: House) -> None:
    with pytest.raises(RuleError):
        rate(house, house.file(), 5)
    with pytest.raises(ForbiddenError):
        rate(house, ended(house), 5, actor=CLERK)
