"""Facts of units and their calendars, on both databases; two units of one installation are kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from engine.adapters.db import SqlStore
from engine.adapters.db.administration import SqlAdministrationLog
from engine.adapters.db.unit_book import SqlUnitBook
from engine.adapters.live_units import LiveUnits
from engine.domain.calendar import Session
from engine.domain.calendar_edition import Edition, OwnDay, OwnYear, with_days, with_hours, with_year, without_hours
from engine.domain.errors import StaleVersionError
from engine.domain.office_hours import OwnHours
from engine.domain.paper import Paper
from engine.ports.administration import Change, Facts
from tests.support.calendars import CALENDAR
from tests.support.threads import at_once

NOW, UNIT, ELSEWHERE = datetime(2024, 6, 3, 8, 0, tzinfo=UTC), "xa-mau", "xa-khac"
TODAY = date(2024, 6, 3)
PAPER = Paper(number="TB 1", issued=date(2024, 5, 20))
OFF = OwnDay(day=date(2024, 6, 14), kind="holiday", name="Nghỉ", paper=PAPER)
HOURS = OwnHours(valid_from=date(2024, 7, 1), sessions=(Session(1, time(7), time(11, 30)),), paper=PAPER)
CHANGE = Change(unit=UNIT, id="1" * 32, at=NOW, who="an", what="calendar:days_changed", subject="test+1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def live(book: SqlUnitBook, today: date = TODAY) -> LiveUnits:
    return LiveUnits(book, {UNIT: {"name": "Xã Mẫu", "place": "Mẫu"}}, CALENDAR, lambda: today)


def test_facts_count_from_their_day_on_over_the_defaults_and_for_their_unit_alone(store: SqlStore) -> None:
    book = SqlUnitBook(store)
    for number, (unit, day, name) in enumerate(
        [(UNIT, date(2024, 6, 1), "Một"), (UNIT, date(2024, 7, 1), "Hai"), (ELSEWHERE, date(2024, 6, 1), "Xã Khác")]
    ):
        change = replace(CHANGE, unit=unit, id=f"{number:032x}")
        book.put_facts(Facts(unit=unit, valid_from=day, facts={"name": name}), change)
    now, later, before = live(book), live(book, date(2024, 7, 1)), live(book, date(2024, 5, 31))
    assert (dict(now[UNIT]), now[ELSEWHERE]["name"], later[UNIT]["name"]) == (
        {"name": "Một", "place": "Mẫu"},
        "Xã Khác",
        "Hai",
    )
    assert (before[UNIT]["name"], list(before), list(now), len(now)) == ("Xã Mẫu", [UNIT], [UNIT, ELSEWHERE], 2)
    assert ELSEWHERE not in before
    assert [one.subject for one in SqlAdministrationLog(store).latest(ELSEWHERE)] == ["test+1"]


def test_facts_of_the_same_day_are_replaced(store: SqlStore) -> None:
    book = SqlUnitBook(store)
    for number, name in enumerate(("Một", "Hai")):
        facts = Facts(unit=UNIT, valid_from=date(2024, 6, 1), facts={"name": name})
        book.put_facts(facts, replace(CHANGE, id=f"{number:032x}"))
    assert [one.facts["name"] for one in book.facts()] == ["Hai"]


def test_an_edition_is_read_as_it_was_written_and_the_next_follows_it(store: SqlStore) -> None:
    book = SqlUnitBook(store)
    first = with_days(Edition(), [OFF, replace(OFF, day=date(2024, 6, 17), kind="half_day")])
    book.put_edition(UNIT, first, CHANGE)
    assert book.edition(UNIT) == first
    second = with_year(with_days(first, [replace(OFF, kind="ordinary")]), OwnYear(year=2025, paper=PAPER))
    second = replace(with_hours(second, HOURS), number=2)
    book.put_edition(UNIT, second, replace(CHANGE, id="2" * 32))
    assert book.edition(UNIT) == second
    assert book.numbers() == {UNIT: 2}
    third = without_hours(second, HOURS.valid_from)
    book.put_edition(UNIT, third, replace(CHANGE, id="3" * 32))
    assert book.edition(UNIT) == third
    assert len(SqlAdministrationLog(store).latest(UNIT)) == 3


def test_of_many_who_change_the_calendar_at_once_one_does_and_the_others_are_told(store: SqlStore) -> None:
    book, late = SqlUnitBook(store), list[int]()

    def put(day: int) -> None:
        own = with_days(Edition(), [replace(OFF, day=date(2024, 6, day))])
        try:
            book.put_edition(UNIT, own, replace(CHANGE, id=f"{day:032x}"))
        except StaleVersionError:
            late.append(day)

    at_once([lambda day=day: put(day) for day in (10, 11, 12, 13)])  # type: ignore[misc]  # a number for each
    assert (len(late), len(book.edition(UNIT).days), len(SqlAdministrationLog(store).latest(UNIT))) == (3, 1, 1)


def test_a_calendar_is_that_of_its_unit_and_seen_by_others_after_a_look(store: SqlStore) -> None:
    book = SqlUnitBook(store)
    units = live(book)
    assert units.calendar(UNIT) is CALENDAR
    book.put_edition(UNIT, with_days(Edition(), [OFF]), CHANGE)
    assert units.calendar(UNIT) is CALENDAR
    units.refresh()
    assert units.calendar(UNIT).version == "test+1"
    assert not units.calendar(UNIT).is_working_day(OFF.day)
    assert units.calendar(ELSEWHERE) is CALENDAR
