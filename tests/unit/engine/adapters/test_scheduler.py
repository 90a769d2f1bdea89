"""The ticker outlives whatever its work throws."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from engine.adapters.scheduler import Ticker
from engine.domain.errors import DatabaseUnavailableError

MOMENT = timedelta(milliseconds=20)


def ticker(answers: list[int | Exception], soonest: Callable[[datetime], datetime | None] = lambda now: None) -> Ticker:
    def work() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Ticker(work, soonest)


def test_a_tick_works_until_nothing_is_due() -> None:
    answers: list[int | Exception] = [3, 1, 0, 7]
    ticker(answers)._tick()
    assert answers == [7]


def test_without_a_database_a_tick_says_so_in_one_line_and_the_next_one_tries_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers: list[int | Exception] = [DatabaseUnavailableError(reason="connection refused"), 1, 0]
    own = ticker(answers)
    own._tick()
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert "connection refused" in record.getMessage()
    own._tick()
    assert answers == []


def test_an_error_nobody_foresaw_is_logged_whole_and_the_next_tick_tries_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers: list[int | Exception] = [ZeroDivisionError(), 0]
    own = ticker(answers)
    own._tick()
    assert caplog.records[0].exc_info is not None
    own._tick()
    assert answers == []


def test_a_tick_waits_for_what_falls_due_before_the_next_one_and_does_it_then() -> None:
    answers: list[int | Exception] = [0, 1, 0, 7]
    instants: list[datetime | None] = [datetime.now(UTC) + MOMENT, None]
    ticker(answers, lambda now: instants.pop(0))._tick()
    assert (answers, instants) == ([7], [])


def test_a_tick_does_not_wait_for_what_a_later_one_will_see() -> None:
    answers: list[int | Exception] = [0, 7]
    ticker(answers, lambda now: now + timedelta(days=1))._tick()
    assert answers == [7]


def test_an_instant_that_has_come_meanwhile_is_not_waited_for() -> None:
    answers: list[int | Exception] = [0, 1, 0, 7]
    instants: list[datetime | None] = [datetime.now(UTC) - MOMENT, None]
    ticker(answers, lambda now: instants.pop(0))._tick()
    assert answers == [7]


def test_who_wakes_a_tick_that_looks_for_the_next_instant_is_heard() -> None:
    answers: list[int | Exception] = [0, 2, 0, 7]

    def soonest(_now: datetime) -> None:
        if len(answers) == 3:
            own.wake()

    own = ticker(answers, soonest)
    own._tick()
    assert answers == [7]


def test_a_tick_that_waits_ends_when_the_worker_stops() -> None:
    answers: list[int | Exception] = [0, 7]

    def soonest(now: datetime) -> datetime:
        own.stop()
        return now + MOMENT

    own = ticker(answers, soonest)
    own._tick()
    assert answers == [7]


def test_a_started_ticker_stops_though_something_falls_due_all_the_time() -> None:
    own = ticker([0] * 1000, lambda now: now + MOMENT)
    own.start()
    own.stop()
    assert not own._scheduler.running
