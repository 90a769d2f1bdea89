"""Tickets of people who wait, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import SqlTickets
from engine.ports.counter import Tickets
from tests.support.threads import at_once

UNIT, DAY, NOW = "xa-mau", date(2026, 11, 3), datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
BOTH = ("a", "b")


@pytest.fixture(params=KINDS)
def tickets(request: pytest.FixtureRequest) -> Tickets:
    store: Any = request.getfixturevalue(f"{request.param}_store")
    return SqlTickets(store)


def call(tickets: Tickets, window: str, by: str, kinds: tuple[str, ...] = BOTH) -> int | None:
    found = tickets.call(UNIT, DAY, kinds, window=window, by=by, at=NOW + timedelta(minutes=5))
    return found.number if found else None


def test_numbers_are_a_days_and_a_units_own(tickets: Tickets) -> None:
    assert [tickets.draw(UNIT, DAY, kind, NOW).number for kind in "aba"] == [1, 2, 3]
    assert tickets.draw(UNIT, DAY + timedelta(days=1), "a", NOW).number == 1
    assert tickets.draw("xa-khac", DAY, "a", NOW).number == 1
    assert [(one.number, one.kind) for one in tickets.of_day(UNIT, DAY)] == [(1, "a"), (2, "b"), (3, "a")]


def test_people_who_draw_at_once_get_numbers_without_gap_or_double(tickets: Tickets) -> None:
    found = at_once([partial(tickets.draw, UNIT, DAY, "a", NOW) for _ in range(8)])
    assert sorted(one.number for one in found) == list(range(1, 9))


def test_windows_that_call_at_once_never_call_the_same_person(tickets: Tickets) -> None:
    for _ in range(5):
        tickets.draw(UNIT, DAY, "a", NOW)
    found = at_once([partial(call, tickets, str(n), f"clerk{n}") for n in range(8)])
    called = [number for number in found if number is not None]
    assert sorted(called) == [1, 2, 3, 4, 5]
    assert found.count(None) == 3


def test_a_window_calls_the_first_of_its_kinds_and_is_done_with_whom_it_served(tickets: Tickets) -> None:
    for kind in "aab":
        tickets.draw(UNIT, DAY, kind, NOW)
    assert call(tickets, "1", "mai", ("b",)) == 3
    assert call(tickets, "1", "mai") == 1
    assert [one.done_at is not None for one in tickets.of_day(UNIT, DAY)] == [False, False, True]
    assert call(tickets, "1", "mai", ("b",)) is None
    assert tickets.of_day(UNIT, DAY)[0].done_at is not None


def test_only_whoever_called_is_done_with_somebody_and_only_once(tickets: Tickets) -> None:
    tickets.draw(UNIT, DAY, "a", NOW)
    finish = partial(tickets.finish, UNIT, DAY, at=NOW)
    assert finish(1, by="mai") is False
    assert call(tickets, "1", "mai") == 1
    assert [finish(1, by="tam"), finish(1, by="mai"), finish(1, by="mai")] == [False, True, False]


def test_the_first_case_is_that_of_whoever_is_served(tickets: Tickets) -> None:
    tickets.draw(UNIT, DAY, "a", NOW)
    assert tickets.link(UNIT, DAY, "mai", "c0") is False
    call(tickets, "1", "mai")
    assert [tickets.link(UNIT, DAY, "mai", case) for case in ("c1", "c2")] == [True, False]
    (one,) = tickets.of_day(UNIT, DAY)
    assert (one.case_id, one.waited) == ("c1", 300.0)


def test_a_clock_that_was_set_back_makes_nobody_wait_less_than_no_time(tickets: Tickets) -> None:
    tickets.draw(UNIT, DAY, "a", NOW + timedelta(hours=1))
    assert call(tickets, "1", "mai") == 1
    assert tickets.of_day(UNIT, DAY)[0].waited == 0.0
