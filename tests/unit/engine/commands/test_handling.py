"""Officers mark the papers of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from engine.commands.bus import Bus
from engine.commands.handling_messages import MarkDocument, ReappointResult
from engine.commands.messages import CancelCase, ExtendDeadline
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import CaseEndedError, DomainError, RuleError
from engine.domain.handling import marks_of
from engine.queries.history_texts import sentence
from engine.replay import rebuilt, replay
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, OTHER_CLERK, STRANGER, UNIT, House, submit

FILE = {"key": "so", "name": "sổ hộ khẩu.pdf", "sha256": "a" * 64, "size": 10, "media_type": "application/pdf"}
AUDITOR = Actor(id="tra", name="Thanh tra", kind="officer", unit=UNIT, groups=frozenset({"auditor"}))


@pytest.fixture
def house() -> House:
    house = House()
    house.ports = replace(house.ports, files=SimpleNamespace(exists=lambda sha256: True))  # type: ignore[arg-type]  # asked no more
    house.bus = Bus(house.ports)
    return house


def filed(house: House) -> Case:
    return house.case(house.do(submit(documents=(FILE,)), CITIZEN).case_id)


def mark(house: House, case: Case, kind: str, actor: Actor = CLERK, **more: Any) -> Case:
    house.do(MarkDocument(unit=UNIT, case_id=case.id, sha256=FILE["sha256"], mark=kind, **more), actor)  # type: ignore[arg-type]  # a text
    return house.case(case.id)


def test_a_mark_says_who_made_it_and_when_and_history_tells_it(house: House) -> None:
    case = mark(house, filed(house), "compared")
    kept = marks_of(case, str(FILE["sha256"]))["compared"]
    assert (kept["by"], kept["at"]) == ("clerk1", house.clock.now())
    last = house.store.events(case.id)[-1].event
    assert sentence(last, {}, str)[0] == "Đã đối chiếu bản chính: sổ hộ khẩu.pdf"
    assert replay(house.ports, None, case.id) == []
    assert rebuilt(house.ports, case.id) == case


def test_a_mark_that_is_there_already_is_not_told_twice(house: House) -> None:
    case = mark(house, filed(house), "digitised")
    assert mark(house, case, "digitised", OTHER_CLERK) == case
    gone = mark(house, case, "digitised", OTHER_CLERK, present=False)
    assert marks_of(gone, str(FILE["sha256"])) == {}
    assert mark(house, gone, "digitised", present=False) == gone


def test_what_is_not_good_enough_needs_a_word_why(house: House) -> None:
    case = filed(house)
    for note in ("", "   ", "hai\ndòng", "x" * 501):
        with pytest.raises(RuleError):
            mark(house, case, "failed", note=note)
    assert house.case(case.id) == case
    after = mark(house, case, "failed", note=" mờ, thiếu trang 2 ")
    assert marks_of(after, str(FILE["sha256"]))["failed"]["note"] == "mờ, thiếu trang 2"


@pytest.mark.parametrize(("kind", "sha256"), [("gold", FILE["sha256"]), ("compared", "b" * 64), ("compared", "")])
def test_only_files_of_the_case_bear_only_known_marks(house: House, kind: str, sha256: str) -> None:
    case = filed(house)
    with pytest.raises(DomainError) as refusal:
        house.do(MarkDocument(unit=UNIT, case_id=case.id, sha256=sha256, mark=kind), CLERK)
    assert refusal.value.code == "not_found"
    assert house.case(case.id) == case


@pytest.mark.parametrize(("actor", "code"), [(CITIZEN, "forbidden"), (AUDITOR, "forbidden"), (STRANGER, "not_found")])
def test_who_does_not_work_on_the_case_marks_nothing(house: House, actor: Actor, code: str) -> None:
    case = filed(house)
    with pytest.raises(DomainError) as refusal:
        mark(house, case, "compared", actor)
    assert refusal.value.code == code
    assert house.case(case.id) == case


def test_a_case_that_has_ended_keeps_the_marks_it_had(house: House) -> None:
    case = mark(house, filed(house), "compared")
    house.do(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng"), CHAIRMAN)
    with pytest.raises(CaseEndedError):
        mark(house, case, "digitised")


def reappoint(house: House, case: Case, actor: Actor = CHAIRMAN, days: int = 5, reason: str = "Chờ xác minh") -> Case:
    assert case.deadline is not None
    due = case.deadline.due + timedelta(days=days)
    house.do(ReappointResult(unit=UNIT, case_id=case.id, reason=reason, due=due), actor)
    return house.case(case.id)


def test_another_day_comes_with_an_apology_that_holds_all_its_form_says(house: House) -> None:
    case = house.checked()
    after = reappoint(house, case)
    assert case.deadline is not None
    assert after.deadline is not None
    slip = after.receipts[-1]
    assert (slip["kind"], slip["number"]) == ("apology", "0001/2022")
    assert slip["data"] == {
        "reason": "Chờ xác minh",
        "due_before": case.deadline.due.isoformat(),
        "due_after": after.deadline.due.isoformat(),
        "by": "chair",
        "in_time": True,
        "kind": "reappointed",
    }
    assert replay(house.ports, None, case.id) == []
    assert rebuilt(house.ports, case.id) == after


def test_who_apologises_on_the_last_day_is_late_with_it(house: House) -> None:
    case = house.checked()
    assert case.deadline is not None
    house.clock.set(case.deadline.due - timedelta(hours=3))
    assert reappoint(house, case).receipts[-1]["data"]["in_time"] is False


def test_a_day_is_appointed_anew_once_only_whichever_way(house: House) -> None:
    case = reappoint(house, house.checked())
    for command in (
        ReappointResult(unit=UNIT, case_id=case.id, reason="Lần nữa", due=house.clock.now() + timedelta(days=30)),
        ExtendDeadline(unit=UNIT, case_id=case.id, reason="Lần nữa", due=house.clock.now() + timedelta(days=30)),
    ):
        with pytest.raises(RuleError):
            house.do(command, CHAIRMAN)
    assert house.case(case.id) == case


def test_without_a_reason_a_term_or_a_working_day_there_is_no_new_date(house: House) -> None:
    with pytest.raises(RuleError):
        house.do(ReappointResult(unit=UNIT, case_id=house.file().id, reason="Bận", due=house.clock.now()), CLERK)
    case = house.checked()
    for more in ({"reason": "  "}, {"days": 2}, {"days": -1}):  # Saturday; before the old one
        with pytest.raises(RuleError):
            reappoint(house, case, **more)  # type: ignore[arg-type]  # of two kinds
    assert house.case(case.id) == case


@pytest.mark.parametrize(("actor", "code"), [(AUDITOR, "forbidden"), (CITIZEN, "forbidden"), (STRANGER, "not_found")])
def test_others_appoint_no_day(house: House, actor: Actor, code: str) -> None:
    case = house.checked()
    with pytest.raises(DomainError) as refusal:
        reappoint(house, case, actor)
    assert refusal.value.code == code
