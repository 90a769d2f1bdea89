"""Replay proves an untouched case equal, and names what was touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.case import Case
from engine.domain.codec import dumps
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.events import ProcessAdvanced, TaskCompleted
from engine.replay import Auditor, rebuilt, replay, state_at
from tests.support.small_house import ADMIN, CITIZEN, CLERK, UNIT, House


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def case(house: House) -> Case:
    return house.checked()


def differences(house: House, case: Case) -> set[str]:
    return {d.what for d in replay(house.ports, UNIT, case.id)}


def tamper(house: House, case: Case, kind: type[Any], **changes: Any) -> None:
    """Change a stored event behind the engine's back."""
    links = list(house.store._content.events[case.id])  # what somebody with the database could do
    index = next(i for i, link in enumerate(links) if isinstance(link.event, kind))
    links[index] = replace(links[index], event=replace(links[index].event, **changes))
    house.store._content.events[case.id] = tuple(links)


def test_an_untouched_case_is_proven_equal(house: House, case: Case) -> None:
    assert replay(house.ports, UNIT, case.id) == []
    assert dumps(rebuilt(house.ports, case.id)) == dumps(case)


def test_every_earlier_step_can_be_seen_with_its_values(house: House, case: Case) -> None:
    history = house.store.events(case.id)
    states = [state_at(history, seq) for seq in range(1, len(history) + 1)]
    assert [s.version for s in states] == list(range(1, len(history) + 1))
    assert states[-1] == case
    assert "check#1" in {key for s in states for key in s.tasks}


@pytest.mark.parametrize("seq", [0, -1, 10_000])
def test_a_step_that_never_was_is_refused(house: House, case: Case, seq: int) -> None:
    with pytest.raises(ValueError, match="events 1 to"):
        state_at(house.store.events(case.id), seq)


def test_a_changed_decision_shows_in_chain_and_values(house: House, case: Case) -> None:
    tamper(house, case, TaskCompleted, data={"decision": "khác"})
    assert "chain" in differences(house, case)


def test_a_changed_path_shows_even_where_the_hash_was_made_to_fit(house: House, case: Case) -> None:
    tamper(house, case, ProcessAdvanced, path=())
    assert {"chain", "path"} <= differences(house, case)


def test_a_changed_state_row_shows(house: House, case: Case) -> None:
    house.store._content.cases[UNIT, case.id] = replace(case, status=9, fee_total=0)
    assert differences(house, case) == {"status", "fee_total"}


def test_a_cut_tail_shows(house: House, case: Case) -> None:
    house.store._content.events[case.id] = house.store._content.events[case.id][:-1]
    assert "version" in differences(house, case)


def test_a_missing_case_row_shows(house: House, case: Case) -> None:
    del house.store._content.cases[UNIT, case.id]
    assert differences(house, case) == {"case"}


def test_a_procedure_with_another_content_than_the_pinned_one_shows(
    house: House, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(house.ports.catalog.procedure(case.procedure, 1), digest="d2")
    monkeypatch.setattr(house.ports.catalog, "procedure", lambda code, version: other)
    assert "procedure" in differences(house, case)


def test_only_auditors_and_their_like_replay(house: House, case: Case) -> None:
    auditor = Auditor(house.ports)
    assert auditor.verify(ADMIN, case.id) == []
    assert auditor.replay(ADMIN, case.id, 1).version == 1
    with pytest.raises(ForbiddenError):
        auditor.verify(CLERK, case.id)
    with pytest.raises(ForbiddenError):
        auditor.replay(CITIZEN, case.id, 1)
    with pytest.raises(NotFoundError):
        auditor.replay(ADMIN, case.id, 999)
