"""The ticker outlives whatever its work throws."""

from __future__ import annotations

import logging

import pytest

from engine.adapters.scheduler import Ticker
from engine.domain.errors import DatabaseUnavailableError


def ticker(answers: list[int | Exception]) -> Ticker:
    def work() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Ticker(work)


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
