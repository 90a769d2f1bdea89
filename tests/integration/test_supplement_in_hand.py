"""More is asked of a case that is in hand: once, in time, in writing; beside the process, which stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.commands.following_messages import AnswerSupplement
from engine.commands.handling_messages import AskSupplement, ExpireSupplement
from engine.commands.messages import ClaimTask, CompleteTask, ResumeCase, WithdrawCase
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import CaseSuspendedError, DomainError, ForbiddenError, FormInvalidError, RuleError
from engine.domain.handling import open_round
from engine.replay import rebuilt, replay
from tests.support.desk import UNIT, citizen, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of

JUSTICE, LEADER, CLERK = officer("justice_officer"), officer("chairman"), officer("one_stop")
ASKED: dict[str, Any] = {
    "reason": "Thiếu quyết định ly hôn",
    "missing_documents": "Quyết định ly hôn",
    "asked": [{"field": "ket_hon_voi", "remark": "Ghi rõ số CCCD"}],
}
ANSWER = "Ông Phạm Văn Ngữ, sinh năm 1988, CCCD 079088001111"


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def do(followed: Followed, command: Any, who: Actor) -> None:
    followed.app.handle(command, who, followed.app.ids.new())


def ask(followed: Followed, case: Case, who: Actor = JUSTICE, waiver: str = "", **more: Any) -> Case:
    do(followed, AskSupplement(unit=UNIT, case_id=case.id, data={**ASKED, **more}, waiver=waiver), who)
    return followed.case(case.id)


def answer(followed: Followed, case: Case) -> Case:
    task = open_of(case, "supply_documents")
    given: dict[str, Any] = {"ket_hon_voi": ANSWER}
    do(
        followed,
        AnswerSupplement(unit=UNIT, case_id=case.id, key=task.key, data={"note": "Đã ghi"}, application=given),
        citizen(),
    )
    return followed.case(case.id)


def proven(followed: Followed, case: Case) -> None:
    assert replay(followed.app.ports, None, case.id) == []
    assert rebuilt(followed.app.ports, case.id) == followed.case(case.id)


def tags(followed: Followed, case: Case) -> list[str]:
    return [link.event.tag for link in followed.app.store.events(case.id)]


def test_the_case_stands_still_until_it_is_answered_and_the_term_begins_from_zero(followed: Followed) -> None:
    case = followed.play(HAPPY, 1)
    assert case.deadline is not None
    case = ask(followed, case)
    assert (case.status, case.supplements) == (5, 1)
    assert case.deadline is not None
    assert case.deadline.paused_at is not None
    task = open_of(case, "supply_documents")
    assert task.groups == ("applicant",)
    assert task.due == followed.app.clock.now() + timedelta(days=30)
    with pytest.raises(CaseSuspendedError):
        do(followed, ClaimTask(unit=UNIT, case_id=case.id, key=open_of(case, "review_application").key), JUSTICE)
    followed.desk.clock.set(followed.desk.clock.now() + timedelta(days=7))
    after = answer(followed, case)
    assert (after.status, after.suspended, open_round(after)) == (4, None, None)
    assert after.application["ket_hon_voi"] == ANSWER
    assert after.deadline is not None
    assert after.deadline.adjustments[-1].kind == "restarted"
    assert after.deadline.started_at == followed.app.clock.now()
    assert {one.element_id for one in after.tasks.values()} == {"review_application"}
    do(followed, ClaimTask(unit=UNIT, case_id=case.id, key=open_of(after, "review_application").key), JUSTICE)
    proven(followed, case)


def test_form_02_is_numbered_and_says_what_is_missing(followed: Followed) -> None:
    case = ask(followed, followed.play(HAPPY, 1))
    slip = next(one for one in case.receipts if one["kind"] == "supplement")
    assert slip["number"].startswith("0001/")
    assert slip["data"] == {"reason": ASKED["reason"], "documents": ASKED["missing_documents"]}


def test_once_is_all_and_only_a_leader_lets_another_through_with_a_reason_that_history_tells(
    followed: Followed,
) -> None:
    case = answer(followed, ask(followed, followed.play(HAPPY, 1)))
    for who, waiver in ((JUSTICE, ""), (JUSTICE, "vì cần"), (LEADER, "  ")):
        with pytest.raises(RuleError):
            ask(followed, case, who, waiver)
    assert followed.case(case.id) == case
    again = ask(followed, case, LEADER, "Phát hiện giấy tờ giả")
    assert again.supplements == 2
    begun = open_round(again)
    assert begun is not None
    assert (begun["second"], begun["late"], begun["waiver"]) == (True, False, "Phát hiện giấy tờ giả")
    view = followed.app.queries.case(LEADER, case.id)
    assert any("Tính là quá hạn" in row.text_vi and "Phát hiện giấy tờ giả" in row.text_vi for row in view.history)
    proven(followed, case)


def test_three_working_days_after_intake_it_is_too_late(followed: Followed) -> None:
    case = followed.play(HAPPY, 1)
    assert case.received_at is not None
    followed.desk.clock.set(case.received_at + timedelta(days=3))  # Thursday: three working days
    assert followed.app.desk.handling.offers.supplement(JUSTICE, case).late is False  # type: ignore[union-attr]  # it is offered
    followed.desk.clock.set(case.received_at + timedelta(days=4))
    with pytest.raises(RuleError):
        ask(followed, case)
    late = open_round(ask(followed, case, LEADER, "Cơ quan khác vừa báo"))
    assert late is not None
    assert (late["second"], late["late"]) == (False, True)


def test_who_does_not_work_on_the_case_asks_for_nothing(followed: Followed) -> None:
    case = followed.play(HAPPY, 1)
    for who in (officer("cashier"), officer("auditor")):
        with pytest.raises(ForbiddenError):
            ask(followed, case, who)
    with pytest.raises(DomainError):
        ask(followed, case, citizen())
    ask(followed, case, CLERK)


def test_before_intake_the_check_of_documents_asks(followed: Followed) -> None:
    with pytest.raises(RuleError):
        ask(followed, followed.play(HAPPY, 0), CLERK)


def test_what_is_asked_has_to_be_said_and_to_stand_in_the_form(followed: Followed) -> None:
    case = followed.play(HAPPY, 1)
    for wrong in ({"reason": ""}, {"missing_documents": ""}, {"asked": [{"field": "khong_co", "remark": "x"}]}):
        with pytest.raises(FormInvalidError):
            ask(followed, case, **wrong)
    assert followed.case(case.id) == case


def test_nobody_resumes_what_waits_for_the_applicant(followed: Followed) -> None:
    case = ask(followed, followed.play(HAPPY, 1))
    with pytest.raises(RuleError):
        do(followed, ResumeCase(unit=UNIT, case_id=case.id, note=""), LEADER)
    with pytest.raises(CaseSuspendedError):
        ask(followed, case, LEADER, "thêm")


def test_without_an_answer_the_case_is_stopped_once_its_time_is_over(followed: Followed) -> None:
    case = ask(followed, followed.play(HAPPY, 1))
    routine = next(one for one in followed.app.desk.routines if one.name == "supplements_over")
    followed.desk.clock.set(followed.desk.clock.now() + timedelta(days=29))
    routine.work(followed.app.clock.now())
    assert followed.case(case.id) == case
    followed.desk.clock.set(followed.desk.clock.now() + timedelta(days=2))
    routine.work(followed.app.clock.now())
    after = followed.case(case.id)
    assert (after.ended, after.status, after.closed_reason) == (True, 8, "Quá hạn bổ sung hồ sơ")
    assert (after.tasks, after.suspended) == ({}, None)
    assert after.rounds[-1]["outcome"] == "expired"
    routine.work(followed.app.clock.now())
    assert followed.case(case.id) == after
    proven(followed, case)


def test_only_the_machine_says_that_time_is_over(followed: Followed) -> None:
    case = ask(followed, followed.play(HAPPY, 1))
    with pytest.raises(ForbiddenError):
        do(followed, ExpireSupplement(unit=UNIT, case_id=case.id), LEADER)


def test_the_applicant_may_withdraw_instead(followed: Followed) -> None:
    case = ask(followed, followed.play(HAPPY, 1))
    do(followed, WithdrawCase(unit=UNIT, case_id=case.id, reason="Đổi ý"), citizen())
    after = followed.case(case.id)
    assert (after.ended, after.status, after.tasks, after.suspended) == (True, 7, {}, None)
    proven(followed, case)


def test_an_answer_without_mended_answers_needs_words_and_is_kept_with_its_round(followed: Followed) -> None:
    case = ask(followed, followed.play(HAPPY, 1), asked=[])
    task = open_of(case, "supply_documents")
    with pytest.raises(FormInvalidError):
        do(followed, CompleteTask(unit=UNIT, case_id=case.id, key=task.key, data={}), citizen())
    do(followed, CompleteTask(unit=UNIT, case_id=case.id, key=task.key, data={"note": "Gửi kèm"}), citizen())
    after = followed.case(case.id)
    assert after.rounds[-1]["reply"]["note"] == "Gửi kèm"
    assert tags(followed, case).count("supplement:settled") == 1
    proven(followed, case)
