"""Officers as administrators keep them, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock, TimeOrderedIds
from engine.adapters.db import SqlAccounts, SqlPeople, SqlStore
from engine.adapters.db.administration import SqlAdministrationLog
from engine.adapters.db.staff import SqlStaff
from engine.commands.officers import Officers
from engine.domain.actor import Actor, system
from engine.domain.errors import DomainError, ForbiddenError
from engine.domain.staffing import LastAdministratorError, Officer, StaffProblemsError, Wanted
from engine.ports import Account
from engine.ports.administration import Revision
from tests.support.threads import at_once

NOW, HOUR = datetime(2026, 11, 3, 8, 0, tzinfo=UTC), timedelta(hours=1)
UNIT, ELSEWHERE = "xa-mau", "xa-khac"
GROUPS = {"administrator": "Quản trị", "one_stop": "Một cửa"}
ONE_STOP = frozenset({"one_stop"})


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    accounts = SqlAccounts(found)
    for name, unit in (("an", UNIT), ("binh", UNIT), ("xuan", ELSEWHERE)):
        accounts.put(_account(name, unit, frozenset({"administrator"})))
    accounts.put(_account("mai", UNIT, ONE_STOP))
    accounts.put(replace(_account("lan", UNIT, frozenset()), kind="citizen"))
    return found


def _account(name: str, unit: str, groups: frozenset[str]) -> Account:
    own: dict[str, Any] = {"kind": "officer", "password_hash": f"hash-{name}", "profile": {"phone": "0903000111"}}
    return Account(id=name, login=name, name=name, unit=unit, groups=groups, **own)


def actor(name: str, unit: str = UNIT) -> Actor:
    return Actor(id=name, name=name, kind="officer", unit=unit, groups=frozenset({"administrator"}))


def officers(store: SqlStore) -> Officers:
    clock = SteppedClock(NOW)
    return Officers(store=SqlStaff(store), clock=clock, ids=TimeOrderedIds(), groups=lambda: GROUPS)


def test_officers_of_the_unit_are_listed_and_nobody_else(store: SqlStore) -> None:
    assert [one.id for one in officers(store).all(actor("an"))] == ["an", "binh", "mai"]
    assert [one.id for one in officers(store).all(actor("xuan", ELSEWHERE))] == ["xuan"]


def test_a_new_officer_has_a_password_to_change_and_has_changed_it_once_it_is_another(store: SqlStore) -> None:
    accounts = SqlAccounts(store)
    new = officers(store).add(actor("an"), Wanted(login="hung", name="Hùng", groups=ONE_STOP), "one-time")
    found = accounts.by_login("hung")
    assert found
    assert (found.unit, found.kind, found.groups, found.one_time_until) == (
        UNIT,
        "officer",
        ONE_STOP,
        NOW + timedelta(hours=72),
    )
    accounts.edit(replace(found, password_hash="own"))
    after = accounts.by_id(new.id)
    assert after
    assert (after.password_hash, after.one_time_until) == ("own", None)
    assert not next(one for one in SqlStaff(store).officers(UNIT) if one.id == new.id).one_time


def test_a_login_of_a_citizen_is_taken_too(store: SqlStore) -> None:
    with pytest.raises(StaffProblemsError):
        officers(store).add(actor("an"), Wanted(login="lan", name="Ai", groups=ONE_STOP), "h")
    assert SqlAdministrationLog(store).latest(UNIT) == []


def test_a_login_that_another_unit_uses_is_free_here(store: SqlStore) -> None:
    new = officers(store).add(actor("an"), Wanted(login="xuan", name="Ai", groups=ONE_STOP), "h")
    assert (new.login, new.unit) == ("xuan", UNIT)


def test_the_first_administrator_of_a_commune_comes_from_the_shell(store: SqlStore) -> None:
    shell, wanted = system("xa-moi", "cli"), Wanted(login="dau", name="Đầu", groups=frozenset({"administrator"}))
    assert officers(store).add(shell, wanted, "h").unit == "xa-moi"
    (noted,) = SqlAdministrationLog(store).latest("xa-moi")
    assert (noted.who, noted.what) == ("cli", "officer:added")


def test_a_locked_account_has_no_session_not_even_one_that_is_opened_afterwards(store: SqlStore) -> None:
    accounts, staff = SqlAccounts(store), officers(store)
    accounts.open_session("mai", "before", NOW, NOW + HOUR)
    shut = staff.lock(actor("an"), "mai", "nghỉ việc", staff.one(actor("an"), "mai").seen)
    accounts.open_session("mai", "afterwards", NOW, NOW + HOUR)
    assert [accounts.session(token, NOW) for token in ("before", "afterwards")] == [None, None]
    found = accounts.by_id("mai")
    assert found
    assert found.locked
    staff.unlock(actor("an"), "mai", "", shut.seen)
    assert accounts.session("before", NOW) is None
    accounts.open_session("mai", "again", NOW, NOW + HOUR)
    assert accounts.session("again", NOW)


def test_new_groups_are_those_of_the_next_request(store: SqlStore) -> None:
    accounts, staff = SqlAccounts(store), officers(store)
    accounts.open_session("mai", "token", NOW, NOW + HOUR)
    seen = staff.one(actor("an"), "mai").seen
    staff.change(actor("an"), "mai", Wanted(login="", name="Mai", groups=frozenset({"administrator"})), seen)
    found = accounts.session("token", NOW)
    assert found
    assert (found.groups, found.profile, found.password_hash) == (
        {"administrator"},
        {"phone": "0903000111"},
        "hash-mai",
    )


def test_what_somebody_saves_of_their_own_page_brings_no_groups_back(store: SqlStore) -> None:
    accounts, staff = SqlAccounts(store), officers(store)
    as_it_was = accounts.by_id("binh")
    assert as_it_was
    seen = staff.one(actor("an"), "binh").seen
    staff.change(actor("an"), "binh", Wanted(login="", name="Bình", groups=ONE_STOP), seen)
    accounts.edit(replace(as_it_was, profile={"address": "ấp 3"}))
    found = accounts.by_id("binh")
    assert found
    assert (found.groups, found.profile) == (ONE_STOP, {"address": "ấp 3"})


def test_all_sessions_of_one_officer_end_and_those_of_others_go_on(store: SqlStore) -> None:
    accounts = SqlAccounts(store)
    for token, who in (("t1", "mai"), ("t2", "mai"), ("t3", "binh")):
        accounts.open_session(who, token, NOW, NOW + HOUR)
    officers(store).end_sessions(actor("an"), "mai")
    assert SqlPeople(store).sessions("mai", NOW) == []
    assert accounts.session("t3", NOW)


def test_of_two_administrators_who_lock_each_other_at_once_one_stays(store: SqlStore) -> None:
    staff = officers(store)
    seen = {one.id: one.seen for one in staff.all(actor("an"))}
    refused: list[DomainError] = []

    def shut(who: str, whom: str) -> None:
        try:
            staff.lock(actor(who), whom, "tranh chấp", seen[whom])
        except DomainError as error:
            refused.append(error)

    at_once([lambda: shut("an", "binh"), lambda: shut("binh", "an")] * 2)
    assert [one.lock is None for one in staff.all(actor("an")) if one.administers].count(True) == 1
    assert len(refused) == 3
    assert len([one for one in SqlAdministrationLog(store).latest(UNIT) if one.what == "officer:locked"]) == 1


def test_of_many_who_add_the_same_login_at_once_one_does(store: SqlStore) -> None:
    staff, refused = officers(store), list[Exception]()

    def add() -> None:
        try:
            staff.add(actor("an"), Wanted(login="hung", name="Hùng", groups=ONE_STOP), "h")
        except StaffProblemsError as error:
            refused.append(error)

    at_once([add] * 6)
    assert len(refused) == 5
    assert [one.login for one in staff.all(actor("an"))].count("hung") == 1


def test_what_is_refused_writes_nothing(store: SqlStore) -> None:
    staff = officers(store)
    before = staff.all(actor("an"))
    staff.lock(actor("an"), "binh", "x", staff.one(actor("an"), "binh").seen)
    with pytest.raises(LastAdministratorError):
        SqlStaff(store).revise(UNIT, _raise)
    with pytest.raises(ForbiddenError):
        staff.unlock(actor("binh"), "binh", "x", staff.one(actor("an"), "binh").seen)
    assert [one.id for one in staff.all(actor("an")) if one.lock] == ["binh"]
    assert [one.id for one in before if one.lock] == []


def _raise(staff: Sequence[Officer]) -> Revision:
    raise LastAdministratorError(name=staff[0].name)


def test_the_log_is_read_page_by_page_the_latest_first_and_by_unit(store: SqlStore) -> None:
    staff, log = officers(store), SqlAdministrationLog(store)
    for number in range(5):
        wanted = Wanted(login=f"hung{number}", name=f"Hùng {number} số", groups=ONE_STOP)
        staff.add(actor("an"), wanted, "secret-hash")
    staff.add(actor("xuan", ELSEWHERE), Wanted(login="ngoai", name="Xa", groups=ONE_STOP), "h")
    first = log.latest(UNIT, limit=3)
    rest = log.latest(UNIT, before=first[-1].id, limit=3)
    assert [one.after["login"] for one in (*first, *rest)] == ["hung4", "hung3", "hung2", "hung1", "hung0"]
    assert "secret-hash" not in repr(first)
    assert first[0].at == NOW
    assert [one.after["login"] for one in log.latest(ELSEWHERE)] == ["ngoai"]
