"""Filing, withdrawing, stopping and noting: who may, what it changes, what a refusal leaves."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.messages import AddComment, CancelCase, ClaimTask, CompleteTask, ExtendDeadline, WithdrawCase
from engine.domain.actor import Actor
from engine.domain.errors import CaseEndedError, DomainError, ForbiddenError, FormInvalidError, RuleError
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, STRANGER, UNIT, House, submit


@pytest.fixture
def house() -> House:
    return House()


def test_filing_gives_a_code_of_agency_day_and_number(house: House) -> None:
    codes = [house.do(submit(), CITIZEN).data["code"] for _ in range(3)]
    assert codes == [f"000.05.12.H29-221219-000{n}" for n in (1, 2, 3)]


def test_a_new_day_counts_from_one_again(house: House) -> None:
    house.do(submit(), CITIZEN)
    house.clock.set(house.clock.now().replace(day=20))
    assert house.do(submit(), CITIZEN).data["code"].endswith("-221220-0001")


@pytest.mark.parametrize(
    ("changes", "actor", "code"),
    [
        ({"applicant": {"account": "hung", "name": "Hùng"}}, CITIZEN, "forbidden"),
        ({"channel": "desk"}, CITIZEN, "forbidden"),
        ({"channel": "post"}, CLERK, "form_invalid"),
        ({"delivery": "pigeon"}, CITIZEN, "form_invalid"),
        ({}, STRANGER, "forbidden"),
        ({"channel": "desk"}, CHAIRMAN, "forbidden"),
        ({"application": {}}, CITIZEN, "form_invalid"),
        ({"procedure": "1.999999"}, CITIZEN, "not_found"),
    ],
)
def test_a_wrong_filing_is_refused_and_nothing_is_kept(
    house: House, changes: dict[str, Any], actor: Actor, code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        house.do(submit(**changes), actor)
    assert refusal.value.code == code
    assert house.store.case_ids() == []
    assert house.do(submit(), CITIZEN).data["code"].endswith("-0001")  # no number was used up


def test_a_case_filed_at_the_desk_may_have_no_account(house: House) -> None:
    result = house.do(submit(channel="desk", delivery="desk", applicant={"account": None, "name": "Bà Tư"}), CLERK)
    assert house.case(result.case_id).applicant["name"] == "Bà Tư"


def test_withdrawing_ends_the_case_and_closes_all_that_waited(house: House) -> None:
    case = house.checked()
    house.do(WithdrawCase(unit=UNIT, case_id=case.id, reason="Đổi ý"), CITIZEN)
    after = house.case(case.id)
    assert (after.status, after.ended, after.closed_reason) == (7, True, "Đổi ý")
    assert (after.tasks, after.timers, after.jobs, after.subscriptions) == ({}, {}, {}, {})
    assert after.deadline is not None
    assert after.deadline.finished_at is not None


def test_nobody_else_withdraws_a_citizens_case(house: House) -> None:
    case = house.file()
    other = Actor(id="hung", name="Hùng", kind="citizen", unit=UNIT)
    for actor in (other, CHAIRMAN, STRANGER):
        with pytest.raises(DomainError):
            house.do(WithdrawCase(unit=UNIT, case_id=case.id, reason="x"), actor)
    assert house.case(case.id) == case


def test_an_ended_case_stays_as_it_is(house: House) -> None:
    case = house.checked()
    house.do(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ"), CHAIRMAN)
    ended = house.case(case.id)
    assert ended.status == 8
    for command in (WithdrawCase, CancelCase, ExtendDeadline):
        with pytest.raises(CaseEndedError):
            house.do(command(unit=UNIT, case_id=case.id, reason="x"), CLERK if command is not CancelCase else CHAIRMAN)
    with pytest.raises(DomainError):
        house.do(ClaimTask(unit=UNIT, case_id=case.id, key="sign#1"), CHAIRMAN)
    assert house.case(case.id) == ended


def test_a_reason_is_needed_to_stop_a_case(house: House) -> None:
    case = house.file()
    with pytest.raises(RuleError):
        house.do(CancelCase(unit=UNIT, case_id=case.id, reason="  "), CHAIRMAN)


def test_the_citizen_may_not_stop_but_only_withdraw(house: House) -> None:
    case = house.file()
    with pytest.raises(ForbiddenError):
        house.do(CancelCase(unit=UNIT, case_id=case.id, reason="x"), CITIZEN)


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_an_empty_or_endless_note_is_refused(house: House, text: str) -> None:
    case = house.file()
    with pytest.raises(RuleError):
        house.do(AddComment(unit=UNIT, case_id=case.id, text=text), CLERK)


def test_the_citizens_note_is_public_and_the_clerks_only_when_said_so(house: House) -> None:
    case = house.file()
    for actor in (CITIZEN, CLERK):
        house.do(AddComment(unit=UNIT, case_id=case.id, text="Xin hỏi"), actor)
    notes = [link.event.public for link in house.store.events(case.id) if link.event.tag == "case:commented"]  # type: ignore[attr-defined]  # CaseCommented
    assert notes == [True, False]


def test_status_and_term_follow_the_process_to_its_end(house: House) -> None:
    case = house.checked()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="sign#1"), CHAIRMAN)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="sign#1", data={}), CHAIRMAN)
    term = house.case(case.id).deadline
    assert term is not None
    assert (term.timeliness, term.due.isoformat()) == ("early", "2022-12-22T17:00:00+07:00")


def test_form_errors_of_the_application_name_the_field(house: House) -> None:
    with pytest.raises(FormInvalidError) as refusal:
        house.do(submit(application={"purpose": 7}), CITIZEN)
    assert refusal.value.errors == {"purpose": ["Hãy nhập nội dung."]}
