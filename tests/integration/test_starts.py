"""Start timers on real databases: several workers, workers that are killed, deployments meanwhile."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from engine.adapters.db import upgrade
from engine.adapters.db.unit_of_work import SqlUnitOfWork
from engine.commands.messages import DeployProcedure
from engine.domain.codec import plain
from engine.domain.procedure import Procedure
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support.signal_house import asked, made
from tests.support.small_house import ADMIN, NINE, UNIT
from tests.support.sql_house import SqlHouse
from tests.support.threads import at_once

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DAYS = 6


def timed(version: int) -> Procedure:
    return made("0.000002", b.begin("clock", "timer", "R/2022-12-01T08:00:00+07:00/P1D"), asked("look"), b.end(),
                *b.chain("clock", "look", "end"), version=version)  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def houses(request: pytest.FixtureRequest) -> Iterator[list[SqlHouse]]:
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    found = [SqlHouse(url, f"h{n}", timed(1)) for n in range(3)]
    yield found
    for each in found:
        each.close()


def slots(house: SqlHouse) -> Counter[str]:
    cases = [house.case(case_id) for _, case_id in house.store.case_ids()]
    return Counter(case.begun["name"][:16] for case in cases)


def deploy(house: SqlHouse, version: int) -> None:
    house.do(DeployProcedure(procedure=timed(version)), ADMIN)


def test_workers_and_deployments_at_once_open_each_slot_exactly_once(houses: list[SqlHouse]) -> None:
    house = houses[0]
    deploy(house, 1)
    for day in range(1, DAYS + 1):
        for each in houses:
            each.clock.set(NINE + day * DAY)
            each.catalog.procedures = tuple(timed(version) for version in range(1, day + 1))
        found = at_once([*(each.worker.drain for each in houses), partial(deploy, house, day)])
        assert [each for each in found if isinstance(each, Exception)] == []
        house.worker.drain()  # what one passed over while another was claiming
    assert slots(house) == {f"2022-12-{19 + day}T08:00": 1 for day in range(1, DAYS + 1)}
    for _, case_id in house.store.case_ids():
        assert replay(house.ports, UNIT, case_id) == []
        rows = plain(house.store.rows(case_id))
        house.store.rebuild(rebuilt(house.ports, case_id))
        assert plain(house.store.rows(case_id)) == rows


def test_deploying_twenty_times_plans_once(houses: list[SqlHouse]) -> None:
    deploy(houses[0], 1)
    before = houses[0].store.start_timers()
    for _ in range(20):
        deploy(houses[0], 1)
    assert houses[0].store.start_timers() == before
    assert len(before) == 1


def test_a_worker_killed_before_its_commit_loses_no_slot_and_doubles_none(
    houses: list[SqlHouse], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, other, _ = houses
    deploy(house, 1)
    for each in houses:
        each.worker.drain()
    for day in range(1, 4):
        for each in houses:
            each.clock.set(NINE + day * DAY)
        child = os.fork()
        if child == 0:  # dies with everything written and nothing committed
            monkeypatch.setattr(SqlUnitOfWork, "commit", lambda work: os._exit(7))
            try:
                house.worker.drain()
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert other.worker.drain() == 0, "the lease still holds"
        other.clock.advance(2 * MINUTE)
        assert other.worker.drain() == 1
        assert other.worker.drain() == 0
        house.clock.set(other.clock.now())
    assert slots(house) == {f"2022-12-{19 + day}T08:00": 1 for day in range(1, 4)}
