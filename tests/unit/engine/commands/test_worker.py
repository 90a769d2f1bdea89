"""Jobs and timers: retried with growing pauses, held by an incident, never lost, never doubled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.commands.messages import ClaimTask, CompleteJob, CompleteTask, ResolveIncident
from engine.commands.worker import Worker
from engine.domain import events
from engine.domain.actor import system
from engine.domain.case import Case
from engine.domain.errors import DatabaseBusyError, DatabaseUnavailableError, ForbiddenError, LeaseLostError
from tests.support.small_house import ADMIN, CHAIRMAN, CLERK, UNIT, House


@pytest.fixture
def house() -> House:
    return House()


def passed(house: House) -> Case:
    """The clerk has passed the case; the job has not run."""
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK)
    return house.case(case.id)


def test_a_job_runs_once_and_the_process_goes_on(house: House) -> None:
    case = passed(house)
    assert house.worker.drain() == 1
    assert house.messages.sent == [f"{case.id}/tell#1"]
    assert house.case(case.id).jobs == {}


def test_a_failed_try_waits_longer_each_time(house: House) -> None:
    case = passed(house)
    house.messages.failures = 2
    pauses = []
    for _ in range(2):
        house.worker.drain()
        run_at = house.case(case.id).jobs["tell#1"].run_at
        assert run_at is not None
        pauses.append(run_at - house.clock.now())
        house.clock.set(run_at)
    house.worker.drain()
    assert pauses == [timedelta(seconds=10), timedelta(seconds=20)]
    assert len(house.messages.sent) == 1


def test_a_job_out_of_tries_waits_for_a_person_and_runs_again_after_the_cause_is_mended(house: House) -> None:
    case = passed(house)
    house.messages.failures = 3
    for _ in range(3):
        house.worker.drain()
        house.clock.advance(timedelta(hours=1))
    held = house.case(case.id)
    (incident,) = held.incidents.values()
    assert "không trả lời" in incident.error
    assert house.worker.drain() == 0
    with pytest.raises(ForbiddenError):
        house.do(ResolveIncident(unit=UNIT, case_id=case.id, incident=incident.id, note="x"), CLERK)
    house.do(ResolveIncident(unit=UNIT, case_id=case.id, incident=incident.id, note="Đã nối lại"), ADMIN)
    house.worker.drain()
    assert house.case(case.id).incidents == {}
    assert list(house.case(case.id).tasks) == ["sign#1"]


def test_the_outcome_of_a_lease_that_was_taken_over_is_refused(house: House) -> None:
    case = passed(house)
    (old,) = house.store.claim("job", house.clock.now(), limit=5, lease=timedelta(seconds=60))
    house.clock.advance(timedelta(minutes=2))
    (new,) = house.store.claim("job", house.clock.now(), limit=5, lease=timedelta(seconds=60))
    outcome = {"template": "status", "channel": "email", "recipient": "lan@example.vn"}
    with pytest.raises(LeaseLostError):
        house.do(CompleteJob(lease=old, outcome=outcome), system(UNIT))
    house.do(CompleteJob(lease=new, outcome=outcome), system(UNIT))
    assert list(house.case(case.id).tasks) == ["sign#1"]


def test_a_timer_fires_at_its_instant_and_once(house: House) -> None:
    case = house.checked()
    house.clock.set(case.timers["reminder#1"].due - timedelta(seconds=1))
    assert house.worker.drain() == 0
    house.clock.advance(timedelta(days=30))
    house.worker.drain()
    fired = [link for link in house.store.events(case.id) if isinstance(link.event, events.TimerFired)]
    assert len(fired) == 1
    assert house.case(case.id).timers == {}
    assert list(house.case(case.id).tasks) == ["sign#1"]


def test_completing_the_host_takes_its_timer_away(house: House) -> None:
    case = house.checked()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="sign#1"), CHAIRMAN)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="sign#1", data={}), CHAIRMAN)
    done = house.case(case.id)
    assert (done.timers, done.tasks, done.ended, done.status) == ({}, {}, True, 9)


def fail_next(house: House, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the next command of the worker fail like this."""
    handle, left = house.bus.handle, [error]

    def failing(*args: Any) -> Any:
        if left:
            raise left.pop()
        return handle(*args)

    monkeypatch.setattr(house.bus, "handle", failing)


def test_a_database_that_goes_away_costs_a_job_no_try_and_the_rest_of_the_batch_no_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [passed(house) for _ in range(3)]
    fail_next(house, monkeypatch, DatabaseUnavailableError())
    with pytest.raises(DatabaseUnavailableError):
        house.worker.run_due()
    assert [house.case(case.id).jobs["tell#1"].attempt for case in cases] == [0, 0, 0]
    assert house.worker.run_due() == 3, "though the lease has not run out"
    for case in cases:
        assert list(house.case(case.id).tasks) == ["sign#1"]
        assert house.messages.sent.count(f"{case.id}/tell#1") in (1, 2)


def test_a_timer_is_not_put_off_because_the_database_went_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case = house.checked()
    house.clock.set(case.timers["reminder#1"].due)
    fail_next(house, monkeypatch, DatabaseUnavailableError())
    with pytest.raises(DatabaseUnavailableError):
        house.worker.run_due()
    house.worker.drain()
    assert house.case(case.id).timers == {}
    assert house.case(case.id).incidents == {}


def test_what_was_claimed_before_a_long_outage_is_left_to_whoever_claims_it_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = passed(house)
    fail_next(house, monkeypatch, DatabaseUnavailableError())
    with pytest.raises(DatabaseUnavailableError):
        house.worker.run_due()
    house.clock.advance(timedelta(seconds=60))
    other = Worker(house.ports, house.bus, "other")
    assert other.drain() == 1
    house.worker.drain()
    done = [link for link in house.store.events(case.id) if isinstance(link.event, events.JobCompleted)]
    assert len(done) == 1


def test_a_job_whose_case_is_held_by_others_is_tried_again_when_its_lease_runs_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = passed(house)
    fail_next(house, monkeypatch, DatabaseBusyError())
    house.worker.drain()
    assert house.case(case.id).jobs["tell#1"].attempt == 0
    house.clock.advance(timedelta(seconds=60))
    house.worker.drain()
    assert list(house.case(case.id).tasks) == ["sign#1"]
