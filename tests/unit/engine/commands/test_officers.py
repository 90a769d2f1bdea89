"""What administrators do to officers, with the line of the log that each act leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from engine.commands.officers import Officers
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError, StaleVersionError
from engine.domain.staffing import Officer, OfficerChangedError, OwnAccountError, StaffProblemsError, Wanted
from engine.ports.administration import Change, Revision

NOW = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
GROUPS = {"administrator": "Quản trị", "one_stop": "Một cửa", "records_clerk": "Văn thư"}
ADMIN = Officer(id="a", unit="xa", login="quantri", name="Quản trị", groups=frozenset({"administrator"}))
CLERK = Officer(id="c", unit="xa", login="mai", name="Mai", groups=frozenset({"one_stop"}))
ACTOR = Actor(id="a", name="Quản trị", kind="officer", unit="xa", groups=ADMIN.groups)
NEW = Wanted(login="lan", name="Lan", groups=frozenset({"one_stop"}))


class Drawer:
    """A store in memory that keeps what it was told; `clashes` says that a login is somebody's elsewhere."""

    def __init__(self) -> None:
        self.staff = {one.id: one for one in (ADMIN, CLERK)}
        self.told: list[Revision] = []
        self.clashes = False

    def officers(self, unit: str) -> list[Officer]:
        return [one for one in self.staff.values() if one.unit == unit]

    def revise(self, unit: str, decide: Callable[[Sequence[Officer]], Revision]) -> Revision:
        revision = decide(self.officers(unit))
        if self.clashes:
            raise StaleVersionError()
        self.staff.update({one.id: one for one in revision.officers})
        self.told.append(revision)
        return revision

    @property
    def log(self) -> list[Change]:
        return [change for revision in self.told for change in revision.changes]


class Clock:
    def now(self) -> datetime:
        return NOW


class Ids:
    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"id-{next(self._numbers)}"

    def token(self) -> str:
        return self.new()


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def officers(drawer: Drawer) -> Officers:
    return Officers(store=drawer, clock=Clock(), ids=Ids(), groups=lambda: GROUPS)


def test_adding_leaves_a_one_time_password_and_a_line_without_it(officers: Officers, drawer: Drawer) -> None:
    new = officers.add(ACTOR, NEW, "hash-of-lan")
    assert drawer.told[0].passwords == {new.id: ("hash-of-lan", NOW + officers.life)}
    change = drawer.log[0]
    assert (change.who, change.what, change.subject, change.before) == ("a", "officer:added", new.id, {})
    assert change.after == {"login": "lan", "name": "Lan", "groups": ["one_stop"], "locked": False}
    assert "hash" not in repr(change)


def test_a_login_taken_here_or_elsewhere_is_told_at_its_field(officers: Officers, drawer: Drawer) -> None:
    with pytest.raises(StaffProblemsError) as here:
        officers.add(ACTOR, replace(NEW, login="MAI"), "h")
    drawer.clashes = True
    with pytest.raises(StaffProblemsError) as elsewhere:
        officers.add(ACTOR, NEW, "h")
    assert [one.field for error in (here, elsewhere) for one in error.value.problems] == ["login", "login"]
    assert drawer.told == []


def test_a_change_keeps_the_login_and_says_what_was_before(officers: Officers, drawer: Drawer) -> None:
    wanted = Wanted(login="thief", name="Mai Anh", groups=frozenset({"records_clerk"}))
    after = officers.change(ACTOR, "c", wanted, CLERK.seen)
    assert (after.login, after.name, after.groups) == ("mai", "Mai Anh", {"records_clerk"})
    assert (drawer.log[0].before["groups"], drawer.log[0].after["groups"]) == (["one_stop"], ["records_clerk"])


def test_saving_what_is_there_already_leaves_no_line(officers: Officers, drawer: Drawer) -> None:
    officers.change(ACTOR, "c", Wanted(login="", name="Mai", groups=CLERK.groups), CLERK.seen)
    assert drawer.log == []


def test_locking_ends_sessions_and_unlocking_lets_in_again(officers: Officers, drawer: Drawer) -> None:
    shut = officers.lock(ACTOR, "c", " nghỉ\n việc ", CLERK.seen)
    assert shut.lock
    assert (shut.lock.reason, shut.lock.by, shut.lock.at) == ("nghỉ việc", "a", NOW)
    assert drawer.told[0].ended == ["c"]
    assert officers.unlock(ACTOR, "c", "đi làm lại", shut.seen).lock is None
    assert [(one.what, one.reason) for one in drawer.log] == [
        ("officer:locked", "nghỉ việc"),
        ("officer:unlocked", "đi làm lại"),
    ]


def test_a_reset_gives_a_password_and_ends_sessions_but_not_for_oneself(officers: Officers, drawer: Drawer) -> None:
    officers.reset(ACTOR, "c", "new-hash", CLERK.seen)
    assert (drawer.told[0].passwords["c"][0], drawer.told[0].ended, drawer.told[0].officers) == ("new-hash", ["c"], [])
    assert "new-hash" not in repr(drawer.log)
    with pytest.raises(OwnAccountError):
        officers.reset(ACTOR, "a", "new-hash", ADMIN.seen)


def test_two_who_look_at_the_same_page_do_not_overwrite_each_other(officers: Officers) -> None:
    officers.change(ACTOR, "c", Wanted(login="", name="Mai Anh", groups=CLERK.groups), CLERK.seen)
    with pytest.raises(OfficerChangedError):
        officers.change(ACTOR, "c", Wanted(login="", name="Mai Em", groups=CLERK.groups), CLERK.seen)


@pytest.mark.parametrize("groups", [frozenset({"one_stop"}), frozenset({"chairman"}), frozenset()])
def test_who_is_no_administrator_changes_nothing(officers: Officers, drawer: Drawer, groups: frozenset[str]) -> None:
    with pytest.raises(ForbiddenError):
        officers.add(replace(ACTOR, groups=groups), NEW, "h")
    assert drawer.told == []


def test_who_was_an_administrator_a_moment_ago_changes_nothing(officers: Officers, drawer: Drawer) -> None:
    drawer.staff["a"] = replace(ADMIN, groups=frozenset({"one_stop"}))
    with pytest.raises(ForbiddenError):
        officers.lock(ACTOR, "c", "vì sao", CLERK.seen)


def test_officers_of_another_unit_are_not_there(officers: Officers, drawer: Drawer) -> None:
    drawer.staff["z"] = replace(CLERK, id="z", unit="xa-khac", login="z")
    assert [one.id for one in officers.all(ACTOR)] == ["a", "c"]
    for act in (
        lambda: officers.one(ACTOR, "z"),
        lambda: officers.lock(ACTOR, "z", "x", drawer.staff["z"].seen),
        lambda: officers.reset(ACTOR, "z", "h", drawer.staff["z"].seen),
        lambda: officers.end_sessions(ACTOR, "z"),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert drawer.told == []


def test_a_list_is_taken_over_whole_or_not_at_all(officers: Officers, drawer: Drawer) -> None:
    sound = b"login,name,groups\nlan,Lan,one_stop\nhung,H\xc3\xb9ng,records_clerk\n"
    with pytest.raises(StaffProblemsError):
        officers.take_over(ACTOR, sound + b"mai,Mai,one_stop\n", ["h"] * 3)
    assert drawer.told == []
    assert [one.login for one in officers.take_over(ACTOR, sound, ["h1", "h2"])] == ["lan", "hung"]
    assert len(drawer.told) == 1
    assert [one.what for one in drawer.log] == ["officer:added"] * 2
