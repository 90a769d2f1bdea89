"""A suspended case is held still, loses nothing, and goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import upgrade
from engine.commands.messages import (
    ClaimTask,
    CompleteJob,
    CompleteTask,
    CorrelateMessage,
    DelegateTask,
    FireTimer,
    RecordPayment,
    ResumeCase,
    SaveTaskDraft,
    SuspendCase,
    UnclaimTask,
    WithdrawCase,
)
from engine.domain import access
from engine.domain.actor import system
from engine.domain.case import Case, Suspension
from engine.domain.errors import (
    CaseEndedError,
    CaseSuspendedError,
    ForbiddenError,
    LeaseLostError,
    NotFoundError,
    RuleError,
)
from engine.domain.procedure import Procedure
from tests.support import bpmn_builder as b
from tests.support.cases import case as stored
from tests.support.small_house import ADMIN, CHAIRMAN, CITIZEN, CLERK, NINE, STRANGER, UNIT
from tests.support.steered_house import CLERKS, STORES, SteeredHouse, opened, version, which
from tests.support.threads import at_once

DAY = timedelta(days=1)
MACHINE = system(UNIT, "provider")


def drawn() -> Procedure:
    """A task with a daily reminder; beside it a payment is ordered and waited for, and a message."""
    return version(
        1,
        b.message("payment_received"),
        b.message("letter", "=case.code"),
        b.start(),
        b.both("split"),
        b.user("check", zeebe=CLERKS),
        b.boundary_timer("daily", "check", cycle="R/P1D", interrupting=False),
        b.job("remind"),
        b.end("reminded"),
        b.job("assess", "fee.assess"),
        b.job("order", "fee.collect"),
        b.receive("pay", "payment_received"),
        b.receive("wait", "letter"),
        b.both("join"),
        b.end(),
        *b.chain("start", "split", "check", "join", "end"),
        *b.chain("split", "assess", "order", "pay", "join"),
        *b.chain("split", "wait", "join"),
        *b.chain("daily", "remind", "reminded"),
    )


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> Iterator[SteeredHouse]:
    with opened(request, drawn()) as house:
        yield house


def filed(house: SteeredHouse) -> Case:
    case = house.file()
    house.worker.drain()
    return house.case(case.id)


def suspend(house: SteeredHouse, case: Case, actor: Any = ADMIN) -> Case:
    house.do(SuspendCase(**which(case, reason="Kiểm tra sơ đồ")), actor)
    return house.case(case.id)


def resume(house: SteeredHouse, case: Case) -> Case:
    house.do(ResumeCase(**which(case, note="Xong")), ADMIN)
    return house.case(case.id)


def pay(house: SteeredHouse, case: Case) -> Any:
    (order,) = house.case(case.id).payments
    facts = {"order": order["order"], "provider": order["provider"], "amount": order["amount"]}
    return house.do(RecordPayment(unit=UNIT, case_code=case.code, reference="r1", **facts), MACHINE)


def test_while_suspended_a_task_is_seen_but_neither_taken_nor_completed_nor_handed_on(house: SteeredHouse) -> None:
    case = filed(house)
    task = which(case, key="check#1")
    house.do(ClaimTask(**task), CLERK)
    held = suspend(house, case)
    assert held.tasks["check#1"].assignee == CLERK.id
    assert held.suspended is not None
    assert (held.suspended.reason, held.suspended.by) == ("Kiểm tra sơ đồ", ADMIN.id)
    for command in (CompleteTask(**task, data={}), DelegateTask(**task, assignee="clerk2", reason="")):
        with pytest.raises(CaseSuspendedError) as refusal:
            house.do(command, CLERK)
        assert "Kiểm tra sơ đồ" in refusal.value.message
    house.do(SaveTaskDraft(**task, draft={"note": "đang viết dở"}), CLERK)
    house.do(UnclaimTask(**task), CLERK)
    with pytest.raises(CaseSuspendedError):
        house.do(ClaimTask(**task), CLERK)
    resume(house, case)
    house.do(ClaimTask(**task), CLERK)
    house.do(CompleteTask(**task, data={}), CLERK)
    assert "check#1" not in house.case(case.id).tasks


def test_no_timer_fires_however_far_the_clock_jumps_and_a_late_cycle_fires_once_then_at_its_next_slot(
    house: SteeredHouse,
) -> None:
    case = filed(house)
    (due,) = (timer.due for timer in case.timers.values())
    suspend(house, case)
    house.clock.advance(DAY * 5 + timedelta(hours=3))
    assert house.worker.drain() == 0
    assert house.store.next_due("timer") is None
    resumed = resume(house, case)
    assert resumed.timers["daily#1"].due == due
    house.worker.drain()
    after = house.case(case.id)
    assert house.tags(case).count("timer:fired") == 1
    assert after.timers["daily#1"].due == due + DAY * 5, "the next slot that lies ahead"
    house.clock.advance(DAY)
    house.worker.drain()
    assert house.tags(case).count("timer:fired") == 2
    house.prove(case.id)


def test_a_job_claimed_before_is_not_recorded_and_is_done_again_with_the_same_key(house: SteeredHouse) -> None:
    case = filed(house)
    house.clock.advance(DAY)
    (timer,) = house.store.claim("timer", house.clock.now(), limit=5, lease=timedelta(seconds=60))
    house.do(FireTimer(lease=timer), MACHINE)
    (lease,) = house.store.claim("job", house.clock.now(), limit=5, lease=timedelta(seconds=60))
    house.messages.send(channel="email", recipient="", template="", data={}, key=f"{case.id}/{lease.key}")
    suspend(house, case)
    with pytest.raises(LeaseLostError):
        house.do(CompleteJob(lease=lease, outcome={"template": "status", "channel": "e", "recipient": "x"}), MACHINE)
    assert house.worker.drain() == 0
    assert house.store.next_due("job") is None
    resume(house, case)
    house.worker.drain()
    assert house.case(case.id).jobs == {}
    assert len(house.messages.sent) == 2
    assert len({key for key in house.messages.sent}) == 1, "the outside party can tell that it is the same"


def test_messages_are_refused_so_that_the_sender_tries_again(house: SteeredHouse) -> None:
    case = suspend(house, filed(house))
    letter = CorrelateMessage(unit=UNIT, message="letter", correlation=case.code, payload={"so": "12"})
    with pytest.raises(CaseSuspendedError):
        house.do(letter, MACHINE, "letter/12")
    resume(house, case)
    house.do(letter, MACHINE, "letter/12")
    after = house.case(case.id)
    assert after.scopes[""]["so"] == "12"
    assert [s.element_id for s in after.subscriptions.values()] == ["pay"]


def test_money_is_booked_at_once_and_the_process_learns_of_it_on_resuming_once(house: SteeredHouse) -> None:
    case = suspend(house, filed(house))
    pay(house, case)
    assert pay(house, case).data == {"already": True}
    held = house.case(case.id)
    assert [p["paid"] for p in held.payments] == [True]
    assert "pay#1" in held.subscriptions
    assert len(held.held) == 1
    after = resume(house, case)
    assert "pay#1" not in after.subscriptions
    assert (after.held, after.incidents) == ((), {})
    assert after.scopes[""]["payment_reference"] == "r1"


def test_why_is_told_to_the_house_and_not_to_the_applicant() -> None:
    case = replace(stored(), suspended=Suspension(id="s", reason="Nội bộ", by="admin", at=NINE))
    for actor, told in ((CLERK, True), (CITIZEN, False)):
        with pytest.raises(CaseSuspendedError) as refusal:
            access.check_moves(actor, case)
        assert ("Nội bộ" in refusal.value.message) == told
        assert "  " not in refusal.value.message
        assert " ." not in refusal.value.message


def test_the_legal_term_runs_on(house: SteeredHouse) -> None:
    case = filed(house)
    before = case.deadline
    held = suspend(house, case)
    house.clock.advance(DAY)
    assert held.deadline == before == resume(house, case).deadline


def test_a_suspended_case_may_be_taken_back_and_money_for_it_raises_an_incident(house: SteeredHouse) -> None:
    case = suspend(house, filed(house))
    pay(house, case)
    house.do(WithdrawCase(**which(case, reason="Đổi ý")), CITIZEN)
    ended = house.case(case.id)
    assert (ended.ended, ended.suspended, ended.held) == (True, None, ())
    assert [incident.kind for incident in ended.incidents.values()] == ["payment"]


@pytest.mark.parametrize("actor", [ADMIN, CHAIRMAN], ids=lambda actor: str(actor.id))
def test_administrator_and_chairman_may(house: SteeredHouse, actor: Any) -> None:
    assert suspend(house, filed(house), actor).suspended is not None


def test_others_may_not_and_nothing_changes(house: SteeredHouse) -> None:
    case = filed(house)
    for actor, error in ((CLERK, ForbiddenError), (CITIZEN, ForbiddenError), (STRANGER, NotFoundError)):
        with pytest.raises(error):
            house.do(SuspendCase(**which(case, reason="x")), actor)
    with pytest.raises(RuleError):
        house.do(SuspendCase(**which(case, reason="  ")), ADMIN)
    assert house.case(case.id) == case
    suspend(house, case)
    with pytest.raises(ForbiddenError):
        house.do(ResumeCase(**which(case)), CLERK)


def test_twice_is_as_good_as_once_and_an_ended_case_is_not_suspended(house: SteeredHouse) -> None:
    case = suspend(house, filed(house))
    assert suspend(house, case).version == case.version
    resumed = resume(house, case)
    assert resume(house, case).version == resumed.version
    house.do(WithdrawCase(**which(case, reason="Đổi ý")), CITIZEN)
    with pytest.raises(CaseEndedError):
        suspend(house, case)


def test_of_a_suspension_and_a_completion_at_once_each_is_whole(sqlite_url: str) -> None:
    """Either the task is done and the case then held still, or the case is held still and the task is refused."""
    upgrade(sqlite_url)
    outcomes = set()
    desk, office = SteeredHouse(drawn(), url=sqlite_url), SteeredHouse(drawn(), url=sqlite_url)
    for number in range(20):
        case = filed(desk)
        desk.do(ClaimTask(**which(case, key="check#1")), CLERK)
        done = CompleteTask(**which(case, key="check#1", data={}))
        stop = SuspendCase(**which(case, reason="x"))
        tries = [
            partial(desk.bus.handle, done, CLERK, f"done/{number}"),
            partial(office.bus.handle, stop, ADMIN, f"stop/{number}"),
        ]
        found = at_once(tries[:: 1 if number % 2 else -1])
        refused = [each for each in found if isinstance(each, Exception)]
        after = desk.prove(case.id)
        assert after.suspended is not None
        assert ("check#1" in after.tasks) == bool(refused)
        assert all(isinstance(each, CaseSuspendedError) for each in refused), refused
        outcomes.add(bool(refused))
    print("completions refused in some rounds, taken in others:", outcomes)
    desk.close()
    office.close()
