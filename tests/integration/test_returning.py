"""A case goes back to the step before: for who did it, with what was filled in, where the diagram allows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands.handling_messages import ReturnTask
from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.case import Case
from engine.domain.errors import DomainError, RuleError, TaskNotOpenError
from engine.replay import rebuilt, replay
from tests.support.desk import ROOT, UNIT, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of

DISABILITY = min((ROOT / "catalog" / "xac-dinh-muc-do-khuyet-tat" / "tests").glob("*.toml"))
COUNCIL, LEADER = officer("disability_council"), officer("chairman")


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def until(followed: Followed, element: str) -> Case:
    """The case where this task is open, held by a member of the council."""
    for steps in range(1, 12):
        case = followed.play(DISABILITY, steps)
        if element in {task.element_id for task in case.tasks.values()}:
            key = open_of(case, element).key
            followed.app.handle(ClaimTask(unit=UNIT, case_id=case.id, key=key), COUNCIL, "claim")
            return followed.case(case.id)
    raise AssertionError(f"{element} was never open")


def back(followed: Followed, case: Case, key: str, reason: str = "Thiếu chữ ký", who: str = "") -> Case:
    actor = officer("disability_council", name=who) if who else COUNCIL
    command = ReturnTask(unit=UNIT, case_id=case.id, key=key, reason=reason)
    followed.app.handle(command, actor, followed.app.ids.new())
    return followed.case(case.id)


def test_the_step_before_opens_again_with_what_was_filled_in_and_the_reason(followed: Followed) -> None:
    case = until(followed, "conclude_meeting")
    key = open_of(case, "conclude_meeting").key
    offered = followed.app.desk.handling.offers.back(COUNCIL, case, case.tasks[key])
    assert offered is not None
    assert offered.name.startswith("Quan sát")
    after = back(followed, case, key)
    task = next(iter(after.tasks.values()))
    assert task.element_id == offered.element_id
    assert task.draft is not None
    assert task.draft == offered.data
    history = followed.app.queries.case(LEADER, case.id).history
    told = next(row for row in history if row.tag == "task:returned")
    assert "Phải xem lại: Thiếu chữ ký" in told.text_vi
    assert replay(followed.app.ports, None, case.id) == []
    assert rebuilt(followed.app.ports, case.id) == after


def test_the_case_goes_on_from_there_as_before(followed: Followed) -> None:
    case = until(followed, "conclude_meeting")
    after = back(followed, case, open_of(case, "conclude_meeting").key)
    task = next(iter(after.tasks.values()))
    if task.assignee is None:
        followed.app.handle(ClaimTask(unit=UNIT, case_id=case.id, key=task.key), COUNCIL, "again")
    followed.app.handle(CompleteTask(unit=UNIT, case_id=case.id, key=task.key, data=task.draft or {}), COUNCIL, "done")
    assert "conclude_meeting" in {one.element_id for one in followed.case(case.id).tasks.values()}
    assert replay(followed.app.ports, None, case.id) == []


def test_past_a_notice_there_is_a_way_back_too(followed: Followed) -> None:
    case = until(followed, "observe_from_six")
    after = back(followed, case, open_of(case, "observe_from_six").key)
    assert {task.element_id for task in after.tasks.values()} == {"convene_council"}


def test_where_another_process_lies_before_nobody_is_sent_back(followed: Followed) -> None:
    case = followed.play(HAPPY, 1)
    key, duc = open_of(case, "review_application").key, officer("justice_officer")
    followed.app.handle(ClaimTask(unit=UNIT, case_id=case.id, key=key), duc, "claim")
    case = followed.case(case.id)
    assert followed.app.desk.handling.offers.back(duc, case, case.tasks[key]) is None
    with pytest.raises(RuleError):
        followed.app.handle(ReturnTask(unit=UNIT, case_id=case.id, key=key, reason="x"), duc, "back")
    assert followed.case(case.id) == case


def test_only_who_holds_the_task_sends_it_back_and_says_why(followed: Followed) -> None:
    case = until(followed, "conclude_meeting")
    key = open_of(case, "conclude_meeting").key
    with pytest.raises(RuleError):
        back(followed, case, key, "  ")
    with pytest.raises(DomainError) as refusal:
        back(followed, case, key, who="somebody")
    assert refusal.value.code == "task_taken"
    with pytest.raises(TaskNotOpenError):
        back(followed, case, "nothing#1")
    assert followed.case(case.id) == case
