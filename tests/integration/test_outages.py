"""Samples of the campaigns in tests/soak: processes are killed and the database goes away while people work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from engine.adapters.db import outage
from engine.adapters.db.connection import connect, reading, writing
from engine.domain.errors import DatabaseUnavailableError
from tests.soak import soak_cut, soak_kill, soak_races
from tests.soak.installation import Size
from tests.support import seeds
from tests.support.postgres import free_port, server
from tests.support.wire import Wire, wire


@pytest.fixture
def seed() -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the campaigns stop and start a PostgreSQL of their own")
    chosen = seeds.of_this_run()
    print(f"seed {chosen}")
    return chosen


@pytest.fixture
def line() -> Iterator[tuple[str, Wire]]:
    """The address of a PostgreSQL, and the wire it is reached by."""
    port = free_port()
    with server(port=port), wire("127.0.0.1", port) as own:
        yield f"postgresql://postgres@127.0.0.1:{own.port}/postgres", own


@pytest.mark.postgres
@pytest.mark.parametrize("context", [reading, writing])
def test_who_is_reached_but_says_nothing_is_given_up_and_asked_anew(
    line: tuple[str, Wire], monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    monkeypatch.setattr(outage, "ANSWER_SECONDS", 0.5)
    url, own = line
    engine = connect(url)
    with context(engine) as connection:
        connection.execute(text("SELECT 1"))
    own.black_hole()
    with pytest.raises(DatabaseUnavailableError), context(engine) as connection:
        connection.execute(text("SELECT 1"))
    own.mend()
    with context(engine) as connection:
        assert connection.execute(text("SELECT 2")).scalar_one() == 2
    engine.dispose()


@pytest.mark.postgres
def test_work_on_whole_tables_may_take_its_time(line: tuple[str, Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "ANSWER_SECONDS", 0.3)
    engine = connect(line[0])
    slow = text("SELECT 7 FROM pg_sleep(1)")
    with pytest.raises(DatabaseUnavailableError), reading(engine) as connection:
        connection.execute(slow)
    with outage.patience(), reading(engine) as connection:
        assert connection.execute(slow).scalar_one() == 7
    with pytest.raises(DatabaseUnavailableError), reading(engine) as connection:
        connection.execute(slow)
    engine.dispose()


@pytest.mark.postgres
def test_killed_processes_lose_and_double_nothing(seed: int) -> None:
    assert soak_kill.run("postgres", 6, seed, Size(web=2, workers=1, crews=4, lease=2, small=True)) == 0


def test_a_killed_process_on_sqlite_loses_and_doubles_nothing(seed: int) -> None:
    assert soak_kill.run("sqlite", 4, seed, Size(web=1, workers=0, crews=3, lease=2, small=True)) == 0


@pytest.mark.postgres
def test_a_database_that_goes_away_costs_nothing_but_time(seed: int) -> None:
    size = Size(web=2, workers=1, crews=4, lease=10, small=True)
    assert soak_cut.run(2.5, seed, ("cut", "reset", "crash"), size=size, between=1.0) == 0


@pytest.mark.postgres
def test_of_a_crowd_that_presses_the_same_button_one_has_done_it(seed: int) -> None:
    assert soak_races.run("postgres", 3, seed, Size(web=2, workers=0, crews=0, small=True)) == 0
