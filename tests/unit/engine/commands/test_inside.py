"""Jobs that touch nothing outside: done in the commit of the step that asks for them, or left whole to a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.commands import inside
from engine.commands.bus import Bus
from engine.commands.job_types import JOB_TYPES, JobType
from engine.commands.messages import ClaimTask, CompleteTask, ResumeCase, RetryIncident, SuspendCase
from engine.commands.work import Work
from engine.commands.worker import Worker
from engine.domain.case import Case, Job
from engine.domain.errors import RuleError, StaleVersionError
from engine.domain.history import broken_links
from engine.domain.procedure import Procedure
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support.signal_house import asked, filed, made
from tests.support.small_house import ADMIN, CHAIRMAN, CLERK, UNIT, House
from tests.support.told_house import with_notices


def working(*types: str) -> Procedure:
    """look (clerk), then a job of each type, then `done` (clerk)."""
    names = [f"job{number}" for number in range(1, len(types) + 1)]
    jobs = [
        b.element("serviceTask", name, b.extensions(f'<zeebe:taskDefinition type="{kind}" retries="1"/>'), name=name)
        for name, kind in zip(names, types, strict=True)
    ]
    chain = b.chain("start", "look", *names, "done", "end")
    return made("0.000002", b.start(), asked("look"), *jobs, asked("done"), b.end(), *chain)


def looked_at(*types: str) -> tuple[House, Case]:
    """The case after the clerk's step; no worker has been at it."""
    house = House(procedure := working(*types))
    case = filed(house, procedure)
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="look#1"), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="look#1", data={}), CLERK, "the-step")
    return house, house.case(case.id)


def proven(house: House, case: Case) -> bool:
    history = house.store.events(case.id)
    return (
        not broken_links(history)
        and rebuilt(house.ports, case.id) == house.case(case.id)
        and not replay(house.ports, UNIT, case.id)
    )


def breaking(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Receipts draw their number, and then something goes wrong."""

    def record(work: Work, job: Job, outcome: Mapping[str, Any]) -> dict[str, Any]:
        work.number("receipt/broken")
        raise error

    monkeypatch.setitem(JOB_TYPES, "receipt.issue", JobType(record, inside=True))


def test_what_needs_nothing_outside_is_done_in_the_same_commit() -> None:
    house, case = looked_at("fee.assess", "receipt.issue")
    assert (case.tasks.keys(), case.jobs) == ({"done#1"}, {})
    assert (case.fee_total, len(case.receipts)) == (3000, 1)
    history = house.store.events(case.id)
    tags = [link.event.tag for link in history if link.cause == "the-step"]
    assert tags == [
        "task:completed", "process:advanced", "job:created",
        "fee:assessed", "job:completed", "process:advanced", "job:created",
        "receipt:issued", "job:completed", "process:advanced", "task:created",
    ]  # fmt: skip
    assert proven(house, case)


def test_history_tells_the_machines_doing_from_the_clerks() -> None:
    house, case = looked_at("fee.assess")
    doers = {link.event.tag: link.actor for link in house.store.events(case.id) if link.cause == "the-step"}
    assert (doers["task:completed"], doers["job:created"]) == (CLERK.id, CLERK.id)
    assert (doers["fee:assessed"], doers["job:completed"], doers["task:created"]) == ("system",) * 3


def test_what_acts_outside_stays_in_the_queue_and_so_does_what_comes_after_it() -> None:
    house, case = looked_at("fee.assess", "notify", "receipt.issue")
    assert [job.type for job in case.jobs.values()] == ["notify"]
    assert (case.fee_total, case.receipts) == (3000, ())
    house.worker.drain()
    assert house.case(case.id).tasks.keys() == {"done#1"}, "the receipt came with the commit of the notice"
    assert proven(house, case)


@pytest.mark.parametrize("error", [RuleError(reason="Hỏng.", reason_en="Broken."), KeyError("hỏng")])
def test_one_that_fails_is_a_workers_and_nothing_of_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    breaking(monkeypatch, error)
    house, case = looked_at("fee.assess", "receipt.issue")
    assert [job.type for job in case.jobs.values()] == ["fee.assess"], "the clerk's step stands, its jobs wait"
    assert house.store._content.counters.get((UNIT, "receipt/broken")) is None, "no number was used up"
    house.worker.drain()
    after = house.case(case.id)
    assert [job.type for job in after.jobs.values()] == ["receipt.issue"]
    (incident,) = after.incidents.values()
    monkeypatch.undo()
    house.do(RetryIncident(unit=UNIT, case_id=case.id, incident=incident.id, note="đã sửa"), ADMIN)
    house.worker.drain()
    assert house.case(case.id).tasks.keys() == {"done#1"}
    assert proven(house, case)


def test_who_is_told_that_somebody_was_first_does_not_try_without_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def record(work: Work, job: Job, outcome: Mapping[str, Any]) -> dict[str, Any]:
        tries.append(job.key)
        if len(tries) == 1:
            raise StaleVersionError()
        return {}

    monkeypatch.setitem(JOB_TYPES, "receipt.issue", JobType(record, inside=True))
    _, case = looked_at("receipt.issue")
    assert (tries, case.jobs) == (["job1#1"] * 2, {})


def test_an_unknown_kind_of_job_is_a_workers_to_stumble_over() -> None:
    house, case = looked_at("no.such")
    house.worker.drain()
    assert [x.kind for x in house.case(case.id).incidents.values()] == ["job"]


def test_a_circle_of_jobs_is_broken_off_and_gone_on_with_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "MOST", 3)
    house, case = looked_at(*["fee.assess"] * 5)
    assert list(case.jobs) == ["job4#1"]
    house.worker.drain()
    assert house.case(case.id).tasks.keys() == {"done#1"}
    assert proven(house, case)


def test_counters_are_drawn_from_in_one_order_so_that_no_two_commands_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drawing(counter: str) -> JobType:
        def record(work: Work, job: Job, outcome: Mapping[str, Any]) -> dict[str, Any]:
            return {"number": work.number(counter)}

        return JobType(record, inside=True)

    monkeypatch.setitem(JOB_TYPES, "b", drawing("b"))
    monkeypatch.setitem(JOB_TYPES, "a", drawing("a"))
    house, case = looked_at("b", "b", "a")
    assert list(case.jobs) == ["job3#1"], "a comes before b: it is drawn by a command of its own"
    house.worker.drain()
    assert house.case(case.id).tasks.keys() == {"done#1"}
    assert house.store._content.counters[UNIT, "a"] == 1


def test_a_job_that_waited_out_a_suspension_is_a_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, RuleError(reason="Hỏng.", reason_en="Broken."))
    house, case = looked_at("receipt.issue")
    monkeypatch.undo()
    house.do(SuspendCase(unit=UNIT, case_id=case.id, reason="Xem lại"), ADMIN)
    assert house.worker.drain() == 0
    house.do(ResumeCase(unit=UNIT, case_id=case.id, note=""), ADMIN)
    assert house.case(case.id).receipts == ()
    house.worker.drain()
    assert len(house.case(case.id).receipts) == 1


def test_the_same_key_again_gets_the_first_answer_and_no_second_job() -> None:
    house, case = looked_at("receipt.issue")
    again = house.do(CompleteTask(unit=UNIT, case_id=case.id, key="look#1", data={}), CLERK, "the-step")
    assert (again.repeated, again.version) == (True, case.version)
    assert len(house.case(case.id).receipts) == 1


def telling_house(*, inside: bool) -> House:
    """The small house that tells by rows of its database, in the step's own commit or by a worker as others do."""
    house = House()
    with_notices(house, house.store.notices())
    if not inside:
        house.ports = replace(house.ports, notice_rows=None)
        house.bus = Bus(house.ports)
        house.worker = Worker(house.ports, house.bus, "test")
    return house


def rows_told(house: House, case: Case) -> list[tuple[str, ...]]:
    """What is told of a case, in the order of the inbox: template, by which event, what it says."""
    kept = house.store.notices().of_case(UNIT, case.id)
    told = [each.notice for each in sorted(kept, key=lambda each: each.notice.created_at)]
    words = [{name: value for name, value in each.data.items() if name not in ("at", "code")} for each in told]
    return [(x.template, x.event, str(said), x.email, x.wish) for x, said in zip(told, words, strict=True)]


def test_a_notice_that_is_a_row_of_this_database_is_written_by_the_step_itself() -> None:
    house = telling_house(inside=True)
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK, "the-step")
    after = house.case(case.id)
    assert (after.jobs, after.tasks.keys()) == ({}, {"sign#1"})
    history = house.store.events(case.id)
    assert "notification:sent" in [link.event.tag for link in history if link.cause == "the-step"]
    assert [each[1] for each in rows_told(house, after)].count("notify") == 1
    assert proven(house, after)
    again = house.do(
        CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK, "the-step"
    )
    assert again.repeated
    assert [each[1] for each in rows_told(house, after)].count("notify") == 1


