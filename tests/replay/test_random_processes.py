"""Random processes deployed in a house: after every command all but the events is dropped, rebuilt and compared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from engine.adapters.db import upgrade
from tests.support import seeds
from tests.support.random_blocks import Block, processes
from tests.support.random_house import EngineStage, RandomHouse
from tests.support.random_walk import PROCESS, Figures, deployed, walk

SEED = seeds.of_this_run()


@pytest.fixture(params=[("sqlite", 25), pytest.param(("postgres", 10), marks=pytest.mark.postgres)],
                ids=["sqlite", "postgres"])  # fmt: skip
def house_and_count(request: pytest.FixtureRequest) -> Iterator[tuple[RandomHouse, int]]:
    database, count = request.param
    url = request.getfixturevalue(f"{database}_url")
    upgrade(url)
    house = RandomHouse(url)
    yield house, count
    house.close()


def test_random_processes_go_their_way_and_survive_a_rebuild_after_every_step(
    house_and_count: tuple[RandomHouse, int],
) -> None:
    house, count = house_and_count
    figures = Figures()
    print(f"SEED={SEED}")

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(processes(), st.data())
    def play(block: Block, data: st.DataObject) -> None:
        stage = EngineStage(house, deployed(block), PROCESS)
        walk(block, stage, data.draw, figures)
        stage.prove()

    play()
    assert figures.walks >= count
    assert len(figures.kinds) > 10
