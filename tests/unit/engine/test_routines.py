"""Routines run once in each of their slots, by whichever process comes first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.domain.errors import DatabaseUnavailableError
from engine.routines import Routine, Routines
from tests.support.small_house import NINE


class Clock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.at = NINE

    def now(self) -> datetime:
        return self.at


class Log:
    """One database for several processes."""

    def __init__(self) -> None:
        self.ran: dict[str, datetime] = {}

    def begin(self, unit: str, name: str, slot: datetime, now: datetime) -> bool:
        if name in self.ran and self.ran[name] >= slot:
            return False
        self.ran[name] = now
        return True


def test_a_slot_is_run_once_by_two_processes_and_again_in_the_next() -> None:
    clock, log, ran = Clock(), Log(), list[datetime]()
    routine = Routine(name="look", every=timedelta(minutes=15), work=ran.append)
    one, other = (Routines("xa-mau", clock, log, [routine]) for _ in range(2))
    assert [one.run_due(), other.run_due(), one.run_due()] == [1, 0, 0]
    clock.at += timedelta(minutes=16)
    assert [other.run_due(), one.run_due()] == [1, 0]
    clock.at += timedelta(days=3)  # what was slept through is not made up for
    assert [one.run_due(), one.run_due()] == [1, 0]
    assert len(ran) == 3


def test_slots_of_a_day_begin_at_their_hour() -> None:
    routine = Routine(name="daily", every=timedelta(days=1), work=print, offset=timedelta(hours=5))
    assert routine.slot(NINE) == NINE.replace(hour=5)
    assert routine.slot(NINE.replace(hour=4)) == NINE.replace(day=18, hour=5)


def test_a_routine_that_fails_stops_no_other_and_tries_again_in_its_next_slot(caplog: pytest.LogCaptureFixture) -> None:
    clock, log, ran = Clock(), Log(), list[str]()

    def fail(now: datetime) -> None:
        ran.append("failing")
        raise RuntimeError("no luck")

    every = timedelta(minutes=1)
    routines = Routines(
        "xa-mau",
        clock,
        log,
        [
            Routine(name="failing", every=every, work=fail),
            Routine(name="fine", every=every, work=lambda now: ran.append("fine")),
        ],
    )
    assert routines.run_due() == 2
    clock.at += every
    routines.run_due()
    assert ran == ["failing", "fine"] * 2
    assert "no luck" in caplog.text


def test_a_database_that_is_away_is_the_tickers_business() -> None:
    def work(now: datetime) -> None:
        raise DatabaseUnavailableError()

    routine = Routine(name="look", every=timedelta(minutes=1), work=work)
    with pytest.raises(DatabaseUnavailableError):
        Routines("xa-mau", Clock(), Log(), [routine]).run_due()
