"""Start timers: each slot opens exactly one case, whoever deploys, works, dies or moves the clock meanwhile."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.commands.event_messages import ScheduleStarts, StartBySignal, StartByTimer
from engine.commands.messages import DeployProcedure
from engine.commands.worker import Worker
from engine.domain.actor import system
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError, LeaseLostError, NotFoundError, ProcessStuckError
from engine.domain.procedure import Procedure
from engine.queries.history_texts import sentence
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support.signal_house import BEGINS, HEARS, WARNS, asked, completed, filed, made
from tests.support.small_house import ADMIN, CLERK, NINE, PROCEDURE, STATUSES, UNIT, House

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DAILY = "R/2022-12-01T08:00:00+07:00/P1D"


def timed(said: str, version: int = 1, **changes: Any) -> Procedure:
    """A procedure that a timer begins."""
    parts = (b.begin("clock", "timer", said), asked("look"), b.end(), *b.chain("clock", "look", "end"))
    return made("0.000002", *parts, version=version, **changes)


def deploy(house: House, procedure: Procedure, key: str | None = None) -> None:
    others = [p for p in house.catalog.procedures if (p.code, p.version) != (procedure.code, procedure.version)]
    house.do(DeployProcedure(procedure=procedure), ADMIN, key)
    house.catalog.procedures = (*others, procedure)


def jump(house: House, at: datetime) -> None:
    """Set the clock as an administrator may: backwards, too."""
    house.clock._now = at


def opened(house: House) -> list[Case]:
    cases = [house.case(case_id) for _, case_id in house.store.case_ids()]
    return [case for case in cases if case.begun.get("kind") == "timer"]


def slots(house: House) -> list[str]:
    """The slots that have opened cases, in the order of opening, without the year and the zone."""
    return [case.begun["name"][5:16] for case in opened(house)]


def next_slot(house: House) -> datetime | None:
    (timer,) = house.store.start_timers()
    return timer.due


@pytest.fixture
def house() -> House:
    return House(PROCEDURE)


def test_a_start_timer_opens_a_case_that_the_house_files_itself(house: House) -> None:
    deploy(house, timed(DAILY))
    house.worker.drain()
    assert opened(house) == [], "what was due before it was deployed is not made up for"
    house.clock.set(NINE.replace(hour=8) + DAY - timedelta(seconds=1))
    assert house.worker.drain() == 0
    house.clock.advance(timedelta(seconds=1))
    assert house.worker.drain() == 1
    (case,) = opened(house)
    assert (case.unit, case.channel, case.delivery) == (UNIT, "house", "house")
    assert (case.applicant, case.application, case.documents) == ({"name": "UBND xã"}, {}, ())
    assert case.begun == {"kind": "timer", "element_id": "clock", "name": "2022-12-20T08:00:00+07:00"}
    assert case.tasks.keys() == {"look#1"}
    assert replay(house.ports, UNIT, case.id) == []
    assert rebuilt(house.ports, case.id) == case
    (first, *_) = house.store.events(case.id)
    assert "begun by the timer" in sentence(first.event, STATUSES, lambda key: key)[1]
    assert house.worker.drain() == 0


def test_deploying_the_same_version_again_changes_nothing(house: House) -> None:
    deploy(house, timed(DAILY))
    before = house.store.start_timers()
    house.clock.advance(HOUR)
    for turn in range(20):
        deploy(house, timed(DAILY), f"again {turn}")
    assert house.store.start_timers() == before
    house.clock.set(NINE + DAY)
    for turn in range(20):
        house.worker.drain()
        deploy(house, timed(DAILY), f"and again {turn}")
    assert slots(house) == ["12-20T08:00"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("P1D", ["12-20T09:00"]),
        ("R2/PT6H", ["12-19T15:00", "12-19T21:00"]),
        ("R/P1D", ["12-20T09:00", "12-21T09:00", "12-22T09:00"]),
        (DAILY, ["12-20T08:00", "12-21T08:00", "12-22T08:00"]),
    ],
)
def test_dates_durations_and_cycles_open_a_case_at_each_slot(house: House, said: str, expected: list[str]) -> None:
    deploy(house, timed(said))
    for _ in range(80):
        house.clock.advance(HOUR)
        house.worker.drain()
    assert slots(house) == expected


def test_a_late_cycle_opens_one_case_and_goes_on_at_the_next_slot_to_come(house: House) -> None:
    deploy(house, timed(DAILY))
    house.clock.set(NINE + 10 * DAY)
    house.worker.drain()
    assert slots(house) == ["12-20T08:00"]
    assert next_slot(house) == NINE.replace(hour=8) + 11 * DAY


def test_a_clock_that_goes_back_opens_nothing_again(house: House) -> None:
    deploy(house, timed(DAILY))
    house.clock.set(NINE + 2 * DAY)
    house.worker.drain()
    for back in (3 * DAY, DAY, HOUR):
        jump(house, NINE + 2 * DAY - back)
        house.worker.drain()
        deploy(house, timed(DAILY))
        house.worker.drain()
    assert slots(house) == ["12-20T08:00"]
    house.clock.set(NINE + 3 * DAY)
    house.worker.drain()
    assert slots(house) == ["12-20T08:00", "12-22T08:00"]


def test_a_clock_that_goes_back_between_claim_and_command_opens_nothing(house: House) -> None:
    deploy(house, timed(DAILY))
    house.clock.set(NINE + DAY)
    (claim,) = house.store.claim_starts(house.clock.now(), limit=5, lease=MINUTE)
    jump(house, NINE)
    house.do(StartByTimer(claim=claim), system(UNIT))
    assert opened(house) == []
    house.clock.set(NINE + DAY)
    house.worker.drain()
    assert slots(house) == ["12-20T08:00"]


class TestVersions:
    def test_a_new_version_goes_on_behind_the_slots_that_are_done(self, house: House) -> None:
        deploy(house, timed(DAILY))
        house.clock.set(NINE + DAY)
        house.worker.drain()
        deploy(house, timed("R/2022-12-01T08:00:00+07:00/PT12H", version=2))
        for _ in range(30):
            house.clock.advance(HOUR)
            house.worker.drain()
        assert slots(house) == ["12-20T08:00", "12-20T20:00", "12-21T08:00"]
        assert [case.procedure_version for case in opened(house)] == [1, 2, 2]

    def test_a_slot_that_was_missed_before_the_new_version_came_is_opened_once_by_it(self, house: House) -> None:
        deploy(house, timed(DAILY))
        house.clock.set(NINE + DAY)  # no worker was there
        deploy(house, timed("R/2022-12-01T08:00:00+07:00/P7D", version=2))
        house.worker.drain()
        house.worker.drain()
        assert slots(house) == ["12-20T08:00"]
        assert [case.procedure_version for case in opened(house)] == [2]
        assert next_slot(house) == datetime(2022, 12, 22, 8, tzinfo=NINE.tzinfo)

    def test_a_version_without_the_timer_takes_it_away(self, house: House) -> None:
        deploy(house, timed(DAILY))
        deploy(house, made("0.000002", b.start(), b.end(), *b.chain("start", "end"), version=2))
        house.clock.set(NINE + 5 * DAY)
        house.worker.drain()
        assert opened(house) == []

    def test_a_version_fires_from_its_first_day_to_its_last(self, house: House) -> None:
        deploy(house, timed(DAILY, valid_to=date(2022, 12, 22)))
        deploy(house, timed("R/2022-12-01T20:00:00+07:00/P1D", version=2, valid_from=date(2022, 12, 21),
                            valid_to=date(2022, 12, 21)))  # fmt: skip
        for _ in range(24 * 7):
            house.clock.advance(HOUR)
            house.worker.drain()
        assert slots(house) == ["12-20T08:00", "12-21T20:00", "12-22T08:00"]
        assert [case.procedure_version for case in opened(house)] == [1, 2, 1]

    def test_one_that_is_not_in_force_yet_waits_for_its_day_even_when_no_worker_was_there(self, house: House) -> None:
        deploy(house, timed("R/PT6H", valid_from=date(2022, 12, 24)))
        house.clock.set(NINE + 4 * DAY)
        house.worker.drain()
        assert opened(house) == []
        house.clock.set(NINE.replace(day=24, hour=10))
        house.worker.drain()
        assert slots(house) == ["12-24T06:00"]
        assert next_slot(house) == NINE.replace(day=24, hour=12)


def test_a_worker_that_dies_between_claim_and_commit_loses_no_slot_and_doubles_none(house: House) -> None:
    deploy(house, timed(DAILY))
    house.clock.set(NINE + DAY)
    (dead,) = house.store.claim_starts(house.clock.now(), limit=5, lease=MINUTE)
    assert house.worker.drain() == 0
    house.clock.advance(MINUTE)
    assert house.worker.drain() == 1
    with pytest.raises(LeaseLostError):
        house.do(StartByTimer(claim=dead), system(UNIT))
    assert slots(house) == ["12-20T08:00"]


def test_a_start_that_fails_keeps_its_slot_says_why_and_does_not_hold_up_the_others(house: House) -> None:
    broken = made("0.000003", b.begin("clock", "timer", DAILY), b.xor("which"), b.end(), *b.chain("clock", "which"),
                  b.flow("which", "end", "=gone.far > 1"))  # fmt: skip
    deploy(house, broken)
    deploy(house, timed(DAILY))
    house.clock.set(NINE + DAY)
    house.worker.drain()
    assert slots(house) == ["12-20T08:00"]
    failed = next(timer for timer in house.store.start_timers() if timer.procedure == broken.code)
    assert ("which" in failed.error, failed.due) == (True, NINE.replace(hour=8) + DAY)
    assert failed.run_at == house.clock.now() + HOUR
    mended = replace(timed(DAILY), code=broken.code, version=2, digest="mended")
    deploy(house, mended)
    house.clock.advance(HOUR)
    house.worker.drain()
    assert slots(house) == ["12-20T08:00", "12-20T08:00"]
    assert {timer.error for timer in house.store.start_timers()} == {""}


def test_a_timer_that_tells_no_time_keeps_its_version_from_being_deployed(house: House) -> None:
    with pytest.raises(ProcessStuckError):
        deploy(house, timed("=nothing"))
    assert house.store.start_timers() == []
    assert house.store.deployments() == []


def test_every_unit_of_the_house_has_a_timer_of_its_own(house: House) -> None:
    units = house.catalog.settings["units"]
    house.catalog.settings = {**house.catalog.settings, "units": {**units, "xa-hai": {**units[UNIT], "name": "Hai"}}}
    deploy(house, timed(DAILY))
    house.clock.set(NINE + DAY)
    house.worker.drain()
    assert sorted((case.unit, case.applicant["name"]) for case in opened(house)) == [
        ("xa-hai", "Hai"), (UNIT, "UBND xã"),
    ]  # fmt: skip
    house.catalog.settings = {**house.catalog.settings, "units": units}
    house.clock.set(NINE + 2 * DAY)
    house.worker.drain()
    assert Counter(case.unit for case in opened(house)) == {UNIT: 2, "xa-hai": 1}


def test_a_worker_plans_what_was_deployed_before_there_were_start_timers() -> None:
    house = House(timed(DAILY))
    house.worker.drain()
    assert next_slot(house) == NINE.replace(hour=8) + DAY
    before = house.store.start_timers()
    Worker(house.ports, house.bus, "another").drain()
    assert house.store.start_timers() == before


def test_only_the_machine_opens_such_cases(house: House) -> None:
    deploy(house, timed(DAILY))
    house.clock.set(NINE + DAY)
    (claim,) = house.store.claim_starts(house.clock.now(), limit=5, lease=MINUTE)
    for command in (StartByTimer(claim=claim), ScheduleStarts(procedure="0.000002")):
        with pytest.raises(ForbiddenError):
            house.do(command, CLERK)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_no_slot_opens_two_cases_and_none_passes_unseen(seed: int) -> None:
    chance = random.Random(seed)
    house = House(PROCEDURE)
    workers = [Worker(house.ports, house.bus, f"w{n}") for n in range(2)]
    version, now, latest = 1, NINE, NINE
    deploy(house, timed(DAILY))
    for _ in range(120):
        match chance.choice(["on", "on", "on", "back", "again", "version", "dies"]):
            case "on":
                now += chance.choice([MINUTE, HOUR, 11 * HOUR])
            case "back":
                now -= chance.choice([MINUTE, HOUR, 13 * HOUR])
            case "again":
                deploy(house, timed(DAILY, version=version))
            case "version":
                version += 1
                deploy(house, timed(DAILY, version=version))
            case "dies":
                house.store.claim_starts(house.clock.now(), limit=1, lease=MINUTE)
        jump(house, now)
        latest = max(latest, now)
        chance.choice(workers).drain()
    jump(house, latest + 2 * MINUTE)
    workers[0].drain()
    days = (latest + 2 * MINUTE - NINE.replace(hour=8)) // DAY
    print(f"seed {seed}: {days} slots, {version} versions")
    expected = [f"{NINE.replace(hour=8) + n * DAY:%m-%dT%H:%M}" for n in range(1, days + 1)]
    assert sorted(slots(house)) == expected


def test_a_signal_begins_a_case_too_once_and_with_what_it_carries() -> None:
    house = House(PROCEDURE, WARNS, HEARS, BEGINS)
    warning = completed(house, filed(house, WARNS), "look#1")
    house.worker.drain()
    (begun,) = [case for _, i in house.store.case_ids() if (case := house.case(i)).procedure == BEGINS.code]
    assert begun.begun == {
        "kind": "signal",
        "element_id": "alarmed",
        "name": "flood",
        "broadcast": next(iter({k.cause.split("/")[1] for k in house.store.events(begun.id)})),
    }
    assert (begun.scopes[""], begun.channel, begun.tasks.keys()) == ({"level": 3}, "house", {"help#1"})
    assert replay(house.ports, UNIT, begun.id) == []
    assert house.case(warning.id).broadcasts == {}


def test_a_signal_start_that_fails_is_told_at_the_case_that_threw_it() -> None:
    parts = (b.named("signal", "flood"), b.begin("s", "signal", "flood"), b.xor("which"), b.end(),
             *b.chain("s", "which"), b.flow("which", "end", "=gone.far > 1"))  # fmt: skip
    house = House(PROCEDURE, WARNS, BEGINS, made("0.000006", *parts))
    warning = completed(house, filed(house, WARNS), "look#1")
    for _ in range(3):
        house.worker.drain()
        house.clock.advance(HOUR)
    (incident,) = house.case(warning.id).incidents.values()
    assert incident.kind == "signal"
    assert len(house.store.case_ids()) == 2, "the one that can begin has begun, once"


def test_a_signal_start_that_is_no_longer_drawn_is_not_found(house: House) -> None:
    command = StartBySignal(
        unit=UNIT, procedure=PROCEDURE.code, element_id="x", broadcast="b", signal="flood", payload={}
    )
    with pytest.raises(NotFoundError):
        house.do(command, system(UNIT))
