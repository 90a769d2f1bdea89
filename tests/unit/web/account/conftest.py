"""Pages about accounts on the small house, with the stand-ins beyond it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.adapters.memory_registrations import MemoryPeople
from engine.portal_people import furnish_people
from tests.support.desk import ROOT
from tests.support.outside import Outside, outside
from tests.unit.web.fake_house import ZONE, FakeHouse


class Moving:
    """A clock that begins at the machine's time and is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime.now(ZONE)

    def now(self) -> datetime:
        return self.at

    def go(self, **by: Any) -> None:
        self.at += timedelta(**by)


@dataclass
class Around:
    """The small house and what is beyond."""

    house: FakeHouse
    outside: Outside
    clock: Moving

    def code(self) -> str:
        """The newest code that was sent."""
        return str(self.house.messages.sent[-1]["data"]["otp"])


@pytest.fixture
def around(house: FakeHouse) -> Around:
    house.settings = replace(house.settings, catalog=ROOT / "catalog")
    house.clock = Moving()  # type: ignore[assignment]
    house.catalog.settings = {**house.catalog.settings, "step_up": {"minutes": 10}}
    beyond = outside(house.settings)
    house.people = furnish_people(
        house.settings,
        beyond.maker(),
        store=MemoryPeople(house.accounts),  # type: ignore[arg-type]
        accounts=house.accounts,
        messages=house.messages,
        clock=house.clock,
    )
    return Around(house, beyond, house.clock)  # type: ignore[arg-type]
