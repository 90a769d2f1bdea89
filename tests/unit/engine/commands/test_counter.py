"""The queue of a day over tickets that are kept in a list: kinds, windows, midnight, waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock
from engine.commands.counter import Queueing
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError
from engine.ports.counter import Kinds, Ticket
from tests.support.desk import UNIT, citizen, officer

EVENING = datetime(2022, 12, 19, 16, 50, tzinfo=UTC)  # ten minutes to midnight there
RULES = {
    "windows": ["1", "2"],
    "most_waiting": 5,
    "kinds": [{"key": key, "letter": key.upper(), "vi": "Việc", "en": "Job"} for key in "ab"],
}
MAI = officer("one_stop", name="mai")


class ListedTickets:
    """Tickets of one process."""

    def __init__(self) -> None:
        self.rows: list[Ticket] = []

    def draw(self, unit: str, day: date, kind: str, at: datetime) -> Ticket:
        made = Ticket(unit=unit, day=day, number=len(self.of_day(unit, day)) + 1, kind=kind, drawn_at=at)
        self.rows.append(made)
        return made

    def call(self, unit: str, day: date, kinds: Kinds, *, window: str, by: str, at: datetime) -> Ticket | None:
        waiting = [one for one in self.of_day(unit, day) if one.called_at is None and one.kind in kinds]
        return self._change(waiting[0], called_at=at, window=window, by=by) if waiting else None

    def finish(self, unit: str, day: date, number: int, *, by: str, at: datetime) -> bool:
        found = [one for one in self.of_day(unit, day) if one.number == number and one.by == by]
        return bool([self._change(one, done_at=at) for one in found])

    def link(self, unit: str, day: date, by: str, case_id: str) -> bool:
        served = [one for one in self.of_day(unit, day) if one.by == by and one.done_at is None]
        return bool([self._change(one, case_id=case_id) for one in served])

    def of_day(self, unit: str, day: date) -> Sequence[Ticket]:
        return [one for one in self.rows if (one.unit, one.day) == (unit, day)]

    def _change(self, ticket: Ticket, **facts: Any) -> Ticket:
        made = replace(ticket, **facts)
        self.rows[self.rows.index(ticket)] = made
        return made


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(EVENING)


@pytest.fixture
def queue(clock: SteppedClock) -> Queueing:
    catalog = SimpleNamespace(settings={"queue": RULES}, calendar=lambda unit: SimpleNamespace(day_of=local_day))
    return Queueing(SimpleNamespace(clock=clock, catalog=catalog), ListedTickets())  # type: ignore[arg-type]


def local_day(at: datetime) -> date:
    return (at.astimezone(UTC) + timedelta(hours=7)).date()


def test_numbers_begin_anew_at_midnight_and_yesterdays_are_not_called(queue: Queueing, clock: SteppedClock) -> None:
    assert [queue.draw(UNIT, "a").number for _ in range(2)] == [1, 2]
    clock.set(EVENING + timedelta(minutes=10))
    assert queue.call(MAI, "1", []) is None
    assert queue.draw(UNIT, "a").number == 1
    assert queue.board(UNIT).waiting == {"a": 1, "b": 0}


def test_the_board_says_who_is_served_who_waits_and_how_long_it_took(queue: Queueing, clock: SteppedClock) -> None:
    assert queue.board(UNIT).average is None
    for kind in "aab":
        queue.draw(UNIT, kind)
    clock.set(EVENING + timedelta(minutes=2))
    queue.call(MAI, "1", ["a"])
    clock.set(EVENING + timedelta(minutes=4))
    queue.call(officer("one_stop", name="tam"), "2", ["b"])
    board = queue.board(UNIT)
    assert [(one.number, one.window) for one in board.serving] == [(3, "2"), (1, "1")]
    assert (board.waiting, board.average) == ({"a": 1, "b": 0}, 180.0)


def test_who_waits_is_told_how_many_of_the_same_kind_are_before_them(queue: Queueing) -> None:
    for kind in "abaa":
        queue.draw(UNIT, kind)
    assert [queue.ahead(UNIT, number)[1] for number in (1, 2, 3, 4)] == [0, 0, 1, 2]
    with pytest.raises(NotFoundError):
        queue.ahead(UNIT, 5)


def test_a_kiosk_that_is_played_with_stops_giving_numbers(queue: Queueing) -> None:
    for _ in range(5):
        queue.draw(UNIT, "a")
    with pytest.raises(RuleError):
        queue.draw(UNIT, "b")
    queue.call(MAI, "1", [])
    assert queue.draw(UNIT, "b").number == 6


def test_unknown_kinds_and_windows_are_refused_and_so_is_whoever_is_not_of_the_desk(queue: Queueing) -> None:
    queue.draw(UNIT, "a")
    with pytest.raises(NotFoundError):
        queue.draw(UNIT, "vàng")
    with pytest.raises(RuleError):
        queue.call(MAI, "9", [])
    for actor in (citizen(), officer("justice_officer")):
        with pytest.raises(ForbiddenError):
            queue.call(actor, "1", [])
        with pytest.raises(ForbiddenError):
            queue.finish(actor, 1)
    found = queue.call(MAI, "1", ["vàng"])
    assert found is not None
    assert found.number == 1
