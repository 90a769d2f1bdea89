"""Timers that cannot fire: they stay, others are not held up, and one incident tells the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.commands.messages import CancelCase
from engine.domain.case import Case
from engine.domain.errors import ProcessStuckError, StaleVersionError
from tests.support.small_house import CHAIRMAN, UNIT, House

DAY = timedelta(days=1)


class Hurdles:
    """Makes the steps of chosen cases fail."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.of: dict[str, Exception] = {}
        real = house.ports.runner.fire_timer

        def fire(procedure: Any, snapshot: str, key: str, call: Any) -> Any:
            error = self.of.get(call.context["case"]["code"])
            if error is not None:
                raise error
            return real(procedure, snapshot, key, call)

        monkeypatch.setattr(house.ports.runner, "fire_timer", fire)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def hurdles(house: House, monkeypatch: pytest.MonkeyPatch) -> Hurdles:
    return Hurdles(house, monkeypatch)


ERRORS = {
    "the process refuses": ProcessStuckError(element="reminder", reason="thiếu biến", reason_en="no variable"),
    "a mistake of ours": KeyError("nguyen van a"),
    "an odd value": ValueError("line one\n[parameters: ('Nguyễn Thị Lan', '079190001234')]"),
}


@pytest.mark.parametrize("what", ERRORS)
def test_a_timer_that_cannot_fire_holds_no_other_up_and_is_tried_again(
    what: str, house: House, hurdles: Hurdles
) -> None:
    broken, fine = house.checked(), house.checked()
    hurdles.of[broken.code] = ERRORS[what]
    house.clock.advance(DAY)
    house.worker.drain()
    assert house.case(fine.id).timers == {}
    assert list(house.case(broken.id).timers) == ["reminder#1"]
    (incident,) = house.case(broken.id).incidents.values()
    assert (incident.kind, incident.key) == ("timer", "reminder#1")
    assert "079190001234" not in incident.error, "later lines of an error hold data"
    house.clock.advance(timedelta(hours=1))
    house.worker.drain()
    assert len(house.case(broken.id).incidents) == 1, "one incident, however often it is tried"
    hurdles.of.clear()
    house.clock.advance(timedelta(hours=1))
    house.worker.drain()
    healed = house.case(broken.id)
    assert (healed.timers, healed.incidents) == ({}, {})


def test_an_incident_of_a_timer_goes_with_its_timer(house: House, hurdles: Hurdles) -> None:
    case = house.checked()
    hurdles.of[case.code] = ERRORS["a mistake of ours"]
    house.clock.advance(DAY)
    house.worker.drain()
    house.do(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng"), CHAIRMAN)
    ended = house.case(case.id)
    assert (ended.ended, ended.timers, ended.incidents) == (True, {}, {})


def test_a_timer_that_lost_every_race_is_tried_again_in_a_minute_without_an_incident(
    house: House, hurdles: Hurdles
) -> None:
    case = house.checked()
    hurdles.of[case.code] = StaleVersionError()
    house.clock.advance(DAY)
    house.worker.drain()
    assert still(house, case).incidents == {}
    hurdles.of.clear()
    house.clock.advance(timedelta(seconds=61))
    house.worker.drain()
    assert house.case(case.id).timers == {}


def still(house: House, case: Case) -> Case:
    assert list(house.case(case.id).timers) == ["reminder#1"]
    return house.case(case.id)
