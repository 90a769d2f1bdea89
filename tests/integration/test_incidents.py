"""What is stuck: what was typed or sent is kept, the house is told once, and a retry after mending takes it up once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.messages import (
    CancelCase,
    ClaimTask,
    CompleteTask,
    CorrelateMessage,
    NoteIncident,
    RecordPayment,
    ResolveIncident,
    RetryIncident,
    SuspendCase,
)
from engine.domain.actor import system
from engine.domain.case import Case, Incident
from engine.domain.errors import (
    CaseSuspendedError,
    ForbiddenError,
    NotFoundError,
    ProcessStuckError,
    RuleError,
    StepHeldError,
    StillStuckError,
)
from engine.domain.procedure import Procedure
from tests.support import bpmn_builder as b
from tests.support.small_house import ADMIN, CHAIRMAN, CLERK, UNIT
from tests.support.steered_house import CLERKS, STORES, SteeredHouse, opened, version, which

MACHINE = system(UNIT, "provider")
STUCK = ProcessStuckError(element="decide", reason="không điều kiện nào đúng", reason_en="no condition holds")


def drawn() -> Procedure:
    return version(
        1,
        b.message("payment_received"),
        b.message("letter", "=case.code"),
        b.start(),
        b.both("split"),
        b.user("check", zeebe=CLERKS),
        b.boundary_timer("late", "check", duration="P1D", interrupting=False),
        b.job("remind"),
        b.end("reminded"),
        b.job("assess", "fee.assess"),
        b.job("order", "fee.collect"),
        b.receive("pay", "payment_received"),
        b.receive("wait", "letter"),
        b.both("join"),
        b.user("last", zeebe=CLERKS),
        b.end(),
        *b.chain("start", "split", "check", "join", "last", "end"),
        *b.chain("split", "assess", "order", "pay", "join"),
        *b.chain("split", "wait", "join"),
        *b.chain("late", "remind", "reminded"),
    )


class Cause:
    """What keeps the process from going on, until it is mended."""

    def __init__(self, house: SteeredHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there = False
        for name in ("complete", "fire_timer", "deliver_message"):
            monkeypatch.setattr(house.ports.runner, name, self._hindered(getattr(house.ports.runner, name)))

    def _hindered(self, real: Any) -> Any:
        def act(*values: Any) -> Any:
            if self.there:
                raise STUCK
            return real(*values)

        return act


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> Iterator[SteeredHouse]:
    with opened(request, drawn()) as house:
        yield house


@pytest.fixture
def cause(house: SteeredHouse, monkeypatch: pytest.MonkeyPatch) -> Cause:
    return Cause(house, monkeypatch)


def filed(house: SteeredHouse) -> Case:
    case = house.file()
    house.worker.drain()
    house.do(ClaimTask(**which(case, key="check#1")), CLERK)
    return house.case(case.id)


def only(house: SteeredHouse, case: Case) -> Incident:
    (incident,) = house.case(case.id).incidents.values()
    return incident


def complete(house: SteeredHouse, case: Case, key: str | None = None, **data: Any) -> None:
    # The proof walks the process again, which the cause would hinder: it comes once that is mended.
    house.bus.handle(CompleteTask(**which(case, key="check#1", data=data)), CLERK, key or f"complete/{data}")


def retry(house: SteeredHouse, case: Case, key: str) -> None:
    incident = only(house, case)
    house.bus.handle(RetryIncident(**which(case, incident=incident.id, note="đã sửa")), ADMIN, key)


def test_a_completion_that_gets_stuck_is_kept_told_and_taken_up_once_after_mending(
    house: SteeredHouse, cause: Cause
) -> None:
    case = filed(house)
    cause.there = True
    with pytest.raises(StepHeldError) as refusal:
        complete(house, case, decision="đồng ý")
    assert "decide" in refusal.value.message
    assert "không phải nhập lại" in refusal.value.message
    held = house.case(case.id)
    assert held.tasks["check#1"].draft == {"decision": "đồng ý"}
    incident = only(house, case)
    assert (incident.kind, incident.key, incident.element) == ("task", "check#1", "decide")
    assert (incident.kept, incident.by) == ({"decision": "đồng ý"}, CLERK.id)
    with pytest.raises(StillStuckError):
        retry(house, case, "too early")
    assert only(house, case).id == incident.id
    cause.there = False
    retry(house, case, "mended")
    after = house.prove(case.id)
    assert ("check#1" in after.tasks, after.incidents) == (False, {})
    assert after.scopes[""]["decision"] == "đồng ý"
    (done,) = (link for link in house.store.events(case.id) if link.event.tag == "task:completed")
    assert (done.event.by, done.actor) == (CLERK.id, ADMIN.id)
    with pytest.raises(NotFoundError):
        house.do(RetryIncident(**which(case, incident=incident.id)), ADMIN)


def test_the_same_request_sent_again_gets_the_same_answer_and_raises_no_second_incident(
    house: SteeredHouse, cause: Cause
) -> None:
    case = filed(house)
    cause.there = True
    for _ in range(2):
        with pytest.raises(StepHeldError):
            complete(house, case, key="double click", decision="a")
    first = only(house, case)
    with pytest.raises(StepHeldError):
        complete(house, case, decision="b")
    again = only(house, case)
    assert (again.id, again.raised_at, again.kept) == (first.id, first.raised_at, {"decision": "b"})


def test_completing_again_after_mending_closes_the_incident_without_a_retry(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    cause.there = True
    with pytest.raises(StepHeldError):
        complete(house, case, decision="a")
    cause.there = False
    complete(house, case, decision="c")
    after = house.prove(case.id)
    assert (after.incidents, after.scopes[""]["decision"]) == ({}, "c")


def test_an_incident_goes_when_its_wait_goes(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    cause.there = True
    with pytest.raises(StepHeldError):
        complete(house, case, decision="a")
    cause.there = False
    house.do(CancelCase(**which(case, reason="Trùng")), CHAIRMAN)
    assert house.case(case.id).incidents == {}


def test_a_message_is_kept_and_delivered_by_the_retry(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    letter = CorrelateMessage(unit=UNIT, message="letter", correlation=case.code, payload={"so": "12"})
    cause.there = True
    with pytest.raises(StepHeldError):
        house.bus.handle(letter, MACHINE, "letter")
    incident = only(house, case)
    assert (incident.kind, incident.key, incident.kept) == ("message", "wait#1", {"so": "12"})
    with pytest.raises(RuleError):
        house.bus.handle(ResolveIncident(**which(case, incident=incident.id, note="bỏ")), ADMIN, "drop")
    cause.there = False
    retry(house, case, "mended")
    after = house.prove(case.id)
    assert ("wait#1" in after.subscriptions, after.incidents, after.scopes[""]["so"]) == (False, {}, "12")


def test_money_is_never_refused_and_its_message_is_kept(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    (order,) = case.payments
    facts = {"order": order["order"], "provider": order["provider"], "amount": order["amount"]}
    cause.there = True
    notice = RecordPayment(unit=UNIT, case_code=case.code, reference="r1", **facts)
    assert "held" not in house.bus.handle(notice, MACHINE, "notice").data
    held = house.case(case.id)
    assert held.payments[0]["paid"] is True
    assert only(house, case).kind == "message"
    cause.there = False
    retry(house, case, "mended")
    after = house.prove(case.id)
    assert ("pay#1" in after.subscriptions, after.incidents) == (False, {})
    assert after.scopes[""]["payment_reference"] == "r1"


def test_a_timer_is_fired_by_the_retry_and_the_worker_does_not_fire_it_again(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    house.clock.advance(timedelta(days=1))
    cause.there = True
    house.worker.drain()
    assert (only(house, case).kind, only(house, case).key) == ("timer", "late#1")
    with pytest.raises(StillStuckError):
        retry(house, case, "too early")
    assert "decide" in only(house, case).error
    cause.there = False
    retry(house, case, "mended")
    house.clock.advance(timedelta(hours=2))
    house.worker.drain()
    after = house.prove(case.id)
    assert (after.timers, after.incidents) == ({}, {})
    assert house.tags(case).count("timer:fired") == 1


def test_a_job_gets_one_try_and_a_failure_keeps_the_one_incident(house: SteeredHouse) -> None:
    case = filed(house)
    house.messages.failures = 4
    house.clock.advance(timedelta(days=1))
    for _ in range(4):
        house.worker.drain()
        house.clock.advance(timedelta(hours=1))
    assert house.messages.failures == 1
    first = only(house, case)
    assert first.kind == "job"
    house.do(RetryIncident(**which(case, incident=first.id)), ADMIN)
    house.worker.drain()
    house.clock.advance(timedelta(hours=3))
    house.worker.drain()
    assert house.messages.failures == 0
    assert only(house, case).id == first.id, "one try, in vain: the same incident stays"
    house.do(RetryIncident(**which(case, incident=first.id)), ADMIN)
    house.worker.drain()
    after = house.prove(case.id)
    assert (after.jobs, after.incidents) == ({}, {})


def test_notes_are_kept_with_their_writer(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    cause.there = True
    with pytest.raises(StepHeldError):
        complete(house, case, decision="a")
    incident = only(house, case)
    cause.there = False
    house.do(NoteIncident(**which(case, incident=incident.id, note="Đã hỏi tổ kỹ thuật")), ADMIN)
    (note,) = only(house, case).notes
    assert (note["text"], note["by"]) == ("Đã hỏi tổ kỹ thuật", ADMIN.id)
    with pytest.raises(RuleError):
        house.do(NoteIncident(**which(case, incident=incident.id, note=" ")), ADMIN)


def test_only_administrators_retry_and_not_while_the_case_is_suspended(house: SteeredHouse, cause: Cause) -> None:
    case = filed(house)
    cause.there = True
    with pytest.raises(StepHeldError):
        complete(house, case, decision="a")
    incident = only(house, case)
    cause.there = False
    with pytest.raises(ForbiddenError):
        house.do(RetryIncident(**which(case, incident=incident.id)), CHAIRMAN)
    house.do(SuspendCase(**which(case, reason="x")), ADMIN)
    with pytest.raises(CaseSuspendedError):
        house.do(RetryIncident(**which(case, incident=incident.id)), ADMIN)


def test_an_incident_with_nothing_to_retry_is_closed_with_a_note(house: SteeredHouse) -> None:
    case = filed(house)
    (order,) = case.payments
    facts = {"order": order["order"], "provider": order["provider"], "amount": order["amount"]}
    house.do(CancelCase(**which(case, reason="Trùng")), CHAIRMAN)
    house.do(RecordPayment(unit=UNIT, case_code=case.code, reference="r1", **facts), MACHINE)
    incident = only(house, case)
    with pytest.raises(RuleError):
        house.do(RetryIncident(**which(case, incident=incident.id)), ADMIN)
    house.do(ResolveIncident(**which(case, incident=incident.id, note="Đã hoàn trả")), ADMIN)
    assert house.case(case.id).incidents == {}
