"""People and machines at the same instant: one wins, the others are told so, nothing is half-written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from engine.adapters.db import upgrade
from engine.commands.bus import Bus
from engine.commands.handling_messages import MarkDocument
from engine.commands.messages import AddComment, CancelCase, ClaimTask, CompleteJob, CompleteTask
from engine.domain import events
from engine.domain.actor import Actor, system
from engine.domain.case import Case
from engine.domain.codec import plain
from engine.domain.errors import DomainError, LeaseLostError
from engine.domain.history import broken_links
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, OTHER_CLERK, UNIT, submit
from tests.support.sql_house import SqlHouse
from tests.support.threads import at_once

REFUSALS = {"task_not_open", "stale_version", "not_assignee"}
OUTCOME = {"template": "status", "channel": "email", "recipient": "lan@example.vn"}
HouseMaker = Callable[[str], SqlHouse]


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{getattr(request, 'param', 'postgres')}_url")
    upgrade(found)
    return found


@pytest.fixture
def open_house(url: str) -> Iterator[HouseMaker]:
    with ExitStack() as stack:

        def make(name: str) -> SqlHouse:
            house = SqlHouse(url, name)
            stack.callback(house.close)
            return house

        yield make


both = pytest.mark.parametrize(
    ("url", "times"), [("sqlite", 30), pytest.param("postgres", 100, marks=pytest.mark.postgres)], indirect=["url"]
)


def codes(found: list[Any]) -> list[str]:
    """Refusals by code; anything that is no refusal of the house is raised."""
    for each in found:
        if isinstance(each, Exception) and not isinstance(each, DomainError):
            raise each
    return [each.code for each in found if isinstance(each, DomainError)]


def claimed(house: SqlHouse, actor: Actor = CLERK) -> Case:
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), actor)
    return house.case(case.id)


def check_whole(house: SqlHouse, case_id: str) -> Case:
    """History unbroken, and the rows are exactly those of the folded case."""
    case, history = house.case(case_id), house.store.events(case_id)
    assert broken_links(history) == []
    assert (len(history), history[-1].hash) == (case.version, case.head_hash)
    rows = plain(house.store.rows(case_id))
    house.store.rebuild(case)
    assert plain(house.store.rows(case_id)) == rows
    return case


def deadlocks(*houses: SqlHouse) -> int:
    """How many PostgreSQL had to end; its servers tell when their connections are given back. SQLite has none."""
    if houses[0].sql.engine.dialect.name == "sqlite":
        return 0
    for house in houses:
        house.sql.engine.dispose()
    with houses[0].sql.reading() as connection:
        counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(connection.execute(counted).scalar_one())


def kinds(house: SqlHouse, case_id: str) -> Counter[type]:
    return Counter(type(link.event) for link in house.store.events(case_id))


def complete(house: SqlHouse, case: Case, version: int | None = None) -> Any:
    return house.do(
        CompleteTask(unit=UNIT, case_id=case.id, key="check#1", version=version, data={"decision": "ok"}), CLERK
    )


@both
def test_of_two_who_complete_a_task_at_once_one_wins(open_house: HouseMaker, times: int) -> None:
    here, there = open_house("here"), open_house("there")
    for turn in range(times):
        case = claimed(here)
        version = case.version if turn % 2 else None
        found = at_once([partial(complete, house, case, version) for house in (here, there)])
        refused = codes(found)
        assert len(refused) == 1, found
        assert set(refused) <= REFUSALS
        assert kinds(here, case.id)[events.TaskCompleted] == 1
        assert list(check_whole(here, case.id).jobs) == ["tell#1"]


@both
def test_of_two_who_claim_a_task_at_once_one_holds_it(open_house: HouseMaker, times: int) -> None:
    here, there = open_house("here"), open_house("there")
    for _ in range(times // 2):
        case = here.file()
        command = ClaimTask(unit=UNIT, case_id=case.id, key="check#1")
        found = at_once([partial(here.do, command, CLERK), partial(there.do, command, OTHER_CLERK)])
        assert codes(found) == ["task_taken"]
        assert kinds(here, case.id)[events.TaskClaimed] == 1
        winner = "clerk1" if not isinstance(found[0], Exception) else "clerk2"
        assert check_whole(here, case.id).tasks["check#1"].assignee == winner


@both
def test_a_command_sent_twice_at_once_acts_once_and_both_get_the_answer(open_house: HouseMaker, times: int) -> None:
    here, there = open_house("here"), open_house("there")
    for turn in range(times // 4):
        first, second = at_once([partial(house.do, submit(), CITIZEN, f"file/{turn}") for house in (here, there)])
        assert codes([first, second]) == []
        assert first.case_id == second.case_id
        assert {first.repeated, second.repeated} == {True, False}
        case = here.case(first.case_id)
        here.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
        command = CompleteTask(
            unit=UNIT, case_id=case.id, key="check#1", version=case.version + 1, data={"decision": "ok"}
        )
        answers = at_once([partial(house.do, command, CLERK, f"done/{turn}") for house in (here, there)])
        assert codes(answers) == [], "a double click is not told that somebody else was first"
        assert {answer.version for answer in answers} == {here.case(case.id).version}
    assert len(here.store.case_ids()) == times // 4
    assert len({here.case(case_id).code for _, case_id in here.store.case_ids()}) == times // 4


@both
def test_notes_written_at_once_are_all_kept(open_house: HouseMaker, times: int) -> None:
    houses = [open_house(f"h{n}") for n in range(4)]
    case = houses[0].file()

    def write(house: SqlHouse) -> None:
        for turn in range(times // 10):
            house.do(AddComment(unit=UNIT, case_id=case.id, text=f"Ghi chú {turn}"), CLERK)

    assert codes(at_once([partial(write, house) for house in houses])) == []
    assert kinds(houses[0], case.id)[events.CaseCommented] == 4 * (times // 10)
    check_whole(houses[0], case.id)


@both
def test_two_workers_do_every_job_once(open_house: HouseMaker, times: int) -> None:
    here, there = open_house("here"), open_house("there")
    cases = [complete(here, claimed(here)).case_id for _ in range(times)]
    done = at_once([house.worker.drain for house in (here, there)])
    assert codes(done) == []
    here.worker.drain()  # what one passed over while the other was claiming
    assert sorted(here.messages.sent + there.messages.sent) == sorted(f"{case}/tell#1" for case in cases)
    for case_id in cases:
        assert kinds(here, case_id)[events.JobCompleted] == 1
        assert list(here.case(case_id).tasks) == ["sign#1"]


@pytest.mark.postgres
def test_two_worker_processes_do_every_job_once(open_house: HouseMaker, url: str) -> None:
    house = open_house("parent")
    cases = [complete(house, claimed(house)).case_id for _ in range(40)]
    children = []
    for number in range(2):
        child = os.fork()
        if child == 0:  # the child uses the very store its parent has open
            status = 1
            try:
                house.worker._name = f"child{number}"
                house.worker.drain()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert len(house.store.case_ids()) == 40, "the parent's own connections still work"
    for case_id in cases:
        assert kinds(house, case_id)[events.JobCompleted] == 1


@both
def test_a_worker_that_vanished_is_overtaken_and_cannot_come_back(open_house: HouseMaker, times: int) -> None:
    gone, other = open_house("gone"), open_house("other")
    case = claimed(gone)
    complete(gone, case)
    now = gone.clock.now()
    (lease,) = gone.store.claim("job", now, limit=5, lease=timedelta(seconds=60))
    assert other.worker.drain() == 0
    other.clock.advance(timedelta(seconds=60))
    assert other.worker.drain() == 1
    with pytest.raises(LeaseLostError):
        gone.do(CompleteJob(lease=lease, outcome=OUTCOME), system(UNIT))
    assert kinds(other, case.id)[events.JobCompleted] == 1
    assert list(check_whole(other, case.id).tasks) == ["sign#1"]


@both
def test_a_machine_that_finishes_while_a_person_stops_the_case_never_deadlocks(
    open_house: HouseMaker, times: int
) -> None:
    here, there = open_house("here"), open_house("there")
    for _ in range(times // 4):
        case = claimed(here)
        complete(here, case)
        (lease,) = here.store.claim("job", here.clock.now(), limit=5, lease=timedelta(seconds=60))
        found = at_once(
            [
                partial(here.do, CompleteJob(lease=lease, outcome=OUTCOME), system(UNIT)),
                partial(there.do, CancelCase(unit=UNIT, case_id=case.id, reason="Trùng"), CHAIRMAN),
            ]
        )
        assert set(codes(found)) <= {"lease_lost"}
        assert check_whole(here, case.id).ended
    assert deadlocks(here, there) == 0


@pytest.mark.postgres
def test_no_transaction_of_all_this_ended_in_a_deadlock(open_house: HouseMaker) -> None:
    here, there = open_house("here"), open_house("there")
    cases = [claimed(here) for _ in range(10)]
    at_once([lambda house=house: [complete(house, case) for case in cases] for house in (here, there)])
    at_once([house.worker.drain for house in (here, there)])
    assert deadlocks(here, there) == 0


def papers_known(house: SqlHouse) -> SqlHouse:
    """A house that takes every file for one it has."""
    house.ports = replace(house.ports, files=SimpleNamespace(exists=lambda sha256: True))  # type: ignore[arg-type]  # asked no more
    house.bus = Bus(house.ports)
    return house


@both
def test_officers_who_mark_one_paper_at_once_leave_one_mark_and_its_history(open_house: HouseMaker, times: int) -> None:
    paper = {"key": "so", "name": "sổ.pdf", "sha256": "a" * 64, "size": 9, "media_type": "application/pdf"}
    one, two = papers_known(open_house("one")), papers_known(open_house("two"))
    for _ in range(times // 5):
        case_id = one.do(submit(documents=(paper,)), CITIZEN).case_id
        mark = MarkDocument(unit=UNIT, case_id=case_id, sha256=paper["sha256"], mark="compared")  # type: ignore[arg-type]  # a text
        assert codes(at_once([partial(one.do, mark, CLERK), partial(two.do, mark, OTHER_CLERK)])) == []
        case = check_whole(one, case_id)
        assert len(case.marks) == 1
        assert [link.event.tag for link in one.store.events(case_id)].count("document:marked") == 1


@both
def test_a_task_is_completed_while_papers_are_marked_and_neither_is_lost(open_house: HouseMaker, times: int) -> None:
    paper = {"key": "so", "name": "sổ.pdf", "sha256": "a" * 64, "size": 9, "media_type": "application/pdf"}
    one, two = papers_known(open_house("one")), papers_known(open_house("two"))
    for _ in range(times // 5):
        case_id = one.do(submit(documents=(paper,)), CITIZEN).case_id
        one.do(ClaimTask(unit=UNIT, case_id=case_id, key="check#1"), CLERK)
        seen = one.case(case_id).version
        done = CompleteTask(unit=UNIT, case_id=case_id, key="check#1", version=seen, data={"decision": "ok"})
        mark = MarkDocument(unit=UNIT, case_id=case_id, sha256=paper["sha256"], mark="digitised")  # type: ignore[arg-type]  # a text
        refused = codes(at_once([partial(one.do, done, CLERK), partial(two.do, mark, OTHER_CLERK)]))
        assert refused in ([], ["stale_version"])
        case = check_whole(one, case_id)
        assert len(case.marks) == 1
        assert ("check#1" in case.tasks) == (refused == ["stale_version"])
