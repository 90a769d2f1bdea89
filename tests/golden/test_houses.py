"""What earlier releases wrote is brought up, proven and gone on with by this one."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock
from engine.bootstrap import App, build
from engine.domain.case_text import case_from
from engine.domain.codec import plain
from engine.replay import rebuilt, replay
from engine.scenarios import Player, Scenario
from engine.settings import Settings
from tests.golden.houses import House, Release, put_back, read, releases
from tests.support.desk import ROOT, UNIT, officer

cached = cache(read)
NAMES = [pytest.param(release, name, id=f"{release}: {name}") for release in releases() for name in cached(release)[1]]
SOME = NAMES[::7]


def test_some_release_has_left_something() -> None:
    assert NAMES


def open_house(home: Path, url: str, release: Release, house: House) -> tuple[App, SteppedClock]:
    """The house as it was left, brought up to this release."""
    put_back(url, release, house).close()
    settings = Settings(home=home, database_url=url, catalog=ROOT / "catalog", unit=UNIT, secure_cookies=False)
    clock = SteppedClock(datetime.fromisoformat(house.now))
    app = build(settings, clock=clock)
    for digest, content in house.files.items():
        assert app.files.put(base64.b64decode(content)) == digest
    return app, clock


def untagged(value: dict[str, Any]) -> Any:
    """Instants and decimals as they were before they were written down."""
    if len(value) == 1 and "@at" in value:
        return datetime.fromisoformat(value["@at"])
    return Decimal(value["@dec"]) if len(value) == 1 and "@dec" in value else value


def scenario_of(house: House) -> Scenario:
    fields = json.loads(json.dumps(house.scenario), object_hook=untagged)
    return Scenario(**{**fields, "path": Path(house.name), "steps": tuple(fields["steps"])})


def check(app: App, house: House) -> None:
    """The history is unbroken, its process walks the same way again, and the rows are what it folds to."""
    assert replay(app.ports, None, house.case_id) == []
    again = rebuilt(app.ports, house.case_id)
    live = app.store.case(None, house.case_id)
    assert live == again
    rows = told(app, house)
    app.store.rebuild(again)
    assert told(app, house) == rows


def told(app: App, house: House) -> Any:
    """All rows of the case; its state as it is read, for what a later release adds to it is not in an earlier text."""
    rows = {name: list(found) for name, found in app.store.rows(house.case_id).items()}
    rows["case_file"] = [{**row, "state": plain(case_from(row["state"]))} for row in rows["case_file"]]
    return plain(rows)


def prove(home: Path, url: str, release: Release, house: House) -> None:
    app, clock = open_house(home, url, release, house)
    check(app, house)
    scenario = scenario_of(house)
    if house.done < len(scenario.steps):
        stage = Player(app.ports, app.bus, app.worker, clock, member=officer)
        stage.follow(house.case_id, scenario, begin=house.done)
        check(app, house)
    app.store.close()


@pytest.mark.parametrize(("release", "name"), NAMES)
def test_an_installation_of_an_earlier_release_is_proven_and_goes_on(release: str, name: str, tmp_path: Path) -> None:
    before, houses = cached(release)
    prove(tmp_path, f"sqlite:///{tmp_path / 'house.db'}", before, houses[name])


@pytest.mark.postgres
@pytest.mark.parametrize(("release", "name"), SOME)
def test_so_is_one_on_postgres(release: str, name: str, tmp_path: Path, empty_postgres_url: str) -> None:
    before, houses = cached(release)
    prove(tmp_path, empty_postgres_url, before, houses[name])
