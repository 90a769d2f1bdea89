"""Who may complain, about what, by when it is answered, and who may answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.commands.complaining import Complaining
from engine.domain.actor import Actor
from engine.domain.errors import DomainError, ForbiddenError, RuleError
from engine.ports.following import Complaint
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, STRANGER, UNIT, House

OTHER = Actor(id="hung", name="Hùng", kind="citizen", unit=UNIT)
CASHIER = Actor(id="thu", name="Thu", kind="officer", unit=UNIT, groups=frozenset({"cashier"}))


class Kept:
    """Complaints in a dict."""

    def __init__(self) -> None:
        self.found: dict[str, Complaint] = {}

    def add(self, complaint: Complaint) -> None:
        self.found.setdefault(complaint.id, complaint)

    def get(self, unit: str, complaint_id: str) -> Complaint | None:
        one = self.found.get(complaint_id)
        return one if one and one.unit == unit else None

    def answer(self, complaint: Complaint, before: str) -> None:
        self.found[complaint.id] = complaint

    def of_account(self, unit: str, account: str, limit: int = 100) -> Sequence[Complaint]:
        return [one for one in self.found.values() if one.account == account]

    def of_unit(self, unit: str, state: str, limit: int = 200) -> Sequence[Complaint]:
        return [one for one in self.found.values() if (one.unit, one.state) == (unit, state)]


@pytest.fixture
def house() -> House:
    house = House()
    limits = {**house.catalog.settings["limits"], "textarea": 500}
    house.catalog.settings = {**house.catalog.settings, "limits": limits, "complaints": {"answer_working_days": 2}}
    return house


@pytest.fixture
def desk(house: House) -> Complaining:
    return Complaining(house.ports, Kept())


def test_a_complaint_about_ones_own_case_has_a_term(house: House, desk: Complaining) -> None:
    case = house.file()
    made = desk.file(CITIZEN, "k1", kind="complaint", text=" Chờ lâu ", case_id=case.id)
    assert (made.case_code, made.text, made.state) == (case.code, "Chờ lâu", "open")
    assert f"{made.due_at:%d/%m}" == "21/12"  # two working days after Monday the 19th
    assert list(desk.mine(CITIZEN)) == [made]
    assert list(desk.mine(OTHER)) == []


@pytest.mark.parametrize(
    ("actor", "more", "code"),
    [
        (CITIZEN, {"text": "  "}, "form_invalid"),
        (CITIZEN, {"text": "x" * 201}, "form_invalid"),
        (CITIZEN, {"text": "a\0b"}, "form_invalid"),
        (CITIZEN, {"kind": "praise"}, "form_invalid"),
        (CITIZEN, {"case_id": "nirgends"}, "not_found"),
        (CLERK, {}, "forbidden"),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Complaining, actor: Actor, more: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        desk.file(actor, "k1", **{"kind": "complaint", "text": "Chờ lâu", **more})
    assert refusal.value.code == code
    assert list(desk.waiting(CHAIRMAN)) == []


def test_nobody_complains_about_anothers_case(house: House, desk: Complaining) -> None:
    with pytest.raises(DomainError) as refusal:
        desk.file(OTHER, "k1", kind="complaint", text="Chờ lâu", case_id=house.file().id)
    assert refusal.value.code == "not_found"


def test_an_answer_is_given_once_but_after_a_question_it_still_comes(desk: Complaining) -> None:
    desk.file(CITIZEN, "k1", kind="suggestion", text="Thêm ghế")
    desk.answer(CLERK, "k1", state="asked", text="Ở đâu ạ?")
    assert len(desk.waiting(CHAIRMAN)) == 1
    answered = desk.answer(CHAIRMAN, "k1", state="answered", text="Đã thêm")
    assert (answered.answered_by, answered.answer) == ("chair", "Đã thêm")
    assert list(desk.waiting(CHAIRMAN)) == []
    with pytest.raises(RuleError):
        desk.answer(CLERK, "k1", state="refused", text="Không")


def test_only_those_who_answer_for_the_unit_do(desk: Complaining) -> None:
    desk.file(CITIZEN, "k1", kind="suggestion", text="Thêm ghế")
    for actor in (CITIZEN, CASHIER):
        with pytest.raises(ForbiddenError):
            desk.answer(actor, "k1", state="answered", text="x")
        with pytest.raises(ForbiddenError):
            desk.waiting(actor)
    with pytest.raises(DomainError) as refusal:
        desk.answer(STRANGER, "k1", state="answered", text="x")
    assert refusal.value.code == "not_found"
