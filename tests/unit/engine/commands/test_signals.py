"""Signals reach every other case of the unit that waits, once each, whatever happens to the worker on the way."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from engine.commands.event_messages import DeliverSignal, FinishBroadcast
from engine.commands.messages import ResumeCase, SuspendCase
from engine.domain import events
from engine.domain.actor import system
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError, LeaseLostError
from engine.replay import rebuilt, replay
from tests.support.signal_house import ALL, BREAKS, HEARS, WARNS, completed, filed
from tests.support.small_house import ADMIN, CLERK, STRANGER, UNIT, House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> House:
    return House(*ALL, BREAKS)


def tags(house: House, case: Case) -> Counter[str]:
    return Counter(link.event.tag for link in house.store.events(case.id))


def proven(house: House, *cases: Case) -> None:
    for case in cases:
        assert replay(house.ports, UNIT, case.id) == []
        assert rebuilt(house.ports, case.id) == house.case(case.id)


def test_a_signal_reaches_every_waiting_case_once_and_the_throwing_one_in_its_own_step(house: House) -> None:
    hearing = [filed(house, HEARS) for _ in range(3)]
    warning = completed(house, filed(house, WARNS), "look#1")
    assert warning.ended, "its own catch event heard the signal in the same step"
    assert len(warning.broadcasts) == 1
    assert all(house.case(case.id).tasks.keys() == {"work#1"} for case in hearing), "nobody else has heard yet"
    house.worker.drain()
    for case in hearing:
        now = house.case(case.id)
        assert now.tasks.keys() == {"work#1", "leave#1"}
        assert now.scopes[""] == {"level": 3}, "what the signal carries becomes variables"
        assert now.listeners.keys() == {"alarm#1"}, "an event that does not interrupt goes on listening"
    assert house.case(warning.id).broadcasts == {}
    assert tags(house, warning)["signal:caught"] == 0
    (spread,) = [x.event for x in house.store.events(warning.id) if isinstance(x.event, events.SignalSpread)]
    assert (spread.signal, spread.reached) == ("flood", 3)
    proven(house, warning, *hearing)


def test_a_case_that_waits_for_signals_only_is_no_incident(house: House) -> None:
    case = filed(house, BREAKS)
    assert (case.incidents, case.listeners.keys()) == ({}, {"alarm#1"})


def test_who_waits_no_longer_is_not_reached(house: House) -> None:
    done, hearing = filed(house, HEARS), filed(house, HEARS)
    completed(house, filed(house, WARNS), "look#1")
    done = completed(house, done, "work#1")
    assert (done.ended, done.listeners) == (True, {})
    house.worker.drain()
    assert tags(house, done)["signal:caught"] == 0
    assert tags(house, hearing)["signal:caught"] == 1


def test_who_began_to_wait_after_the_signal_was_thrown_is_not_reached(house: House) -> None:
    completed(house, filed(house, WARNS), "look#1")
    house.clock.advance(timedelta(seconds=1))
    late = filed(house, HEARS)
    house.worker.drain()
    assert tags(house, late)["signal:caught"] == 0
    assert house.case(late.id).listeners.keys() == {"alarm#1"}


def test_two_signals_of_one_name_are_two_deliveries(house: House) -> None:
    hearing = filed(house, HEARS)
    for _ in range(2):
        completed(house, filed(house, WARNS), "look#1")
    house.worker.drain()
    assert house.case(hearing.id).tasks.keys() == {"work#1", "leave#1", "leave#2"}
    proven(house, hearing)


class DiesError(BaseException):
    """What no handler of errors catches: the end of a process."""


@pytest.mark.parametrize("served", range(5))
def test_a_worker_that_dies_in_the_middle_neither_loses_nor_doubles_a_delivery(
    house: House, served: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing = [filed(house, HEARS) for _ in range(4)]
    warning = completed(house, filed(house, WARNS), "look#1")
    handle, count = house.bus.handle, Counter[str]()

    def dying(command: object, *rest: object) -> object:
        count[type(command).__name__] += 1
        if count["DeliverSignal"] + count["FinishBroadcast"] > served:
            raise DiesError
        return handle(command, *rest)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(house.bus, "handle", dying)
    with pytest.raises(DiesError):
        house.worker.drain()
    monkeypatch.setattr(house.bus, "handle", handle)
    assert sum(tags(house, case)["signal:caught"] for case in hearing) == served
    house.worker.drain()
    assert sum(tags(house, case)["signal:caught"] for case in hearing) == served, "the lease still holds"
    house.clock.advance(2 * MINUTE)
    house.worker.drain()
    assert [tags(house, case)["signal:caught"] for case in hearing] == [1, 1, 1, 1]
    (spread,) = [x.event for x in house.store.events(warning.id) if isinstance(x.event, events.SignalSpread)]
    assert spread.reached == 4, "those that were served by the first worker are counted too"
    proven(house, warning, *hearing)


def test_a_case_that_cannot_go_on_gets_one_incident_and_the_others_are_served(house: House) -> None:
    broken, hearing = filed(house, BREAKS), filed(house, HEARS)
    warning = completed(house, filed(house, WARNS), "look#1")
    house.worker.drain()
    assert tags(house, hearing)["signal:caught"] == 1
    (incident,) = house.case(broken.id).incidents.values()
    assert (incident.kind, "which" in incident.error) == ("signal", True)
    assert house.case(warning.id).broadcasts, "it is tried again"
    for _ in range(3):
        house.clock.advance(timedelta(hours=1))
        house.worker.drain()
    assert len(house.case(broken.id).incidents) == 1
    assert tags(house, hearing)["signal:caught"] == 1
    proven(house, broken, hearing, warning)


def test_a_case_that_is_held_still_gets_the_signal_after_it_is_let_go(house: House) -> None:
    held, hearing = filed(house, HEARS), filed(house, HEARS)
    house.do(SuspendCase(unit=UNIT, case_id=held.id, reason="Chờ kiểm tra"), ADMIN)
    warning = completed(house, filed(house, WARNS), "look#1")
    house.worker.drain()
    assert (tags(house, held)["signal:caught"], tags(house, hearing)["signal:caught"]) == (0, 1)
    assert house.case(held.id).incidents == {}
    house.do(ResumeCase(unit=UNIT, case_id=held.id, note="Xong"), ADMIN)
    house.clock.advance(timedelta(minutes=10))
    house.worker.drain()
    assert (tags(house, held)["signal:caught"], tags(house, hearing)["signal:caught"]) == (1, 1)
    assert house.case(warning.id).broadcasts == {}
    proven(house, held, hearing, warning)


def test_only_the_machine_brings_signals(house: House) -> None:
    hearing = filed(house, HEARS)
    command = DeliverSignal(
        unit=UNIT, case_id=hearing.id, broadcast="x", signal="flood", payload={}, thrown_at=house.clock.now()
    )
    for actor in (CLERK, STRANGER):
        with pytest.raises(ForbiddenError):
            house.do(command, actor)


def test_a_worker_that_was_overtaken_does_not_finish_the_broadcast(house: House) -> None:
    warning = completed(house, filed(house, WARNS), "look#1")
    (old,) = house.store.claim("broadcast", house.clock.now(), limit=5, lease=MINUTE)
    house.clock.advance(2 * MINUTE)
    house.worker.drain()
    with pytest.raises(LeaseLostError):
        house.do(FinishBroadcast(lease=old, reached=0), system(UNIT))
    assert tags(house, warning)["signal:spread"] == 1
