"""Random processes of every executed element, run by a forgetful runner against an independent oracle."""

from __future__ import annotations

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.support import seeds
from tests.support.random_blocks import Block, processes
from tests.support.random_walk import Figures, RunnerStage, deployed, walk

COUNT = 40
SEED = seeds.of_this_run()


def test_random_processes_wait_and_end_where_they_must() -> None:
    figures = Figures()
    print(f"SEED={SEED}")

    @seed(SEED)
    @settings(max_examples=COUNT, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(processes(), st.data())
    def play(block: Block, data: st.DataObject) -> None:
        walk(block, RunnerStage(deployed(block)), data.draw, figures)

    play()
    assert figures.walks >= COUNT
    assert figures.moves > 3 * figures.walks
    assert len(figures.kinds) > 20
