"""Cash drawers on both databases: one at a time for each officer, whatever happens at once or to the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from engine.adapters.clock import SteppedClock, TimeOrderedIds
from engine.adapters.db import SqlDrawers, SqlStore
from engine.adapters.db.connection import saving
from engine.adapters.db.drawers import _row
from engine.adapters.db.tables_drawers import CASH_DRAWER
from engine.commands.drawers import CashDrawers
from engine.domain.actor import Actor
from engine.domain.drawer import (
    Drawer,
    DrawerClosedError,
    DrawerLeftOpenError,
    DrawerShortError,
    NoDrawerError,
)
from engine.domain.errors import ForbiddenError, FormInvalidError, NotFoundError, StaleVersionError
from tests.support.calendars import CALENDAR
from tests.support.cases import case, change, keep
from tests.support.threads import at_once

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NINE = datetime(2022, 12, 19, 9, 0, tzinfo=ZONE)
UNIT, ELSEWHERE = "xa-mau", "xa-khac"
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def officer(name: str, *groups: str, unit: str = UNIT) -> Actor:
    return Actor(id=name, name=name, kind="officer", unit=unit, groups=frozenset(groups or ("cashier",)))


ANH, TAM, BINH = officer("anh"), officer("tam", "one_stop", "cashier"), officer("binh", "chairman")


class House:
    """Drawers over a real database, with a clock to be moved."""

    def __init__(self, store: SqlStore, **cash: Any) -> None:
        self.clock, self.store, self.drawers = SteppedClock(NINE), store, SqlDrawers(store)
        rules: Mapping[str, Any] = {"denominations": [1000, 500000, 200], **cash}
        self.settings: dict[str, Any] = {"cash": rules, "units": {UNIT: {}}}
        catalog = SimpleNamespace(settings=self.settings, calendar=lambda unit: CALENDAR)
        ports: Any = SimpleNamespace(clock=self.clock, ids=TimeOrderedIds(), catalog=catalog)
        self.keeping = CashDrawers(ports, self.drawers)

    def open(self, actor: Actor = ANH, **counts: str) -> Drawer:
        return self.keeping.open(actor, {int(name[1:]): text for name, text in counts.items()})

    def close(self, drawer: Drawer, actor: Actor = ANH, reason: str = "", **counts: str) -> Drawer:
        typed = {int(name[1:]): text for name, text in counts.items()}
        return self.keeping.close(actor, drawer.id, typed, reason)

    def cash(self, drawer: str, amount: int, number: int = 1, way: str = "in", **more: Any) -> None:
        """A case that keeps this one piece of cash."""
        facts = {"way": way, "key": f"pay#{number}", "amount": amount, "by": "anh", "drawer": drawer, "booked": 0}
        begun = keep(self.store, case(number, unit=more.pop("unit", UNIT)))
        change(self.store, begun, cash=({**facts, "at": self.clock.now(), **more},))


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest) -> House:
    return House(request.getfixturevalue(f"{request.param}_store"))


def test_a_drawer_keeps_what_was_counted_into_it_and_its_officers_day(house: House) -> None:
    house.open(d500000="2", d200=" 15 ", d1000="")
    found = house.keeping.current(ANH)
    assert found is not None
    assert (found.day.isoformat(), found.opened_with, dict(found.opening)) == (
        "2022-12-19",
        1_003_000,
        {500000: 2, 200: 15},
    )
    assert house.keeping.denominations == [500000, 1000, 200]


def test_pressed_twice_at_once_it_is_one_drawer(house: House) -> None:
    found = at_once([partial(house.open, d1000="5") for _ in range(8)])
    assert len({one.id for one in found if isinstance(one, Drawer)}) == 1, found
    assert len(house.drawers.of_day(UNIT, found[0].day)) == 1


def test_each_person_and_each_unit_has_a_drawer_of_its_own(house: House) -> None:
    mine, other = house.open(ANH), house.open(TAM)
    stranger = house.open(officer("anh", unit=ELSEWHERE))
    assert len({mine.id, other.id, stranger.id}) == 3
    assert house.drawers.get(ELSEWHERE, mine.id) is None
    assert [one.id for one in house.drawers.of_day(ELSEWHERE, mine.day)] == [stranger.id]
    with pytest.raises(NotFoundError):
        house.close(mine, officer("anh", unit=ELSEWHERE))
    with pytest.raises(NotFoundError):
        house.close(mine, TAM)


def test_the_database_itself_refuses_a_second_open_drawer(house: House) -> None:
    second = replace(house.open(), id="f" * 32)
    with pytest.raises(StaleVersionError), saving(house.store.engine) as connection:
        connection.execute(insert(CASH_DRAWER).values(_row(second)))


@pytest.mark.parametrize("typed", ["-1", "1e3", "ba", "1,5", "100000", "9" * 40, "٣", "0x1", "1 000 000", "=1+1"])
def test_what_is_no_number_of_pieces_opens_and_closes_nothing(house: House, typed: str) -> None:
    with pytest.raises(FormInvalidError) as refused:
        house.open(d1000=typed, d200="3")
    assert list(refused.value.errors) == ["count.1000"]
    assert house.keeping.current(ANH) is None
    drawer = house.open()
    with pytest.raises(FormInvalidError):
        house.close(drawer, d200=typed)
    assert house.keeping.current(ANH) == drawer


def test_the_largest_count_there_can_be_is_kept_to_the_dong(house: House) -> None:
    drawer = house.open(d500000="99999", d1000="99999", d200="99999")
    closed = house.close(drawer, d500000="99999", d1000="99999", d200="99999")
    found = house.drawers.get(UNIT, drawer.id)
    assert found is not None
    assert (found.counted, closed.difference) == (99999 * 501200, 0)


def test_only_who_takes_money_opens_a_drawer(house: House) -> None:
    for nobody in (BINH, officer("duc", "justice_officer"), Actor(id="lan", name="", kind="citizen", unit=UNIT)):
        with pytest.raises(ForbiddenError):
            house.open(nobody)


def test_cash_of_cases_is_what_ought_to_lie_in_it(house: House) -> None:
    drawer = house.open(d1000="50")
    house.cash(drawer.id, 12000, 1)
    house.cash(drawer.id, 8000, 2)
    house.cash(drawer.id, 3000, 3, way="out", receipt="0001/2022")
    house.cash("somebody-elses", 700_000, 4)
    house.cash(drawer.id, 500_000, 5, unit=ELSEWHERE)
    one = house.keeping.reckoned(drawer)
    assert (one.taken, one.given_back, one.expected) == (20000, 3000, 67000)
    assert [move.case_code for move in one.moves] == ["HS-000001", "HS-000002", "HS-000003"]


def test_a_count_that_differs_needs_a_reason_and_both_are_kept(house: House) -> None:
    drawer = house.open(d1000="50")
    house.cash(drawer.id, 12000)
    for reason in ("", "  \n "):
        with pytest.raises(FormInvalidError) as refused:
            house.close(drawer, reason=reason, d1000="60")
        assert "thiếu 2.000 đồng" in refused.value.errors["reason"][0]
        assert house.keeping.current(ANH) == drawer
    house.close(drawer, reason=" Thối nhầm ", d1000="60")
    found = house.drawers.get(UNIT, drawer.id)
    assert found is not None
    assert (found.expected, found.counted, found.difference, found.reason) == (62000, 60000, -2000, "Thối nhầm")
    assert house.keeping.current(ANH) is None


def test_what_comes_to_light_after_the_count_is_told_and_changes_no_count(house: House) -> None:
    drawer = house.open(d1000="50")
    house.close(drawer, d1000="50")
    house.cash(drawer.id, 12000)  # was on its way when the drawer was counted
    found = house.drawers.get(UNIT, drawer.id)
    assert found is not None
    one = house.keeping.reckoned(found)
    assert (one.later, one.drawer.difference, one.drawer.expected) == (12000, 0, 50000)


def test_closed_twice_at_once_it_is_closed_once(house: House) -> None:
    drawer = house.open(d1000="50")
    found = at_once([partial(house.close, drawer, d1000="50") for _ in range(6)])
    assert {(one.closed_at, one.counted) for one in found if isinstance(one, Drawer)} == {(NINE, 50000)}, found
    with pytest.raises(DrawerClosedError):
        house.close(drawer, d1000="49", reason="Đếm lại")
    assert house.open().id != drawer.id  # another one on the same day


def test_cash_needs_an_open_drawer_unless_the_unit_says_otherwise(house: House) -> None:
    with pytest.raises(NoDrawerError):
        house.keeping.for_cash(ANH)
    house.settings["units"][UNIT] = {"cash_drawer": "optional"}
    assert house.keeping.for_cash(ANH) == ""
    drawer = house.open()
    assert house.keeping.for_cash(ANH) == drawer.id
    house.settings["cash"] = {**house.settings["cash"], "drawer": "optional"}
    house.settings["units"][UNIT] = {"cash_drawer": "required"}
    with pytest.raises(NoDrawerError):
        house.keeping.for_cash(TAM)


def test_over_midnight_the_drawer_of_yesterday_is_closed_first_and_nothing_in_it_is_lost(house: House) -> None:
    house.clock.set(NINE.replace(hour=23, minute=59))
    drawer = house.open(d1000="1")
    house.cash(house.keeping.for_cash(ANH), 12000)
    house.clock.advance(timedelta(minutes=2))
    with pytest.raises(DrawerLeftOpenError) as refused:
        house.keeping.for_cash(ANH)
    assert "19/12/2022" in refused.value.message
    with pytest.raises(DrawerLeftOpenError):
        house.open(d1000="7")
    assert house.keeping.current(ANH) == drawer
    closed = house.close(drawer, d1000="13")
    assert (closed.difference, closed.day.day) == (0, 19)
    assert house.open().day.day == 20


def test_a_clock_that_was_set_back_loses_nothing_and_no_drawer_closes_before_it_opened(house: House) -> None:
    house.clock.set(NINE.replace(day=20, hour=0, minute=1))
    drawer = house.open(d1000="1")
    house.clock.restart(NINE.replace(hour=23, minute=58))
    assert house.keeping.for_cash(ANH) == drawer.id
    house.cash(drawer.id, 12000)
    closed = house.close(drawer, d1000="13")
    assert (closed.closed_at, closed.difference) == (drawer.opened_at, 0)


def test_a_leader_closes_what_was_left_open_and_only_that(house: House) -> None:
    drawer = house.open(d1000="1")
    with pytest.raises(NotFoundError):
        house.close(drawer, BINH, d1000="1")
    house.clock.advance(timedelta(days=1))
    assert [one.id for one in house.drawers.left_open(UNIT, house.keeping.today(UNIT))] == [drawer.id]
    with pytest.raises(NotFoundError):
        house.close(drawer, TAM, d1000="1")
    assert house.close(drawer, BINH, d1000="1").closed_by == "binh"
    assert house.drawers.left_open(UNIT, house.keeping.today(UNIT)) == []


def test_no_more_goes_out_than_there_is(house: House) -> None:
    with pytest.raises(NoDrawerError):
        house.keeping.for_giving_back(ANH, 1)
    drawer = house.open(d1000="5")
    assert house.keeping.for_giving_back(ANH, 5000) == drawer.id
    with pytest.raises(DrawerShortError) as refused:
        house.keeping.for_giving_back(ANH, 5001)
    assert "5.000 đồng" in refused.value.message


def test_cash_outside_any_drawer_is_found_by_its_day(house: House) -> None:
    house.cash("", 12000)
    since = NINE.replace(hour=0)
    assert [move.amount for move in house.drawers.loose(UNIT, since, since + timedelta(days=1))] == [12000]
    assert house.drawers.loose(UNIT, since + timedelta(days=1), since + timedelta(days=2)) == []
    assert house.drawers.loose(ELSEWHERE, since, since + timedelta(days=1)) == []
    assert house.drawers.moves(UNIT, []) == []
