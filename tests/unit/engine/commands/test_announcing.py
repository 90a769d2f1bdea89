"""Every event that a citizen cares about is told, once, in the commit that made it so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.messages import (
    AddComment,
    CancelCase,
    ClaimTask,
    CompleteTask,
    ExtendDeadline,
    WithdrawCase,
)
from engine.domain.case import Case
from engine.domain.errors import DomainError
from engine.domain.notice import KeptNotice
from engine.domain.procedure import Extension
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, PROCEDURE, UNIT, House, submit
from tests.support.told_house import templates, with_notices


@pytest.fixture
def house() -> House:
    house = House()
    return with_notices(house, house.store.notices())


def told(house: House, case: Case) -> list[KeptNotice]:
    found: list[KeptNotice] = house.store.notices().of_case(UNIT, case.id)
    return found


def test_a_case_is_told_of_from_filing_to_its_end_and_each_thing_once(house: House) -> None:
    case = house.checked()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="sign#1"), CHAIRMAN)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="sign#1", data={}), CHAIRMAN)
    house.worker.drain()
    assert sorted(templates(told(house, case))) == ["case_filed", "case_received", "result_ready", "status"]
    assert len({each.notice.key for each in told(house, case)}) == 4


def test_what_the_law_asks_for_is_said(house: House) -> None:
    case = house.checked()
    received = next(each.notice for each in told(house, case) if each.notice.template == "case_received")
    assert received.data["code"] == case.code
    assert received.data["agency"] == {"vi": "UBND xã", "en": "UBND xã"}
    assert received.data["receiver"] == CLERK.name
    assert received.data["received_at"] == case.received_at.isoformat() if case.received_at else None
    assert received.data["due_at"] == case.deadline.due.isoformat() if case.deadline else None
    assert (received.account, received.phone, received.email) == ("lan", "0903000111", "lan@example.vn")


def test_a_case_that_a_clerk_files_is_told_to_the_citizen_as_well(house: House) -> None:
    paper = {"name": "Nguyễn Thị Lan", "phone": "0903000111"}
    case = house.case(house.do(submit(channel="desk", applicant=paper), CLERK).case_id)
    (filed,) = told(house, case)
    assert (filed.notice.template, filed.notice.phone, filed.notice.account) == ("case_filed", "0903000111", "")
    assert filed.notice.data["receiver"] == CLERK.name


def test_nobody_is_told_where_nobody_can_be_reached(house: House) -> None:
    case = house.case(house.do(submit(channel="desk", applicant={"name": "Ông Năm"}), CLERK).case_id)
    assert told(house, case) == []


def test_a_repeated_command_tells_nothing_anew(house: House) -> None:
    first = house.do(submit(), CITIZEN, "once")
    again = house.do(submit(), CITIZEN, "once")
    assert again.repeated
    assert templates(told(house, house.case(first.case_id))) == ["case_filed"]


def test_a_refused_command_tells_nothing(house: House) -> None:
    case = house.file()
    with pytest.raises(DomainError):
        house.do(WithdrawCase(unit=UNIT, case_id=case.id, reason=" "), CITIZEN)
    assert templates(told(house, case)) == ["case_filed"]


@pytest.mark.parametrize(
    ("command", "actor", "template"),
    [
        (WithdrawCase, CITIZEN, "case_withdrawn"),
        (CancelCase, CHAIRMAN, "case_stopped"),
        (ExtendDeadline, CHAIRMAN, "deadline_extended"),
    ],
)
def test_withdrawal_stop_and_extension_are_told_with_their_reason(command: Any, actor: Any, template: str) -> None:
    longer = Extension(days=5, unit="working_days", total=False, when="khi cần xác minh")
    house = House(replace(PROCEDURE, deadline=replace(PROCEDURE.deadline, extension=longer)))
    with_notices(house, house.store.notices())
    case = house.checked()
    house.clock.advance(timedelta(minutes=1))
    house.do(command(unit=UNIT, case_id=case.id, reason="đổi ý"), actor)
    last = told(house, case)[-1].notice
    assert (last.template, last.data["reason"]) == (template, "đổi ý")
    if command is ExtendDeadline:
        after = house.case(case.id)
        assert case.deadline is not None
        assert after.deadline is not None
        assert last.data["old_due_at"] == case.deadline.due.isoformat()
        assert last.data["due_at"] == after.deadline.due.isoformat()


def test_a_message_of_the_desk_is_told_and_notes_among_officers_or_of_the_citizen_are_not(house: House) -> None:
    case = house.file()
    house.do(AddComment(unit=UNIT, case_id=case.id, text="Chỉ trong nhà"), CLERK)
    house.do(AddComment(unit=UNIT, case_id=case.id, text="Tôi hỏi"), CITIZEN)
    assert templates(told(house, case)) == ["case_filed"]
    house.clock.advance(timedelta(minutes=1))
    house.do(AddComment(unit=UNIT, case_id=case.id, text="Mời đến ngày mai", public=True), CLERK)
    last = told(house, case)[-1].notice
    assert (last.template, last.data["text"]) == ("desk_message", "Mời đến ngày mai")


def test_a_diagrams_notice_that_could_not_be_sent_stands_in_the_inbox(house: House) -> None:
    applicant = {"account": "lan", "name": "Nguyễn Thị Lan"}
    case = house.case(house.do(submit(applicant=applicant), CITIZEN).case_id)
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK)
    house.worker.drain()
    assert "status" in templates(told(house, case))


def test_without_a_book_nothing_is_told() -> None:
    house = House()
    case = house.checked()
    assert told(house, case) == []
    assert len(house.messages.sent) == 1, "what the diagram asks for goes its own way"
