"""Heartbeats and trials on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.adapters.db import SqlStore
from engine.adapters.db.house_state import SqlHouseState
from engine.domain.outside_trial import Trial
from engine.ports.house_state import Beat
from tests.support.threads import at_once

NOW = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
BEAT = Beat(unit="xa-mau", process="host/1", release="0.2.0", started_at=NOW, beat_at=NOW)
TRIAL = Trial(unit="xa-mau", party="mail", at=NOW, who="a", well=False, said="đóng", millis=7)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def state(request: pytest.FixtureRequest) -> SqlHouseState:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return SqlHouseState(found)


def test_a_process_is_one_row_and_forgotten_after_a_week_of_silence(state: SqlHouseState) -> None:
    state.beat(BEAT)
    state.beat(replace(BEAT, process="host/2"))
    later = replace(BEAT, beat_at=NOW + timedelta(days=3))
    state.beat(later)
    assert [one.process for one in state.beats()] == ["host/1", "host/2"]
    state.beat(replace(BEAT, process="host/3", beat_at=NOW + timedelta(days=8)))
    assert [one.process for one in state.beats()] == ["host/3", "host/1"]


def test_the_latest_trial_of_each_party_is_kept_by_unit(state: SqlHouseState) -> None:
    at_once([lambda: state.note_trial(TRIAL)] * 4)
    state.note_trial(replace(TRIAL, well=True, said="250 OK"))
    state.note_trial(replace(TRIAL, unit="xa-khac"))
    assert state.trials("xa-mau") == {"mail": replace(TRIAL, well=True, said="250 OK")}


def test_an_empty_house_has_nothing_late_and_its_database_tells_the_time(state: SqlHouseState) -> None:
    assert state.late(NOW) == {"jobs": 0, "timers": 0, "incidents": 0}
    assert state.clock().tzinfo is UTC
    assert state.clock() <= state.clock()
