"""Reminders at work: over a small house on both databases, with races, kills, leaves and clocks that go back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from engine.adapters.db import SqlAccounts, SqlMandates, SqlReminders, open_store, upgrade
from engine.adapters.db.connection import saving
from engine.adapters.db.staff import SqlStaff
from engine.adapters.db.tables_administration import OFFICER_STATE
from engine.adapters.db.tables_deadlines import REMINDER, REMINDER_FOR
from engine.adapters.reminder_rules import read_reminders
from engine.commands.mandates import Mandates
from engine.commands.messages import ClaimTask, CompleteTask, WithdrawCase
from engine.commands.reminding import Reminding
from engine.domain.case import Case
from engine.domain.deadline import apply, extend, restart
from engine.domain.mandate import WantedMandate
from engine.domain.reminding import ReminderRules
from engine.ports import Account
from engine.ports.deadlines import Reminders
from tests.support.calendars import CALENDAR, at
from tests.support.desk import ROOT
from tests.support.samples import change as changed_case
from tests.support.small_house import ADMIN, CHAIRMAN, CLERK, PROCEDURE, UNIT
from tests.support.sql_house import SqlHouse
from tests.support.threads import at_once

RULES = read_reminders(ROOT / "catalog")
DAY_LEFT, TODAY, OVERDUE = at("2022-12-21 07:30"), at("2022-12-22 07:30"), at("2022-12-23 17:00")  # of a case of NINE
SECOND = timedelta(seconds=1)
Kept = list[tuple[str, str, str]]


@dataclass
class Told:
    """A small house with cases to be signed, and who reminds in it."""

    house: SqlHouse

    def reminding(self, reminders: Reminders | None = None, rules: ReminderRules = RULES) -> Reminding:
        """As another process has it: nothing is remembered from earlier looks."""
        kept, staff = reminders or SqlReminders(self.house.sql), SqlStaff(self.house.sql)
        return Reminding(self.house.ports, kept, self.mandates, staff, rules)

    @property
    def mandates(self) -> SqlMandates:
        return SqlMandates(self.house.sql)

    def look(self, now: datetime) -> int:
        return self.reminding().run(now)

    def kept(self, case: Case | None = None) -> Kept:
        """(threshold, recipient, in whose stead) of everything that was told, in its order."""
        own = REMINDER_FOR.c
        query = select(own.threshold, own.recipient, own.in_stead_of, own.case_id)
        with self.house.sql.reading() as connection:
            rows = connection.execute(query.order_by(own.at, own.threshold, own.recipient)).all()
        return [(x.threshold, x.recipient, x.in_stead_of) for x in rows if case is None or x.case_id == case.id]

    def heads(self) -> int:
        with self.house.sql.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(REMINDER)).scalar_one())

    def change(self, case: Case, **changes: Any) -> Case:
        return changed_case(self.house.sql, self.house.case(case.id), **changes)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    house = SqlHouse(url)
    yield Told(house)
    house.close()


def held(told: Told) -> Case:
    """A case whose signing the chairman has claimed."""
    case = told.house.checked()
    told.house.do(ClaimTask(unit=UNIT, case_id=case.id, key="sign#1"), CHAIRMAN)
    return told.house.case(case.id)


def test_each_threshold_is_told_once_to_who_holds_the_task_and_what_is_overdue_to_the_leader(told: Told) -> None:
    case = held(told)
    assert told.look(DAY_LEFT - SECOND) == 0
    assert [told.look(now) for now in (DAY_LEFT, DAY_LEFT, TODAY, TODAY + SECOND)] == [1, 0, 1, 0]
    assert told.look(OVERDUE) == 1
    assert told.look(OVERDUE + timedelta(days=40)) == 0
    assert told.kept(case) == [
        ("day_left", "person/chair", ""),
        ("today", "person/chair", ""),
        ("overdue", "group/chairman", ""),
        ("overdue", "person/chair", ""),
    ]


def test_a_task_that_nobody_holds_is_told_to_its_group_and_one_on_its_way_to_the_desk(told: Told) -> None:
    case = told.house.checked()
    told.look(DAY_LEFT)
    assert told.kept(case) == [("day_left", "group/chairman", "")]
    waiting = told.change(case, tasks={})
    told.look(TODAY)
    assert told.kept(waiting)[-1] == ("today", "group/one_stop", "")


def test_of_what_passed_while_no_routine_ran_the_last_is_told_alone(told: Told) -> None:
    held(told)
    assert told.look(OVERDUE + SECOND) == 1
    assert [row[0] for row in told.kept()] == ["overdue", "overdue"]
    assert told.look(OVERDUE + SECOND) == 0


def test_a_clock_put_back_and_gone_on_again_tells_nothing_twice(told: Told) -> None:
    held(told)
    told.look(TODAY)
    for now in (DAY_LEFT - SECOND, DAY_LEFT, TODAY - SECOND, TODAY, TODAY + SECOND):
        assert told.look(now) == 0, now
    assert [row[0] for row in told.kept()] == ["today"]


def test_a_paused_case_is_not_reminded_and_goes_on_from_the_day_its_term_goes_on(told: Told) -> None:
    case = held(told)
    term = case.deadline
    assert term is not None
    noon = at("2022-12-20 10:00")
    paused = told.change(case, deadline=replace(term, paused_at=noon))
    for now in (DAY_LEFT, TODAY, OVERDUE):
        assert told.look(now) == 0
    again = at("2023-01-05 09:00")
    event = restart(PROCEDURE.deadline, replace(term, paused_at=noon), again, CALENDAR, by="mai")
    told.change(paused, deadline=apply(replace(term, paused_at=noon), event, again))
    assert told.look(again + SECOND) == 0, "what lay before the term began anew is not made up for"
    assert told.look(at("2023-01-09 07:30")) == 1
    assert told.kept() == [("day_left", "person/chair", "")]


def test_another_date_counts_anew_from_the_day_it_was_appointed(told: Told) -> None:
    case = held(told)
    told.look(TODAY)
    now = TODAY + timedelta(hours=2)
    assert case.deadline is not None
    event = extend(
        PROCEDURE.deadline, case.deadline, now, CALENDAR, by="chair", reason="Chờ xác minh", due=at("2022-12-29 17:00")
    )
    told.change(case, deadline=apply(case.deadline, event, now))
    assert told.look(now + SECOND) == 0
    assert told.look(at("2022-12-28 07:30")) == 1
    assert told.look(at("2022-12-30 17:00")) == 1
    assert [row[0] for row in told.kept()] == ["day_left", "overdue", "overdue"], "the old date is gone"
    assert told.heads() == 3, "from the list, but it stays kept"


def test_a_closed_case_is_not_reminded(told: Told) -> None:
    withdrawn, finished = held(told), held(told)
    told.house.do(WithdrawCase(unit=UNIT, case_id=withdrawn.id, reason="Thôi"), CLERK)
    told.house.do(CompleteTask(unit=UNIT, case_id=finished.id, key="sign#1", data={}), CHAIRMAN)
    assert told.look(OVERDUE) == 0
    assert told.heads() == 0


def on_leave(told: Told, principal: str, deputy: str, group: str) -> None:
    for name in (principal, deputy):
        more: dict[str, Any] = {"kind": "officer", "password_hash": "", "profile": {}}
        groups = frozenset({group}) if name == principal else frozenset({"one_stop"})
        SqlAccounts(told.house.sql).put(Account(id=name, login=name, name=name, unit=UNIT, groups=groups, **more))
    settings = {"mandates": {"never": [], "signers": [], "longest_days": 366}}
    desk = Mandates(store=told.mandates, clock=told.house.clock, ids=told.house.ports.ids, settings=lambda: settings)
    desk.record(
        ADMIN,
        WantedMandate(
            kind="leave",
            principal=principal,
            deputy=deputy,
            groups=frozenset({group}),
            first=date(2022, 12, 21),
            last=date(2022, 12, 21),
            basis="Đơn xin nghỉ phép",
        ),
    )


def test_while_the_holder_is_on_leave_the_substitute_is_told_and_after_that_the_holder_again(told: Told) -> None:
    case = held(told)
    on_leave(told, "chair", "tam", "chairman")
    told.look(DAY_LEFT)
    told.look(TODAY)
    assert told.kept(case) == [("day_left", "person/tam", "chair"), ("today", "person/chair", "")]


def lock(told: Told, account: str) -> None:
    values = {"locked_at": DAY_LEFT, "locked_by": "an", "lock_reason": "nghỉ việc", "one_time_hash": ""}
    with saving(told.house.sql.engine) as connection:
        connection.execute(insert(OFFICER_STATE).values(unit=UNIT, account_id=account, **values))


@pytest.mark.parametrize("who", ["chair", "tam"])
def test_an_account_that_is_locked_is_told_nothing_and_the_group_is_instead(told: Told, who: str) -> None:
    case = held(told)
    on_leave(told, "chair", "tam", "chairman")
    lock(told, who)
    told.look(DAY_LEFT)
    told.look(TODAY)
    left = ("day_left", "person/tam", "chair") if who == "chair" else ("day_left", "group/chairman", "")
    today = ("today", "group/chairman", "") if who == "chair" else ("today", "person/chair", "")
    assert told.kept(case) == [left, today]


def test_two_processes_that_look_at_the_same_instant_tell_each_case_once(told: Told) -> None:
    cases = [held(told) for _ in range(12)]
    stores = [open_store(told.house.url) for _ in range(4)]
    looks: list[Callable[[], int]] = [
        lambda one=one, now=now: told.reminding(SqlReminders(one)).run(now)  # type: ignore[misc]  # bound now
        for one, now in zip(stores, (TODAY, TODAY, TODAY + SECOND, DAY_LEFT), strict=True)
    ]
    found = at_once(looks)
    for store in stores:
        store.close()
    assert not [one for one in found if isinstance(one, Exception)], found
    for case in cases:
        thresholds = [row[0] for row in told.kept(case)]
        assert thresholds in (["today"], ["day_left", "today"]), "each once, and none after a later one"
    assert sum(one for one in found if isinstance(one, int)) == told.heads()


class Killed(SqlReminders):
    """Tells some, then the process is gone in the midst of the next transaction."""

    def __init__(self, house: SqlHouse, after: int) -> None:
        super().__init__(house.sql)
        self._left = after

    def tell(self, unit: str, case_ids: Sequence[str], now: datetime, decide: Any) -> int:
        def until_killed(row: Any, tasks: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return decide(row, tasks)

        return super().tell(unit, case_ids, now, until_killed)


def test_what_a_killed_routine_left_is_told_by_the_next_one_and_nothing_twice(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [held(told) for _ in range(7)]
    monkeypatch.setattr("engine.commands.reminding.AT_ONCE", 2)
    child = os.fork()
    if child == 0:
        try:
            told.reminding(Killed(told.house, 5)).run(TODAY)
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert told.heads() == 4, "whole transactions alone"
    assert told.look(TODAY) == 3
    assert [told.kept(case) for case in cases] == [[("today", "person/chair", "")]] * 7


def test_a_date_that_the_calendar_does_not_reach_keeps_no_other_case_from_being_told(told: Told) -> None:
    far, near = held(told), held(told)
    assert far.deadline is not None
    told.change(far, deadline=replace(far.deadline, due=at("2027-01-04 17:00")))
    assert told.look(TODAY) == 1
    assert told.kept() == told.kept(near)


def test_a_threshold_added_to_the_catalog_is_told_of_running_terms(told: Told) -> None:
    held(told)
    told.look(TODAY)
    last = RULES.thresholds[-1]
    rules = replace(RULES, thresholds=(*RULES.thresholds, replace(last, key="week", value=5)))
    assert told.reminding(rules=rules).run(at("2022-12-29 17:00")) == 1
    assert [row[0] for row in told.kept()][-1] == "week"
