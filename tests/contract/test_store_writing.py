"""What every store promises about writing cases: all or nothing, and one winner."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta, timezone
from functools import partial

import pytest

from engine.domain.codec import dumps
from engine.domain.errors import StaleVersionError
from engine.domain.events import CaseCommented
from engine.domain.history import broken_links, record
from engine.ports import Remembered, Store
from tests.support.cases import (
    CLERK,
    START,
    UNIT,
    case,
    change,
    deadline,
    history,
    incident,
    job,
    keep,
    subscription,
    task,
    timer,
    with_open,
)
from tests.support.threads import at_once

NASTY = [
    "",
    "Nguye\u0302\u0303n",
    "Nguyễn",
    "\x00 and \x1f",
    "'; DROP TABLE case_file; --",
    "%_\\",
    "😀" * 50,
    "\u202eđảo",
]


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert store.case_ids() == []
    assert store.case(None, "0" * 32) is None
    assert store.events("0" * 32) == []
    assert store.next_due("job") is None
    assert store.claim("timer", START, limit=10, lease=timedelta(seconds=1)) == []
    assert store.deployments() == []


def test_a_saved_case_comes_back_as_it_was(store: Store) -> None:
    begun = keep(store, with_open(case(version=3), tasks=(task(),), timers=(timer(),), jobs=(job(),)))
    assert store.case(UNIT, begun.id) == begun
    assert store.case(None, begun.id) == begun
    assert store.case("xa-khac", begun.id) is None
    with store.begin() as uow:
        assert uow.case(UNIT, begun.id) == begun
        assert uow.case("xa-khac", begun.id) is None
        assert uow.case_id_by_code(UNIT, begun.code) == begun.id
        assert uow.case_id_by_code("xa-khac", begun.code) is None


@pytest.mark.parametrize("text", NASTY)
def test_any_text_a_person_may_type_survives(store: Store, text: str) -> None:
    begun = case(applicant={"name": text, "account": "lan"}, application={"@key": text, "list": [text]})
    keep(store, replace(begun, tasks={"check#1": task(name="Việc")}))
    stored = store.case(UNIT, begun.id)
    assert stored is not None
    assert (stored.applicant, stored.application) == (begun.applicant, begun.application)


def test_a_state_of_a_million_letters_survives(store: Store) -> None:
    begun = keep(store, case(application={"text": "ễ" * 1_000_000}))
    assert store.case(UNIT, begun.id) == begun
    after = change(store, begun, snapshot="x" * 1_000_000)
    assert store.case(UNIT, begun.id) == after


def test_more_open_tasks_than_one_statement_takes_are_kept_and_closed(store: Store) -> None:
    """Four thousand tasks are 68,000 values: databases count them with 16 bits."""
    many = {f"check#{n}": task(f"check#{n}", name="") for n in range(4000)}
    begun = keep(store, case(tasks=many))
    rows = store.rows(begun.id)
    assert sum(len(each) for name, each in rows.items() if name != "case_file") in (4000, 8000)
    after = change(store, begun, tasks={"check#7": task("check#7", name="Khác")})
    assert store.case(UNIT, begun.id) == after
    with pytest.raises(StaleVersionError):
        change(store, begun, tasks={})
    assert store.case(UNIT, begun.id) == after


def test_a_recalled_command_brings_its_case_and_says_whether_its_lease_holds(store: Store) -> None:
    begun = keep(store, with_open(case(), jobs=(job(),), timers=(timer(),)))
    answer = Remembered(fingerprint="f", result={"n": 1})
    (lease,) = store.claim("job", START, limit=5, lease=timedelta(seconds=60))
    with store.begin() as uow:
        assert uow.recall(UNIT, "k", lease=lease) is None
        assert uow.holds(lease, START)
        assert uow.case(UNIT, begun.id) == begun
        uow.remember(UNIT, "k", answer, START)
        after = replace(begun, version=2, jobs={})
        uow.save(begun, after, history(begun, after=1))
        assert uow.case(UNIT, begun.id) == after
        assert not uow.holds(lease, START)
        uow.commit()
    assert store.remembered(UNIT, "k") == answer
    assert store.remembered("xa-khac", "k") is None
    with store.begin() as uow:
        assert uow.recall(UNIT, "k", lease=lease) == answer, "the answer is there though the job has gone"
        assert uow.recall(UNIT, "k", subject=(UNIT, "0" * 32)) == answer, "and though no such case is there"
        assert uow.recall(UNIT, "other", subject=(UNIT, begun.id)) is None
        assert uow.case(UNIT, begun.id) == after
        assert uow.case("xa-khac", begun.id) is None


def test_an_older_lease_is_recalled_as_lost(store: Store) -> None:
    keep(store, with_open(case(), jobs=(job(),)))
    (old,) = store.claim("job", START, limit=5, lease=timedelta(seconds=60))
    (new,) = store.claim("job", START + timedelta(seconds=60), limit=5, lease=timedelta(seconds=60))
    for lease, held in ((old, False), (new, True)):
        with store.begin() as uow:
            assert uow.recall(UNIT, "k", lease=lease) is None
            assert uow.holds(lease, START) is held


def test_a_thousand_open_tasks_are_kept_and_closed(store: Store) -> None:
    many = {f"check#{n}": task(f"check#{n}") for n in range(1000)}
    begun = keep(store, case(tasks=many, timers={f"t#{n}": timer(f"t#{n}") for n in range(300)}))
    assert sum(len(rows) for rows in store.rows(begun.id).values()) >= 1300
    after = change(store, begun, tasks={}, timers={})
    assert store.case(UNIT, begun.id) == after
    assert store.claim("timer", START, limit=5, lease=timedelta(seconds=1)) == []


def test_the_history_comes_back_in_order_and_unbroken_whatever_the_zone(store: Store) -> None:
    at = START.astimezone(timezone(timedelta(hours=7)))
    begun = case(version=3)
    links = history(begun, count=3, at=at)
    with store.begin() as uow:
        uow.save(None, begun, links)
        uow.commit()
    found = store.events(begun.id)
    assert found == links
    assert broken_links(found) == []
    assert [x.seq for x in store.events(begun.id, after=1)] == [2, 3]
    assert [x.seq for x in store.events(begun.id, until=2)] == [1, 2]
    assert [x.seq for x in store.events(begun.id, after=1, until=2)] == [2]


def test_nothing_is_kept_of_a_transaction_that_was_not_committed(store: Store) -> None:
    begun = with_open(case(), tasks=(task(),), jobs=(job(),))
    with store.begin() as uow:
        uow.save(None, begun, history(begun))
        uow.next_number(UNIT, "n")
        uow.remember(UNIT, "k", Remembered(fingerprint="f", result={}), START)
    with contextlib.suppress(ZeroDivisionError), store.begin() as uow:
        uow.save(None, begun, history(begun))
        _ = 1 / 0
    assert store.case_ids() == []
    assert store.events(begun.id) == []
    assert store.next_due("job") is None
    with store.begin() as uow:
        assert uow.recall(UNIT, "k") is None
        assert uow.next_number(UNIT, "n") == 1


def test_a_save_from_an_old_version_is_refused_and_leaves_the_newer_one(store: Store) -> None:
    begun = keep(store, case())
    newer = change(store, begun, status=2)
    with pytest.raises(StaleVersionError):
        change(store, begun, status=7)
    assert store.case(UNIT, begun.id) == newer
    assert len(store.events(begun.id)) == 2


def test_a_case_cannot_be_begun_twice_nor_its_code_given_twice(store: Store) -> None:
    begun = keep(store, case())
    with pytest.raises(StaleVersionError):
        keep(store, begun)
    with pytest.raises(StaleVersionError):
        keep(store, case(2, code=begun.code))
    keep(store, case(3, code=begun.code, unit="xa-khac"))
    assert len(store.case_ids()) == 2


def test_of_two_threads_that_save_the_same_version_exactly_one_wins(store: Store) -> None:
    current = keep(store, case())
    for _ in range(25):
        found = at_once([partial(change, store, current, status=status) for status in (2, 7)])
        winners = [x for x in found if not isinstance(x, Exception)]
        assert len(winners) == 1, found
        assert all(isinstance(x, StaleVersionError) for x in found if isinstance(x, Exception)), found
        current = winners[0]
    assert store.case(UNIT, current.id) == current
    assert [x.seq for x in store.events(current.id)] == list(range(1, 27))


def test_a_task_cannot_be_completed_twice_by_a_crowd(store: Store) -> None:
    begun = keep(store, with_open(case(), tasks=(task(),)))
    found = at_once([lambda: change(store, begun, tasks={})] * 8)
    assert sorted(isinstance(x, StaleVersionError) for x in found) == [False] + [True] * 7, found
    assert len(store.events(begun.id)) == 2


def test_counters_have_neither_gap_nor_double_under_a_crowd(store: Store) -> None:
    def draw() -> list[int]:
        drawn = []
        for kept in (True, False, True):
            with store.begin() as uow:
                number = uow.next_number(UNIT, "receipt/2026")
                if kept:
                    uow.commit()
                    drawn.append(number)
        return drawn

    found = at_once([draw] * 8)
    numbers = sorted(n for part in found if not isinstance(part, Exception) for n in part)
    assert numbers == list(range(1, 17)), found
    with store.begin() as uow:
        assert uow.next_number("xa-khac", "receipt/2026") == 1
        assert uow.next_number(UNIT, "receipt/2027") == 1


def test_a_number_reserved_under_a_key_is_drawn_once_and_leaves_no_gap(store: Store) -> None:
    keys = ["letter/1", "letter/2", "letter/1", "letter/3"] * 2
    found = at_once([partial(store.draw, UNIT, "request/2026", key, START) for key in keys])
    drawn: dict[str, set[object]] = {}
    for key, number in zip(keys, found, strict=True):
        drawn.setdefault(key, set()).add(number)
    assert sorted(number for (number,) in drawn.values()) == [1, 2, 3], found
    assert store.draw("xa-khac", "request/2026", "letter/1", START) == 1
    (first,) = drawn["letter/1"]
    assert store.remembered(UNIT, "letter/1") == Remembered(fingerprint="request/2026", result={"number": first})
    with store.begin() as uow:
        assert uow.next_number(UNIT, "request/2026") == 4


def test_an_answer_is_remembered_once_in_its_unit(store: Store) -> None:
    answer = Remembered(fingerprint="f", result={"case_id": "c", "version": 3, "data": {"tên": "Ước", "n": [1, None]}})
    with store.begin() as uow:
        uow.remember(UNIT, "k", answer, START)
        uow.commit()
    with store.begin() as uow:
        assert uow.recall(UNIT, "k") == answer
        assert uow.recall("xa-khac", "k") is None
        with pytest.raises(StaleVersionError):
            uow.remember(UNIT, "k", answer, START)


def test_of_a_crowd_with_the_same_command_key_one_is_carried_out(store: Store) -> None:
    def once(number: int) -> int:
        with store.begin() as uow:
            uow.next_number(UNIT, "carried out")
            uow.remember(UNIT, "key", Remembered(fingerprint="f", result={"n": number}), START)
            uow.commit()
        return number

    found = at_once([lambda n=n: once(n) for n in range(6)])
    assert len([x for x in found if not isinstance(x, Exception)]) == 1
    assert all(isinstance(x, int | StaleVersionError) for x in found), found
    with store.begin() as uow:
        assert uow.next_number(UNIT, "carried out") == 2


def test_the_oldest_case_that_waits_gets_the_message(store: Store) -> None:
    for number in (3, 1, 2):
        keep(store, with_open(case(number), subscriptions=(subscription(),)))
    keep(store, with_open(case(9, unit="xa-khac"), subscriptions=(subscription(message="other"),)))
    with store.begin() as uow:
        assert uow.waiting_for(UNIT, "paid", "HS-1") == (case(1).id, "wait#1")
        assert uow.waiting_for(UNIT, "paid", "HS-2") is None
        assert uow.waiting_for(UNIT, "other", "HS-1") is None
        assert uow.waiting_for("xa-khac", "other", "HS-1") == (case(9).id, "wait#1")


def test_rows_follow_the_state_and_are_the_same_after_a_rebuild(store: Store) -> None:
    begun = keep(
        store,
        with_open(
            case(),
            tasks=(task(), task("sign#1", groups=("chairman", "one_stop"))),
            timers=(timer(),),
            jobs=(job(),),
            subscriptions=(subscription(),),
            incidents=(incident(),),
        ),
    )
    after = change(store, begun, deadline=deadline(START + timedelta(days=3)), jobs={}, incidents={})
    before = store.rows(begun.id)
    assert any(before.values())
    store.rebuild(after)
    assert dumps(store.rows(begun.id)) == dumps(before)
    assert store.case(UNIT, begun.id) == after
    assert store.claim("job", START, limit=5, lease=timedelta(seconds=1)) == []
    assert len(store.claim("timer", START, limit=5, lease=timedelta(seconds=1))) == 1


def test_a_rebuild_from_an_old_history_does_not_undo_what_came_since(store: Store) -> None:
    begun = keep(store, case())
    newer = change(store, begun, status=2)
    with pytest.raises(StaleVersionError):
        store.rebuild(begun)
    assert store.case(UNIT, begun.id) == newer


def test_cases_are_listed_oldest_first_and_by_unit(store: Store) -> None:
    for number in (2, 3, 1):
        keep(store, case(number, unit=UNIT if number < 3 else "xa-khac"))
    assert store.case_ids() == [(UNIT, case(1).id), (UNIT, case(2).id), ("xa-khac", case(3).id)]
    assert store.case_ids("xa-khac") == [("xa-khac", case(3).id)]


def test_a_reader_sees_the_last_commit_while_somebody_writes(store: Store) -> None:
    begun = keep(store, case())
    with store.begin() as uow:
        after = replace(begun, version=2, status=2)
        note = record(
            [CaseCommented(comment="c", text="t", public=True)],
            stream=begun.id,
            unit=UNIT,
            after=1,
            head=begun.head_hash,
            actor=CLERK,
            at=START,
            cause="c",
        )
        uow.save(begun, after, note)
        seen = at_once([lambda: store.case(UNIT, begun.id)])
        uow.commit()
    assert seen == [begun]
    assert store.case(UNIT, begun.id) == after
