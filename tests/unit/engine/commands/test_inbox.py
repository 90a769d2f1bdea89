"""Sharing out the work: who may say who does what, until when a task rests, whose eye a note asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.db.projections import group_rows, mention_rows
from engine.commands.bus import Bus
from engine.commands.inbox_messages import AssignTask, MentionColleagues, SetFollowUp
from engine.commands.messages import ClaimTask
from engine.domain.actor import Actor
from engine.domain.errors import (
    DomainError,
    ForbiddenError,
    FormInvalidError,
    RuleError,
    TaskTakenError,
)
from engine.replay import rebuilt, replay
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, NINE, OTHER_CLERK, STRANGER, UNIT, House

AUDITOR = Actor(id="audit", name="Kiểm", kind="officer", unit=UNIT, groups=frozenset({"auditor"}))
PEOPLE = {"clerk1": {"one_stop"}, "clerk2": {"one_stop"}, "chair": {"chairman"}}
TOMORROW = NINE + timedelta(days=1)


@pytest.fixture
def house() -> House:
    house = House()
    house.ports = replace(house.ports, groups_of=lambda unit, who: frozenset(PEOPLE.get(who, ())))
    house.bus = Bus(house.ports)
    return house


def assign(house: House, case_id: str, assignee: str, actor: Actor = CHAIRMAN, **more: Any) -> None:
    house.do(AssignTask(unit=UNIT, case_id=case_id, key="check#1", assignee=assignee, **more), actor)


def rest(house: House, case_id: str, actor: Actor = CLERK, **more: Any) -> None:
    wish = {"until": TOMORROW, "reason": "Chờ người nộp mang bản chính", **more}
    house.do(SetFollowUp(unit=UNIT, case_id=case_id, key="check#1", **wish), actor)


def test_a_leader_gives_a_task_to_whoever_may_do_it_and_history_says_who_did(house: House) -> None:
    case = house.file()
    assign(house, case.id, "clerk1", reason="Đang rảnh")
    assign(house, case.id, "clerk2")
    told = [link for link in house.store.events(case.id) if link.event.tag == "task:assigned"]
    assert [(link.event.assignee, link.event.before, link.event.by, link.actor) for link in told] == [
        ("clerk1", None, "chair", "chair"),
        ("clerk2", "clerk1", "chair", "chair"),
    ]
    assert house.case(case.id).tasks["check#1"].assignee == "clerk2"
    assert rebuilt(house.ports, case.id) == house.case(case.id)
    assert replay(house.ports, None, case.id) == []


def test_giving_it_to_its_holder_once_more_changes_nothing(house: House) -> None:
    case = house.file()
    assign(house, case.id, "clerk1")
    version = house.case(case.id).version
    assign(house, case.id, "clerk1")
    assert house.case(case.id).version == version


@pytest.mark.parametrize(
    ("actor", "assignee", "code"),
    [
        (CLERK, "clerk2", "forbidden"),
        (CITIZEN, "clerk2", "forbidden"),
        (STRANGER, "clerk2", "not_found"),
        (AUDITOR, "clerk2", "forbidden"),
        (CHAIRMAN, "chair", "rule"),
        (CHAIRMAN, "nobody", "rule"),
        (CHAIRMAN, "", "rule"),
    ],
)
def test_only_leaders_of_the_unit_assign_and_only_to_members(
    house: House, actor: Actor, assignee: str, code: str
) -> None:
    case = house.file()
    with pytest.raises(DomainError) as refusal:
        assign(house, case.id, assignee, actor)
    assert refusal.value.code == code
    assert house.case(case.id) == case


def test_a_task_rests_until_its_day_and_is_taken_up_again(house: House) -> None:
    case = house.file()
    rest(house, case.id)
    kept = house.case(case.id)
    assert kept.tasks["check#1"].follow_up == TOMORROW
    assert [row["follow_up_at"] for row in group_rows(kept)] == [TOMORROW]
    assert replay(house.ports, None, case.id) == []
    rest(house, case.id, until=None, reason="")
    assert house.case(case.id).tasks["check#1"].follow_up is None


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        ({"until": NINE}, {"until"}),
        ({"until": NINE - timedelta(days=1)}, {"until"}),
        ({"reason": "  "}, {"reason"}),
        ({"until": NINE, "reason": ""}, {"until", "reason"}),
    ],
)
def test_a_day_to_come_and_a_reason_are_needed(house: House, wish: dict[str, Any], fields: set[str]) -> None:
    case = house.file()
    with pytest.raises(FormInvalidError) as refusal:
        rest(house, case.id, **wish)
    assert set(refusal.value.errors) == fields
    assert house.case(case.id) == case


def test_what_somebody_else_holds_is_not_set_aside_by_others(house: House) -> None:
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), OTHER_CLERK)
    with pytest.raises(TaskTakenError):
        rest(house, case.id)
    with pytest.raises(ForbiddenError):
        rest(house, case.id, CHAIRMAN)
    rest(house, case.id, OTHER_CLERK)


def mention(house: House, case_id: str, *accounts: str, actor: Actor = CLERK, text: str = "Xem giúp\0 trang 3") -> None:
    house.do(MentionColleagues(unit=UNIT, case_id=case_id, text=text, accounts=accounts), actor)


def test_a_note_asks_colleagues_once_each_and_stays_inside_the_house(house: House) -> None:
    case = house.file()
    mention(house, case.id, "clerk2", "chair", "clerk2")
    kept = house.case(case.id)
    rows = mention_rows(kept)
    assert [(row["account"], row["text"]) for row in rows] == [
        ("clerk2", "Xem giúp trang 3"),
        ("chair", "Xem giúp trang 3"),
    ]
    (note,) = [link.event for link in house.store.events(case.id) if link.event.tag == "case:commented"]
    assert (note.public, note.comment) == (False, rows[0]["comment"])
    assert rebuilt(house.ports, case.id) == kept
    assert replay(house.ports, None, case.id) == []


@pytest.mark.parametrize("accounts", [(), ("lan",), ("clerk2", "nobody"), ("clerk2",) * 0])
def test_only_officers_of_the_house_are_asked(house: House, accounts: tuple[str, ...]) -> None:
    case = house.file()
    with pytest.raises(RuleError):
        mention(house, case.id, *accounts)
    assert house.case(case.id) == case


@pytest.mark.parametrize(("actor", "code"), [(CITIZEN, "forbidden"), (AUDITOR, "forbidden"), (STRANGER, "not_found")])
def test_who_only_reads_and_who_is_outside_asks_nobody(house: House, actor: Actor, code: str) -> None:
    case = house.file()
    with pytest.raises(DomainError) as refusal:
        mention(house, case.id, "clerk2", actor=actor)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ["", "  ", "x" * 201])
def test_a_note_that_asks_has_words_and_not_too_many(house: House, text: str) -> None:
    case = house.file()
    with pytest.raises(RuleError):
        mention(house, case.id, "clerk2", text=text)
