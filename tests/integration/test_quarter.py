"""A made-up quarter: form II.06a and the score of QĐ 766 are what a second count from the raw events gives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.adapters.db import SqlStore, open_store, upgrade
from tests.support import seeds
from tests.support.counted import town
from tests.support.quarter import quarter
from tests.support.second_count import PERIODS, check_all, made

CASES = 400


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Any:
    url: str = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    opened = open_store(url)
    yield opened
    opened.close()


def test_both_reports_are_what_a_second_count_from_raw_events_gives(store: SqlStore) -> None:
    seed = seeds.of_this_run()
    print(f"seed {seed}")
    check_all(made(store, CASES, seed), PERIODS)


def test_every_kind_of_case_and_every_column_is_there() -> None:
    histories = list(quarter(town(), 7, CASES))
    tags = {link.event.tag for history in histories for link in history}
    assert {"case:withdrawn", "case:cancelled", "result:revoked", "case:rated", "payment:received"} <= tags
    kinds = {link.event.kind for h in histories for link in h if link.event.tag == "deadline:adjusted"}  # type: ignore[attr-defined]  # of this tag
    assert kinds == {
        "started", "paused", "resumed", "restarted", "extended", "reappointed", "finished", "stopped"
    }  # fmt: skip
    assert [h[-1].hash for h in histories] == [h[-1].hash for h in quarter(town(), 7, CASES)]
    assert date(2022, 12, 14) in {h[0].at.date() for h in histories}
