"""Mandates as they are kept, on both databases: exact ends, one at a time, a line of the log for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.adapters.clock import SteppedClock, TimeOrderedIds
from engine.adapters.db import SqlAccounts, SqlMandates, SqlStore
from engine.adapters.db.administration import SqlAdministrationLog
from engine.commands.mandates import Mandates
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.mandate import Mandate, MandateProblemsError, WantedMandate
from engine.ports import Account
from tests.support.threads import at_once

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2022, 12, 19, 8, 0, tzinfo=ZONE)
SECOND = timedelta(seconds=1)
UNIT, ELSEWHERE = "xa-mau", "xa-khac"
SETTINGS = {"mandates": {"never": ["administrator"], "signers": ["chairman"], "longest_days": 366}}
WANTED = WantedMandate(
    kind="leave",
    principal="binh",
    deputy="duc",
    groups=frozenset({"chairman"}),
    first=date(2022, 12, 19),
    last=date(2022, 12, 20),
    basis="Đơn xin nghỉ phép",
    title="Phó Chủ tịch",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    people = {"binh": "chairman", "duc": "justice_officer", "mai": "one_stop", "quantri": "administrator"}
    for name, group in people.items():
        SqlAccounts(found).put(_account(name, group, UNIT))
    SqlAccounts(found).put(_account("xuan", "administrator", ELSEWHERE))
    return found


def _account(name: str, group: str, unit: str) -> Account:
    own: dict[str, Any] = {"kind": "officer", "password_hash": "none", "profile": {}}
    return Account(id=name, login=name, name=name, unit=unit, groups=frozenset({group}), **own)


def actor(name: str, *groups: str, unit: str = UNIT) -> Actor:
    return Actor(id=name, name=name, kind="officer", unit=unit, groups=frozenset(groups))


ADMIN, DUC = actor("quantri", "administrator"), actor("duc", "justice_officer")


def desk(store: SqlStore, at: datetime = NOW) -> Mandates:
    return Mandates(store=SqlMandates(store), clock=SteppedClock(at), ids=TimeOrderedIds(), settings=lambda: SETTINGS)


def lent(store: SqlStore, at: datetime) -> frozenset[str]:
    return desk(store, at).empowered(DUC).groups - DUC.groups


def test_it_lends_groups_until_the_second_in_which_it_ends(store: SqlStore) -> None:
    mandate = desk(store).record(ADMIN, WANTED)
    assert lent(store, mandate.starts_at - SECOND) == set()
    assert lent(store, mandate.starts_at) == {"chairman"}
    assert lent(store, mandate.ends_at - SECOND) == {"chairman"}
    assert lent(store, mandate.ends_at) == set()
    assert desk(store).empowered(actor("mai", "one_stop")).standings == ()
    assert [one.id for one in SqlMandates(store).away(UNIT, NOW)] == [mandate.id]
    assert SqlMandates(store).away(UNIT, mandate.ends_at) == []


def test_revoked_it_lends_nothing_from_that_second_on(store: SqlStore) -> None:
    mandate = desk(store).record(ADMIN, WANTED)
    noon = NOW + timedelta(hours=4)
    after = desk(store, noon).revoke(ADMIN, mandate.id, "đã đi làm lại")
    assert lent(store, noon - SECOND) == {"chairman"}, "what was signed before stays told"
    assert lent(store, noon) == set()
    assert desk(store).all(ADMIN) == [after]
    with pytest.raises(NotFoundError):
        desk(store, noon).revoke(ADMIN, mandate.id, "lần nữa")


def test_a_principal_who_lost_the_group_lends_it_no_more(store: SqlStore) -> None:
    desk(store).record(ADMIN, WANTED)
    SqlAccounts(store).put(replace(_account("binh", "one_stop", UNIT)))
    assert lent(store, NOW) == set()


def test_only_one_of_eight_who_record_at_once_gets_it(store: SqlStore) -> None:
    done = at_once([lambda: desk(store).record(ADMIN, WANTED)] * 8)
    assert sum(isinstance(one, Mandate) for one in done) == 1
    assert {type(one) for one in done} == {Mandate, MandateProblemsError}


def test_another_unit_and_other_officers_neither_see_nor_record(store: SqlStore) -> None:
    mandate = desk(store).record(ADMIN, WANTED)
    elsewhere = actor("xuan", "administrator", unit=ELSEWHERE)
    assert desk(store).all(elsewhere) == []
    with pytest.raises(NotFoundError):
        desk(store).revoke(elsewhere, mandate.id, "x")
    with pytest.raises(MandateProblemsError):
        desk(store).record(elsewhere, WANTED)
    for act in (lambda: desk(store).all(DUC), lambda: desk(store).record(DUC, WANTED)):
        with pytest.raises(ForbiddenError):
            act()


def test_each_act_is_a_line_of_the_log_and_a_refused_one_is_none(store: SqlStore) -> None:
    mandate = desk(store).record(ADMIN, WANTED)
    desk(store, NOW + SECOND).revoke(ADMIN, mandate.id, "  đã   về ")
    with pytest.raises(MandateProblemsError):
        desk(store).record(ADMIN, replace(WANTED, basis=""))
    log = SqlAdministrationLog(store).latest(UNIT)
    assert [(one.what, one.who, one.subject, one.reason) for one in reversed(log)] == [
        ("mandate:recorded", "quantri", "binh", ""),
        ("mandate:revoked", "quantri", "binh", "đã về"),
    ]
