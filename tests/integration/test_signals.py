"""Signals on real databases: several workers at once, and rows that are what the folded case says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from engine.adapters.db import upgrade
from engine.domain.codec import plain
from engine.replay import rebuilt, replay
from tests.support.signal_house import ALL, HEARS, WARNS, completed, filed
from tests.support.small_house import UNIT
from tests.support.sql_house import SqlHouse
from tests.support.threads import at_once

WORKERS = 3


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def houses(request: pytest.FixtureRequest) -> Iterator[list[SqlHouse]]:
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    found = [SqlHouse(url, f"h{n}", *ALL) for n in range(WORKERS)]
    yield found
    for each in found:
        each.close()


def test_several_workers_deliver_every_signal_to_every_case_once(houses: list[SqlHouse]) -> None:
    house = houses[0]
    hearing = [filed(house, HEARS) for _ in range(5)]
    warning = [filed(house, WARNS) for _ in range(4)]
    for case in warning:
        completed(house, case, "look#1")
    found = at_once([each.worker.drain for each in houses])
    assert [each for each in found if isinstance(each, Exception)] == []
    house.worker.drain()
    for case in (*hearing, *warning):
        now = house.case(case.id)
        tags = Counter(link.event.tag for link in house.store.events(case.id))
        assert tags["signal:caught"] == (4 if case in hearing else 0)
        assert now.broadcasts == {}
        assert replay(house.ports, UNIT, case.id) == []
        rows = plain(house.store.rows(case.id))
        assert len(rows["signal_wait"]) == len(now.listeners)
        house.store.rebuild(rebuilt(house.ports, case.id))
        assert plain(house.store.rows(case.id)) == rows
