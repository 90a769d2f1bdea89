"""Timers that cannot fire: they stay, others are not held up, and one incident tells the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.bus import Bus
from engine.commands.messages import CancelCase
from engine.commands.worker import Worker
from engine.domain.case import Case
from engine.domain.errors import ProcessStuckError, StaleVersionError
from engine.replay import replay
from tests.support import small_house
from tests.support.calendars import CALENDAR, at
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


def test_a_reminder_each_working_day_goes_by_the_calendar_of_the_house_and_can_be_replayed() -> None:
    old = b"<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>"
    working = (
        b'<bpmn:extensionElements><zeebe:properties><zeebe:property name="timerCalendar" value="working"/>'
        b"</zeebe:properties></bpmn:extensionElements><bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle>"
    )
    files = {"process.bpmn": small_house.diagram().replace(old, working)}
    house = House(replace(small_house.PROCEDURE, files=files))
    house.ports = replace(house.ports, functions=lambda unit: CALENDAR.functions())
    house.bus = Bus(house.ports)
    house.worker = Worker(house.ports, house.bus, "test")
    house.clock.advance(at("2022-12-30 09:00") - house.clock.now())
    case = house.checked()
    assert [timer.due for timer in case.timers.values()] == [at("2023-01-03 09:00")], "Monday is a day off"
    house.clock.advance(at("2023-01-14 12:00") - house.clock.now())
    house.worker.drain()
    case = house.case(case.id)
    assert [timer.due for timer in case.timers.values()] == [at("2023-01-16 09:00")], "late: once, then the next slot"
    assert replay(house.ports, UNIT, case.id) == []
