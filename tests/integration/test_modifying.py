"""Tokens moved by hand: proposed by one, approved by another, shown before, told afterwards, replayed like any step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import upgrade
from engine.commands.messages import (
    AddComment,
    ApproveModification,
    CancelCase,
    ClaimTask,
    CompleteTask,
    ProposeModification,
    RejectModification,
    ResumeCase,
    RetryIncident,
    SuspendCase,
)
from engine.domain.case import Case
from engine.domain.errors import (
    CaseEndedError,
    ChangeRefusedError,
    ForbiddenError,
    FourEyesError,
    NotFoundError,
    ProposalStaleError,
    RuleError,
    StepHeldError,
)
from engine.domain.procedure import Procedure
from engine.domain.steering import Change
from tests.support import bpmn_builder as b
from tests.support.small_house import ADMIN, CHAIRMAN, CITIZEN, CLERK, STRANGER
from tests.support.steered_house import CLERKS, SECOND_ADMIN, STORES, SteeredHouse, opened, version, which
from tests.support.threads import at_once


def drawn() -> Procedure:
    """check → decide (no default: only "ok" leads on) → tell → last."""
    return version(
        1,
        b.start(),
        b.user("check", zeebe=CLERKS),
        b.boundary_timer("late", "check", duration="P1D", interrupting=False),
        b.xor("decide"),
        b.job("tell"),
        b.user("last", zeebe=CLERKS),
        b.end(),
        b.end("reminded"),
        *b.chain("start", "check", "decide"),
        b.flow("decide", "tell", '=decision = "ok"'),
        *b.chain("tell", "last", "end"),
        *b.chain("late", "reminded"),
    )


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> Iterator[SteeredHouse]:
    with opened(request, drawn()) as house:
        yield house


MOVE = Change(cancel=("check#1",), begin=(("", "last"),), variables={"": {"decision": "ok", "phí": 8000}})


def propose(house: SteeredHouse, case: Case, change: Change = MOVE, actor: Any = ADMIN) -> str:
    result = house.do(ProposeModification(**which(case, change=change, reason="Vẽ sai bước")), actor)
    return str(result.data["proposal"])


def test_a_proposal_shows_what_it_would_do_and_does_nothing_yet(house: SteeredHouse) -> None:
    case = house.file()
    result = house.do(ProposeModification(**which(case, change=MOVE, reason="Vẽ sai bước")), ADMIN)
    told = dict(result.data)
    assert sorted(told.pop("closes")) == ["check#1", "late#1"]
    assert told | {"proposal": ""} == {"proposal": "", "opens": ["last#1"], "visits": ["last#1"], "ended": False}
    after = house.case(case.id)
    assert (set(after.tasks), after.snapshot, after.scopes) == (set(case.tasks), case.snapshot, case.scopes)
    assert after.proposal is not None
    assert after.proposal.change == MOVE


def test_a_second_person_approves_and_the_step_is_replayed(house: SteeredHouse) -> None:
    case = house.file()
    proposal = propose(house, case)
    with pytest.raises(FourEyesError):
        house.do(ApproveModification(**which(case, proposal=proposal)), ADMIN)
    house.do(ApproveModification(**which(case, proposal=proposal)), CHAIRMAN)
    after = house.case(case.id)
    assert (set(after.tasks), after.timers, after.proposal) == ({"last#1"}, {}, None)
    assert after.scopes[""] == {"decision": "ok", "phí": 8000}
    (step,) = (e.event for e in house.store.events(case.id, after=case.version) if e.event.tag == "process:advanced")
    assert step.trigger["kind"] == "modify"
    house.do(ClaimTask(**which(case, key="last#1")), CLERK)
    house.do(CompleteTask(**which(case, key="last#1", data={})), CLERK)
    assert house.case(case.id).ended


def test_a_cause_is_mended_by_setting_a_variable_and_the_kept_completion_is_taken_up(house: SteeredHouse) -> None:
    case = house.file()
    house.do(ClaimTask(**which(case, key="check#1")), CLERK)
    with pytest.raises(StepHeldError):
        house.do(CompleteTask(**which(case, key="check#1", data={"note": "đủ giấy tờ"})), CLERK)
    (incident,) = house.case(case.id).incidents.values()
    assert incident.element == "decide"
    proposal = propose(house, case, Change(variables={"": {"decision": "ok"}}))
    house.do(ApproveModification(**which(case, proposal=proposal)), SECOND_ADMIN)
    house.do(RetryIncident(**which(case, incident=incident.id)), ADMIN)
    after = house.case(case.id)
    assert (set(after.jobs), after.incidents) == ({"tell#1"}, {})
    assert after.scopes[""] == {"decision": "ok", "note": "đủ giấy tờ"}


def test_a_case_that_moved_on_makes_the_proposal_stale_and_a_new_one_takes_its_place(house: SteeredHouse) -> None:
    case = house.file()
    proposal = propose(house, case)
    house.do(ClaimTask(**which(case, key="check#1")), CLERK)
    house.do(AddComment(**which(case, text="Xem giúp")), CLERK)
    house.do(CompleteTask(**which(case, key="check#1", data={"decision": "ok"})), CLERK)
    with pytest.raises(ProposalStaleError):
        house.do(ApproveModification(**which(case, proposal=proposal)), CHAIRMAN)
    newer = propose(house, case, Change(cancel=("tell#1",), begin=(("", "last"),)))
    waiting = house.case(case.id).proposal
    assert waiting is not None
    assert (waiting.id, waiting.id != proposal) == (newer, True)
    with pytest.raises(NotFoundError):
        house.do(ApproveModification(**which(case, proposal=proposal)), CHAIRMAN)


def test_a_claim_or_a_note_is_no_step_and_leaves_the_proposal_fresh(house: SteeredHouse) -> None:
    case = house.file()
    proposal = propose(house, case)
    house.do(ClaimTask(**which(case, key="check#1")), CLERK)
    house.do(AddComment(**which(case, text="Xem giúp")), CLERK)
    with pytest.raises(RuleError):
        propose(house, case)
    house.do(ApproveModification(**which(case, proposal=proposal)), CHAIRMAN)
    assert set(house.case(case.id).tasks) == {"last#1"}


def test_a_rejected_proposal_is_gone_and_told(house: SteeredHouse) -> None:
    case = house.file()
    for actor in (CHAIRMAN, ADMIN):
        proposal = propose(house, case)
        house.do(RejectModification(**which(case, proposal=proposal, reason="Không cần")), actor)
        assert house.case(case.id).proposal is None
    assert house.tags(case).count("modification:rejected") == 2
    assert set(house.case(case.id).tasks) == {"check#1"}


@pytest.mark.parametrize(
    "change",
    [
        Change(cancel=("check#1",), begin=(("", "late"),)),
        Change(cancel=("check#1",)),
        Change(cancel=("check#9",), begin=(("", "last"),)),
        Change(begin=(("", "decide"),)),
        Change(variables={"": {"#items": []}}),
        Change(variables={"elsewhere": {"x": 1}}),
    ],
)
def test_what_has_no_meaning_is_refused_at_once(house: SteeredHouse, change: Change) -> None:
    case = house.file()
    with pytest.raises(ChangeRefusedError):
        propose(house, case, change)
    assert house.case(case.id).version == case.version


def test_who_may_and_what_must_be_said(house: SteeredHouse) -> None:
    case = house.file()
    for actor, error in ((CLERK, ForbiddenError), (CITIZEN, ForbiddenError), (STRANGER, NotFoundError)):
        with pytest.raises(error):
            propose(house, case, actor=actor)
    with pytest.raises(RuleError):
        house.do(ProposeModification(**which(case, change=MOVE, reason=" ")), ADMIN)
    with pytest.raises(RuleError):
        propose(house, case, Change())
    proposal = propose(house, case)
    with pytest.raises(ForbiddenError):
        house.do(ApproveModification(**which(case, proposal=proposal)), CLERK)
    house.do(CancelCase(**which(case, reason="Trùng")), CHAIRMAN)
    with pytest.raises(CaseEndedError):
        house.do(ApproveModification(**which(case, proposal=proposal)), CHAIRMAN)


def test_a_suspended_case_may_be_changed_and_goes_on_from_there(house: SteeredHouse) -> None:
    case = house.file()
    house.do(SuspendCase(**which(case, reason="Sửa")), ADMIN)
    proposal = propose(house, case, Change(cancel=("check#1",), begin=(("", "tell"),)))
    house.do(ApproveModification(**which(case, proposal=proposal)), CHAIRMAN)
    assert house.worker.drain() == 0
    house.do(ResumeCase(**which(case)), ADMIN)
    house.worker.drain()
    assert set(house.prove(case.id).tasks) == {"last#1"}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_of_two_approvers_at_once_one_approves(kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    upgrade(url)
    here, there = SteeredHouse(drawn(), url=url), SteeredHouse(drawn(), url=url)
    for number in range(10):
        case = here.file()
        command = ApproveModification(**which(case, proposal=propose(here, case)))
        found = at_once(
            [
                partial(here.bus.handle, command, CHAIRMAN, f"here/{number}"),
                partial(there.bus.handle, command, SECOND_ADMIN, f"there/{number}"),
            ]
        )
        refused = [each for each in found if isinstance(each, Exception)]
        assert [type(each) for each in refused] == [NotFoundError]
        after = here.prove(case.id)
        assert set(after.tasks) == {"last#1"}
        assert here.tags(case).count("modification:approved") == 1
    here.close()
    there.close()
