"""After every step of every scenario everything but the events is dropped and rebuilt, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.case import Case
from engine.domain.codec import dumps, plain
from engine.replay import rebuilt, replay
from tests.support.desk import Desk, open_desk, scenario_paths


class Rebuilder:
    """Compares the live case with the one its events fold to, then goes on with the rebuilt rows."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.steps = 0

    def __call__(self, live: Case) -> None:
        store = self.desk.app.store
        rows = plain(store.rows(live.id))
        again = rebuilt(self.desk.app.ports, live.id)
        assert dumps(again) == dumps(live)
        store.rebuild(again)
        assert plain(store.rows(live.id)) == rows
        assert dumps(store.case(live.unit, live.id)) == dumps(live)
        self.steps += 1


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    url = request.getfixturevalue(f"deployed_{request.param}_url")
    desk = open_desk(tmp_path, url, deployed=True)
    yield desk
    desk.app.store.close()


@pytest.mark.parametrize("path", scenario_paths(), ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_scenario_goes_its_way_and_survives_a_rebuild_after_every_step(path: Path, desk: Desk) -> None:
    rebuilder = Rebuilder(desk)
    case = desk.play(path, watch=rebuilder)
    assert rebuilder.steps >= 2
    assert replay(desk.app.ports, case.unit, case.id) == []
