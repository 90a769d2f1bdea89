"""Terms that run, their counts and lists, and reminders, as both databases keep them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from engine.adapters.db import SqlDeadlines, SqlLooks, SqlReminders, SqlStore
from engine.adapters.db.tables_deadlines import REMINDER, REMINDER_FOR
from engine.domain.case import Adjustment, Case, Deadline
from engine.domain.reminding import OpenTask, Recipient
from engine.ports.deadlines import Edges, Reminder, Running, Tally, Wish
from tests.support.samples import NOW, SECOND, UNIT, a_case, by_key, case_id, change, keep, task, term

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EDGES = Edges(now=NOW, tomorrow=NOW + 12 * HOUR, soon=NOW + 3 * DAY)
EVERYTHING = Wish(until=NOW + 400 * DAY)
MAI, TAM = Recipient("person", "mai"), Recipient("person", "tam")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sql(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def adjusted(kind: str, at: datetime) -> Adjustment:
    return Adjustment(kind=kind, at=at, due_before=None, due_after=None, reason="", by="", calendar="")


def moved(due: datetime, kind: str = "reappointed", at: datetime = NOW) -> Deadline:
    return replace(term(due), extended=True, adjustments=(adjusted("started", NOW), adjusted(kind, at)))


def promised(number: int, due: datetime, holder: str | None = None, group: str = "one_stop", **changes: Any) -> Case:
    deadline = changes.pop("deadline", term(due))
    own = task("check#1", group, assignee=holder)
    return a_case(number, deadline=deadline, tasks=by_key(own), **changes)


def town(sql: SqlStore) -> None:
    """Two late, one today, two soon, one later; what is paused, over, elsewhere or has no date counts nowhere."""
    keep(sql, promised(1, NOW - DAY, "mai"))
    keep(sql, promised(2, NOW - SECOND, "mai", deadline=moved(NOW - SECOND)))
    keep(sql, promised(3, NOW + HOUR, None, procedure="0.000002"))
    keep(sql, promised(4, NOW + DAY, "tam", "justice_officer"))
    keep(sql, promised(5, NOW + 3 * DAY, "tam", deadline=moved(NOW + 3 * DAY, "extended")))
    keep(sql, promised(6, NOW + 9 * DAY, "tam"))
    keep(sql, promised(7, NOW - DAY, "mai", deadline=replace(term(NOW - DAY), paused_at=NOW)))
    keep(sql, promised(8, NOW - DAY, "mai", deadline=replace(term(NOW - DAY), finished_at=NOW)))
    keep(sql, promised(9, NOW - DAY, "mai", ended=True))
    keep(sql, promised(10, NOW - DAY, "mai", unit="xa-khac"))
    keep(sql, a_case(11, tasks=by_key(task("check#1", "one_stop", assignee="mai"))))
    keep(sql, promised(12, NOW - DAY, None, "applicant"))


def numbers(sql: SqlStore, wish: Wish, limit: int = 50, after: str | None = None) -> list[int]:
    return [int(row.case_id, 16) for row in SqlDeadlines(sql).rows(UNIT, wish, after=after, limit=limit)]


def test_cases_are_counted_by_band_holder_group_and_procedure(sql: SqlStore) -> None:
    town(sql)
    found = SqlDeadlines(sql).tallies(UNIT, EDGES)
    assert found.all == Tally(overdue=3, today=1, soon=2, overdue_bare=2, near_bare=2)
    assert found.people == {
        "mai": Tally(overdue=2, overdue_bare=1),
        "tam": Tally(soon=2, near_bare=1),
        "": Tally(today=1, near_bare=1),
    }
    assert found.groups == {
        "one_stop": Tally(overdue=2, today=1, soon=1, overdue_bare=1, near_bare=1),
        "justice_officer": Tally(soon=1, near_bare=1),
    }
    assert found.procedures["0.000002"] == Tally(today=1, near_bare=1)
    assert sum(one.overdue for one in found.procedures.values()) == 3


def test_of_given_people_theirs_alone_is_counted(sql: SqlStore) -> None:
    town(sql)
    found = SqlDeadlines(sql).tallies(UNIT, EDGES, ["mai", "nobody"])
    assert found.all == Tally(overdue=2, overdue_bare=1)
    assert SqlDeadlines(sql).tallies(UNIT, EDGES, []).all == Tally()


def test_a_unit_without_cases_has_noughts_and_an_empty_list(sql: SqlStore) -> None:
    found = SqlDeadlines(sql).tallies(UNIT, EDGES)
    assert (found.all, found.people, found.groups, found.procedures) == (Tally(), {}, {}, {})
    assert numbers(sql, EVERYTHING) == []


def test_a_case_with_two_tasks_of_one_holder_and_group_counts_once(sql: SqlStore) -> None:
    both = by_key(task("a#1", "one_stop", assignee="mai"), task("b#1", "one_stop", assignee="mai"))
    keep(sql, a_case(1, deadline=term(NOW - DAY), tasks=both))
    found = SqlDeadlines(sql).tallies(UNIT, EDGES)
    assert (found.all.overdue, found.people["mai"].overdue, found.groups["one_stop"].overdue) == (1, 1, 1)


def test_what_has_no_apology_is_listed_first_and_every_page_goes_on_where_the_last_one_ended(sql: SqlStore) -> None:
    town(sql)
    order = [1, 12, 3, 4, 6, 2, 5]
    assert numbers(sql, EVERYTHING) == order
    found, after = list[int](), None
    while rows := SqlDeadlines(sql).rows(UNIT, EVERYTHING, after=after, limit=2):
        found, after = [*found, *(int(row.case_id, 16) for row in rows)], rows[-1].cursor
    assert found == order
    assert numbers(sql, EVERYTHING, after="mangled") == order


def test_a_list_is_narrowed_by_what_its_address_asks(sql: SqlStore) -> None:
    town(sql)
    late, near = Wish(until=NOW), Wish(since=NOW, until=NOW + 4 * DAY)
    assert numbers(sql, late) == [1, 12, 2]
    assert numbers(sql, replace(late, bare=True)) == [1, 12]
    assert numbers(sql, near) == [3, 4, 5]
    assert numbers(sql, replace(near, people=("tam",))) == [4, 5]
    assert numbers(sql, replace(near, people=("tam",), bare=True)) == [4]
    assert numbers(sql, replace(near, free=True)) == [3]
    assert numbers(sql, replace(near, group="justice_officer")) == [4]
    assert numbers(sql, replace(near, procedure="0.000002")) == [3]
    assert numbers(sql, replace(late, people=("tam",))) == []


def test_pages_of_what_has_no_apology_end_where_the_others_would_begin(sql: SqlStore) -> None:
    town(sql)
    bare = replace(EVERYTHING, bare=True)
    last = SqlDeadlines(sql).rows(UNIT, EVERYTHING, after=None, limit=6)[-1].cursor
    assert numbers(sql, EVERYTHING, after=last) == [5]
    assert numbers(sql, bare, after=last) == []


def test_a_row_says_whose_turn_it_is_and_which_apology_was_given(sql: SqlStore) -> None:
    slips = tuple(
        {"kind": kind, "number": number, "data": {}, "by": "mai", "at": NOW}
        for kind, number in (("apology", "0007/2022"), ("intake", "0009/2022"))
    )
    keep(sql, promised(1, NOW, "mai", deadline=moved(NOW), receipts=slips))
    (row,) = SqlDeadlines(sql).rows(UNIT, EVERYTHING, after=None, limit=5)
    assert (row.moved, row.apology, row.holders, row.groups) == ("reappointed", "0007/2022", ("mai",), ("one_stop",))
    assert (row.case_code, row.applicant_name, row.due_at) == (a_case(1).code, "Nguyễn Thị Lan", NOW)


def test_rows_of_terms_are_written_anew_from_the_case(sql: SqlStore) -> None:
    case = keep(sql, promised(1, NOW + DAY))
    before = sql.rows(case.id)
    sql.rebuild(case)
    assert sql.rows(case.id) == before
    assert len(before["term"]) == 1
    paused = change(sql, case, deadline=replace(term(NOW + DAY), paused_at=NOW))
    assert list(sql.rows(case.id)["term"]) == []
    change(sql, paused, deadline=moved(NOW + 2 * DAY, at=NOW + HOUR))
    (row,) = sql.rows(case.id)["term"]
    assert row["since_at"] == NOW + HOUR, "a new date counts from the moment it was appointed"


def test_no_question_looks_at_every_task_of_the_unit(sqlite_store: SqlStore) -> None:
    """SQLite says how it goes about each statement: by the case, not by the unit alone."""
    town(sqlite_store)
    asked: list[tuple[str, Any]] = []
    wishes = [replace(EVERYTHING, **more) for more in ({}, {"people": ("mai",)}, {"procedure": "0.000002"})]

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    event.listen(sqlite_store.engine, "before_cursor_execute", note)
    found, reminders = SqlDeadlines(sqlite_store), SqlReminders(sqlite_store)
    found.tallies(UNIT, EDGES)
    found.tallies(UNIT, EDGES, ["mai"])
    for wish in wishes:
        found.rows(UNIT, wish, after=None, limit=5)
    reminders.running(UNIT, after="", limit=5)
    reminders.of(UNIT, "mai", ["one_stop"])
    reminders.unread(UNIT, "mai", ["one_stop"])
    event.remove(sqlite_store.engine, "before_cursor_execute", note)
    with sqlite_store.engine.connect() as connection:
        plans = [
            str(row[3])
            for statement, values in asked
            if statement.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert len(plans) > 20
    tables = ("term", "task", "task_group", "reminder", "reminder_for", "case_look")
    assert [plan for plan in plans if plan.startswith(tuple(f"SCAN {name}" for name in tables))] == []
    whole = [plan for plan in plans if re.match(r"SEARCH (task|task_group|reminder) .*\(unit=\?\)", plan)]
    assert [plan for plan in whole if "ix_task_group_free" not in plan] == []


def say(threshold: str, *recipients: Recipient) -> Any:
    return lambda row, tasks: Reminder(threshold=threshold, recipients=recipients)


def tell(sql: SqlStore, threshold: str, *recipients: Recipient, number: int = 1, at: datetime = NOW) -> int:
    return SqlReminders(sql).tell(UNIT, [case_id(number)], at, say(threshold, *recipients))


def listed(sql: SqlStore, account: str, *groups: str, unit: str = UNIT) -> list[tuple[int, str]]:
    return [(int(one.case_id, 16), one.threshold) for one in SqlReminders(sql).of(unit, account, groups)]


def test_who_decides_sees_the_case_as_it_is_now_with_its_tasks_and_what_was_told(sql: SqlStore) -> None:
    tasks = by_key(
        task("a#1", "one_stop", "cashier"), task("b#1", "chairman", assignee="mai"), task("c#1", "applicant")
    )
    keep(sql, a_case(1, deadline=term(NOW + DAY), tasks=tasks))
    seen: list[tuple[Running, list[OpenTask]]] = []

    def decide(row: Running, tasks: Any) -> Reminder | None:
        seen.append((row, sorted(tasks, key=lambda one: one.assignee or "")))
        return Reminder(threshold="half", recipients=(MAI,)) if not row.told else None

    reminders = SqlReminders(sql)
    assert reminders.tell(UNIT, [case_id(1), case_id(9)], NOW, decide) == 1
    assert reminders.tell(UNIT, [case_id(1)], NOW, decide) == 0
    assert seen[0][1] == [
        OpenTask(assignee=None, groups=frozenset({"one_stop", "cashier"})),
        OpenTask(assignee="mai", groups=frozenset({"chairman"})),
    ]
    assert [row.told for row, _ in seen] == [frozenset(), {"half"}]
    assert [row.told for row in reminders.running(UNIT, after="", limit=5)] == [{"half"}]


def test_terms_are_looked_at_page_by_page_and_those_of_the_unit_alone(sql: SqlStore) -> None:
    town(sql)
    found, after = list[int](), ""
    while rows := SqlReminders(sql).running(UNIT, after=after, limit=2):
        found, after = [*found, *(int(row.case_id, 16) for row in rows)], rows[-1].case_id
    assert found == [1, 2, 3, 4, 5, 6, 12]


def test_what_was_told_of_an_older_date_does_not_count_for_the_new_one_and_leaves_the_list(sql: SqlStore) -> None:
    case = keep(sql, promised(1, NOW + DAY))
    tell(sql, "half", MAI)
    assert listed(sql, "mai") == [(1, "half")]
    change(sql, case, deadline=moved(NOW + 2 * DAY))
    assert [row.told for row in SqlReminders(sql).running(UNIT, after="", limit=5)] == [frozenset()]
    assert listed(sql, "mai") == []
    assert tell(sql, "half", MAI) == 1


def test_the_list_holds_what_is_for_the_officer_or_a_group_of_theirs_the_newest_of_each_case(sql: SqlStore) -> None:
    for number in (1, 2, 3):
        keep(sql, promised(number, NOW + DAY))
    tell(sql, "half", MAI)
    tell(sql, "today", MAI, Recipient("group", "chairman", leader=True), at=NOW + SECOND)
    tell(sql, "half", Recipient("group", "one_stop"), number=2)
    tell(sql, "half", Recipient("person", "mai", in_stead_of="duc"), number=3, at=NOW + 2 * SECOND)
    assert listed(sql, "mai", "one_stop") == [(3, "half"), (1, "today"), (2, "half")]
    assert listed(sql, "tam", "one_stop") == [(2, "half")]
    assert listed(sql, "tam") == []
    assert listed(sql, "one_stop") == [], "a person is no group of the same name"
    (first, *_), (led,) = (
        SqlReminders(sql).of(UNIT, who, groups) for who, groups in (("mai", ()), ("b", ("chairman",)))
    )
    assert (first.in_stead_of, first.group, first.leader) == ("duc", "", False)
    assert (led.group, led.leader, led.case_code) == ("chairman", True, a_case(1).code)


def test_a_reminder_is_read_once_its_reader_has_opened_the_case_since(sql: SqlStore) -> None:
    keep(sql, promised(1, NOW + DAY))
    tell(sql, "half", Recipient("group", "one_stop"))
    reminders = SqlReminders(sql)
    assert reminders.unread(UNIT, "mai", ["one_stop"]) == 1
    SqlLooks(sql).note(UNIT, case_id(1), "mai", NOW + SECOND)
    assert (reminders.unread(UNIT, "mai", ["one_stop"]), reminders.unread(UNIT, "tam", ["one_stop"])) == (0, 1)
    tell(sql, "today", MAI, at=NOW + DAY)
    assert reminders.unread(UNIT, "mai", ["one_stop"]) == 1
    assert [one.read for one in reminders.of(UNIT, "mai", ["one_stop"])] == [False]


def test_another_unit_is_told_nothing_of_this_one(sql: SqlStore) -> None:
    keep(sql, promised(1, NOW - DAY, "mai"))
    tell(sql, "late", MAI, Recipient("group", "one_stop"))
    assert listed(sql, "mai", "one_stop", unit="xa-khac") == []
    assert SqlReminders(sql).unread("xa-khac", "mai", ["one_stop"]) == 0
    assert SqlReminders(sql).tell("xa-khac", [case_id(1)], NOW, say("late", MAI)) == 0
    assert SqlDeadlines(sql).rows("xa-khac", EVERYTHING, after=None, limit=5) == []
    assert SqlDeadlines(sql).tallies("xa-khac", EDGES).all == Tally()


def test_lists_lose_what_counts_no_more_after_a_while_and_what_was_told_stays_kept(sql: SqlStore) -> None:
    cases = {number: keep(sql, promised(number, NOW + DAY)) for number in (1, 2, 3)}
    for number in cases:
        tell(sql, "half", MAI, number=number, at=NOW + number * HOUR)
    for number in (1, 3):
        change(sql, cases[number], deadline=replace(term(NOW + DAY), finished_at=NOW))
    assert SqlReminders(sql).clear("xa-khac", NOW + DAY) == 0
    assert SqlReminders(sql).clear(UNIT, NOW + 3 * HOUR) == 1
    with sql.reading() as connection:
        left = connection.execute(select(REMINDER_FOR.c.case_id).order_by(REMINDER_FOR.c.case_id)).scalars().all()
        kept = connection.execute(select(REMINDER.c.recipients)).scalars().all()
    assert list(left) == [case_id(2), case_id(3)]
    assert len(kept) == 3
    assert all('"mai"' in text for text in kept)
