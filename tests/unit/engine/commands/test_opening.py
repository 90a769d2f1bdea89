"""Messages that begin cases: checked as a filing is, one living case per correlation value, by machines only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.commands.messages import CorrelateMessage
from engine.domain.actor import Actor, system
from engine.domain.case import Case
from engine.domain.errors import (
    AlreadyBegunError,
    DomainError,
    DuplicateCommandError,
    ForbiddenError,
    FormInvalidError,
    NothingWaitsError,
    ProcessStuckError,
    RuleError,
)
from engine.queries.history_texts import sentence
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support.signal_house import asked, completed, filed, made
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, PROCEDURE, STATUSES, UNIT, House, submit

AGENCY = Actor(id="tax", name="Thuế", kind="agency", unit=UNIT)
APPLICANT = {"name": "Nguyễn Thị Lan", "phone": "0903000111"}
PAYLOAD: dict[str, Any] = {
    "applicant": APPLICANT,
    "application": {"purpose": "kết hôn"},
    "channel": "online",
    "delivery": "electronic",
    "grade": 3,
    "who": {"name": "An"},
}
PARTS = (b.message("asked", "=case.code"), b.start(), b.begin("by_message", "message", "asked"), asked("look"), b.end(),
         *b.chain("start", "look", "end"), *b.chain("by_message", "look"))  # fmt: skip
BOTH = made("0.000002", *PARTS)
WAITS = made(
    "0.000003",
    b.message("asked", '="k1"'),
    b.start(),
    b.catch_message("wait", "asked"),
    asked("told"),
    b.end(),
    *b.chain("start", "wait", "told", "end"),
)
ONLY = made("0.000004", b.message("begin_only"), b.begin("m", "message", "begin_only"), asked("look"), b.end(),
            *b.chain("m", "look", "end"))  # fmt: skip


@pytest.fixture
def house() -> House:
    return House(PROCEDURE, BOTH, WAITS, ONLY)


def send(house: House, correlation: str = "k1", actor: Actor = AGENCY, key: str | None = None, **changes: Any) -> Case:
    payload = {name: value for name, value in {**PAYLOAD, **changes}.items() if value is not None}
    command = CorrelateMessage(unit=UNIT, message="asked", correlation=correlation, payload=payload)
    return house.case(house.do(command, actor, key).case_id)


def test_a_message_nobody_waits_for_begins_a_case_as_if_it_were_filed(house: House) -> None:
    case = send(house)
    assert (case.procedure, case.channel, case.delivery) == (BOTH.code, "online", "electronic")
    assert (case.applicant, case.application) == (APPLICANT, {"purpose": "kết hôn"})
    assert case.scopes[""] == {"grade": 3, "who": {"name": "An"}}, "the rest of the payload becomes variables"
    assert case.begun == {"kind": "message", "element_id": "by_message", "name": "asked", "correlation": "k1"}
    assert case.tasks.keys() == {"look#1"}
    (first, *_) = house.store.events(case.id)
    assert sentence(first.event, STATUSES, lambda key: key)[1] == "Case begun by the message asked"
    assert replay(house.ports, UNIT, case.id) == []
    assert rebuilt(house.ports, case.id) == case
    assert completed(house, case, "look#1").ended
    assert replay(house.ports, UNIT, case.id) == []


def test_the_one_who_waits_comes_first(house: House) -> None:
    waiting = filed(house, WAITS)
    assert send(house).id == waiting.id
    assert send(house).procedure == BOTH.code, "it waits no longer"


def test_a_message_begins_no_second_case_while_the_first_lives(house: House) -> None:
    first = send(house)
    with pytest.raises(AlreadyBegunError) as found:
        send(house, grade=4)
    assert first.code in found.value.message_en
    assert send(house, "k2").id != first.id, "another value is another case"
    completed(house, first, "look#1")
    again = send(house)
    assert again.id != first.id
    with pytest.raises(AlreadyBegunError):
        send(house)


def test_without_a_correlation_value_every_message_begins_one_guarded_by_its_key(house: House) -> None:
    first, second = send(house, "", key="m1"), send(house, "", key="m2")
    assert first.id != second.id
    assert send(house, "", key="m1").id == first.id, "the same command again"
    with pytest.raises(DuplicateCommandError):
        send(house, "", key="m1", grade=4)
    assert len(house.store.case_ids()) == 2


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"applicant": None}, "applicant.name"),
        ({"applicant": "Lan"}, "applicant"),
        ({"applicant": {"name": "Lan", "age": 3}}, "applicant.age"),
        ({"application": {}}, "purpose"),
        ({"application": None}, "purpose"),
        ({"documents": [{"key": "x"}]}, "documents.0"),
        ({"documents": "x"}, "documents"),
    ],
)
def test_bad_input_gives_the_field_errors_of_a_filing(house: House, changes: dict[str, Any], wrong: str) -> None:
    with pytest.raises(FormInvalidError) as found:
        send(house, **changes)
    assert list(found.value.errors) == [wrong]
    as_filed = {**PAYLOAD, "documents": (), **changes}
    mine = {n: as_filed[n] if as_filed[n] is not None else {} for n in ("applicant", "application", "documents")}
    with pytest.raises(FormInvalidError) as same:
        house.do(submit(procedure=BOTH.code, **mine), system(UNIT))
    assert same.value.errors == found.value.errors
    assert house.store.case_ids() == []


@pytest.mark.parametrize("changes", [{"channel": "fax"}, {"channel": None}, {"delivery": ["desk"]}, {"delivery": 7}])
def test_a_way_the_procedure_does_not_offer_is_refused(house: House, changes: dict[str, Any]) -> None:
    with pytest.raises(FormInvalidError):
        send(house, **changes)


@pytest.mark.parametrize("actor", [CITIZEN, CLERK, CHAIRMAN])
def test_people_begin_no_case_by_a_message(house: House, actor: Actor) -> None:
    with pytest.raises(ForbiddenError):
        send(house, actor=actor)


@pytest.mark.parametrize("correlation", ["x" * 401, "a\0b", "a\nb"])
def test_a_value_no_row_could_keep_is_refused(house: House, correlation: str) -> None:
    with pytest.raises(RuleError):
        send(house, correlation)


def test_a_message_nobody_begins_by_or_another_unit_is_refused(house: House) -> None:
    for unit, message in ((UNIT, "Asked"), (UNIT, ""), ("xa-khac", "asked")):
        with pytest.raises(DomainError) as found:
            house.do(CorrelateMessage(unit=unit, message=message, correlation="", payload=PAYLOAD), system(unit))
        assert found.value.code == ("nothing_waits" if unit == UNIT else "not_found")


def test_only_a_version_in_force_begins_cases(house: House) -> None:
    later = made("0.000002", *PARTS, version=2, valid_from=date(2023, 1, 1))
    house.catalog.procedures = (BOTH, later)
    assert send(house, "a").procedure_version == 1
    house.clock.set(house.clock.now().replace(year=2023, month=1, day=1))
    assert send(house, "b").procedure_version == 2
    house.catalog.procedures = (replace(BOTH, valid_to=date(2022, 12, 31)),)
    with pytest.raises(NothingWaitsError):
        send(house, "c")


def test_a_message_that_begins_two_procedures_is_refused_by_name(house: House) -> None:
    house.catalog.procedures = (BOTH, replace(made("0.000009", *PARTS), files=BOTH.files, process_id=BOTH.process_id))
    with pytest.raises(RuleError, match="0.000009"):
        send(house)


def test_a_procedure_begun_by_events_only_takes_no_filing(house: House) -> None:
    with pytest.raises(ProcessStuckError) as found:
        filed(house, ONLY)
    assert "chỉ bắt đầu bằng sự kiện" in found.value.message