def test_the_same_is_told_in_the_same_order_and_words_as_by_a_worker() -> None:
    found = []
    for inside_the_step in (True, False):
        house = telling_house(inside=inside_the_step)
        case = house.file()
        house.clock.advance(timedelta(milliseconds=1))
        for key, actor, data in (("check#1", CLERK, {"decision": "ok"}), ("sign#1", CHAIRMAN, {})):
            house.do(ClaimTask(unit=UNIT, case_id=case.id, key=key), actor)
            house.do(CompleteTask(unit=UNIT, case_id=case.id, key=key, data=data), actor)
            house.clock.advance(timedelta(milliseconds=1))
            house.worker.drain()
            house.clock.advance(timedelta(milliseconds=1))
        found.append(rows_told(house, house.case(case.id)))
    assert found[0] == found[1]
    assert len(found[0]) > 2


def test_a_step_that_fails_after_its_notice_tells_nothing_and_a_worker_tells_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    breaking(monkeypatch, RuleError(reason="Hỏng.", reason_en="Broken."))
    house = House(procedure := working("notify", "receipt.issue"))
    with_notices(house, house.store.notices())
    case = filed(house, procedure)
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="look#1"), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="look#1", data={}), CLERK)
    assert [each for each in rows_told(house, case) if each[1] == "notify"] == []
    monkeypatch.undo()
    house.worker.drain()
    assert house.case(case.id).tasks.keys() == {"done#1"}
    assert len([each for each in rows_told(house, case) if each[1] == "notify"]) == 1
    assert proven(house, case)


def test_what_cannot_be_told_with_the_step_is_a_workers_and_then_an_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> dict[str, Any]:
        raise KeyError("hỏng")

    monkeypatch.setitem(JOB_TYPES, "notify", replace(JOB_TYPES["notify"], perform=broken))
    house = House(procedure := working("notify"))
    with_notices(house, house.store.notices())
    case = filed(house, procedure)
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="look#1"), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="look#1", data={}), CLERK)
    assert [job.type for job in house.case(case.id).jobs.values()] == ["notify"]
    house.worker.drain()
    assert [x.kind for x in house.case(case.id).incidents.values()] == ["job"]
