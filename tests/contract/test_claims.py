"""What every store promises to workers: no row twice, none lost, and a fence against those who come back late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.case import Case
from engine.ports import Due, Lease, Store, UnitOfWork
from tests.support.cases import START, UNIT, case, change, history, job, keep, timer, with_open
from tests.support.threads import at_once

MINUTE = timedelta(minutes=1)


def waiting(store: Store, kind: Due, number: int = 1, after: timedelta = timedelta()) -> Case:
    """A case with one row that falls due `after` the start."""
    parts = {"timers": (timer(due=START + after),)} if kind == "timer" else {"jobs": (job(run_at=START + after),)}
    return keep(store, with_open(case(number), **parts))


def take(store: Store, kind: Due, minutes: float = 0, limit: int = 10) -> list[Lease]:
    return store.claim(kind, START + minutes * MINUTE, limit=limit, lease=MINUTE)


def held(store: Store, lease: Lease, minutes: float = 0) -> bool:
    with store.begin() as uow:
        return uow.holds(lease, START + minutes * MINUTE)


@pytest.fixture(params=["timer", "job"])
def kind(request: pytest.FixtureRequest) -> Due:
    return request.param


def test_what_is_due_is_claimed_once_and_oldest_first(store: Store, kind: Due) -> None:
    for number, seconds in ((1, 30), (2, 10), (3, 20), (4, 600)):
        waiting(store, kind, number, timedelta(seconds=seconds))
    first, second = take(store, kind, 1, limit=2), take(store, kind, 1, limit=2)
    assert [x.case_id for x in first + second] == [case(n).id for n in (2, 3, 1)]
    assert take(store, kind, 1) == []
    assert {(x.kind, x.unit, x.until) for x in first} == {(kind, UNIT, START + 2 * MINUTE)}


def test_what_can_be_claimed_is_told_without_claiming_it(store: Store) -> None:
    assert store.due(START) == frozenset()
    waiting(store, "job", 1)
    waiting(store, "timer", 2, 10 * MINUTE)
    assert [store.due(START - timedelta(microseconds=1)), store.due(START), store.due(START)] == [
        set(),
        {"job"},
        {"job"},
    ]
    assert store.due(START + 10 * MINUTE) == {"job", "timer"}
    take(store, "job")
    assert store.due(START) == frozenset(), "a lease holds it"
    assert store.due(START + MINUTE) == {"job"}, "the lease has run out"


def test_a_row_is_due_at_its_very_instant_and_not_before(store: Store, kind: Due) -> None:
    waiting(store, kind)
    assert store.claim(kind, START - timedelta(microseconds=1), limit=1, lease=MINUTE) == []
    assert len(store.claim(kind, START, limit=1, lease=MINUTE)) == 1


def test_an_expired_lease_is_claimed_again_and_shuts_its_holder_out(store: Store, kind: Due) -> None:
    waiting(store, kind)
    (old,) = take(store, kind)
    assert held(store, old)
    assert take(store, kind, 0.99) == []
    assert held(store, old, 5), "nobody took it over: the work need not be done again"
    (new,) = take(store, kind, 1)
    assert new.fence > old.fence
    assert not held(store, old, 1)
    assert held(store, new, 1)


def test_a_lease_ends_with_its_row(store: Store, kind: Due) -> None:
    begun = waiting(store, kind)
    (lease,) = take(store, kind)
    change(store, begun, timers={}, jobs={})
    assert not held(store, lease)
    assert take(store, kind, 60) == []


def test_a_row_that_is_due_anew_is_free_and_its_old_holder_is_shut_out(store: Store, kind: Due) -> None:
    begun = waiting(store, kind)
    (old,) = take(store, kind)
    later = START + 10 * MINUTE
    change(
        store,
        begun,
        timers={k: replace(x, due=later) for k, x in begun.timers.items()},
        jobs={k: replace(x, run_at=later, attempt=1) for k, x in begun.jobs.items()},
    )
    assert not held(store, old)
    assert take(store, kind, 9) == []
    (new,) = take(store, kind, 10)
    assert held(store, new)
    assert not held(store, old)


def test_a_change_elsewhere_in_the_case_leaves_the_lease_alone(store: Store, kind: Due) -> None:
    begun = waiting(store, kind)
    (lease,) = take(store, kind)
    change(store, begun, status=2)
    assert held(store, lease)
    assert take(store, kind, 0.5) == []


def test_a_released_row_waits_until_it_is_told_to(store: Store, kind: Due) -> None:
    begun = waiting(store, kind)
    rows = store.rows(begun.id)
    (lease,) = take(store, kind)
    with store.begin() as uow:
        uow.release(lease, START + 30 * MINUTE)
        uow.commit()
    assert store.rows(begun.id) == rows
    assert store.next_due(kind) == START + 30 * MINUTE
    assert take(store, kind, 29) == []
    (new,) = take(store, kind, 30)
    assert new.fence > lease.fence
    assert not held(store, lease)


@pytest.mark.parametrize("minutes", [0, 1])
def test_who_released_a_row_holds_it_no_longer(store: Store, kind: Due, minutes: int) -> None:
    waiting(store, kind)
    (lease,) = take(store, kind)
    with store.begin() as uow:
        uow.release(lease, START + minutes * MINUTE)
        assert not uow.holds(lease, START)
        uow.commit()
    assert not held(store, lease)


def test_a_late_release_does_not_touch_the_new_holder(store: Store, kind: Due) -> None:
    waiting(store, kind)
    (old,) = take(store, kind)
    (new,) = take(store, kind, 1)
    with store.begin() as uow:
        uow.release(old, START)
        uow.commit()
    assert held(store, new, 1)
    assert take(store, kind, 1.5) == []


def test_the_next_due_instant_is_that_of_the_first_row_that_can_be_claimed(store: Store, kind: Due) -> None:
    waiting(store, kind, 1)
    waiting(store, kind, 2, timedelta(seconds=20))
    assert store.next_due(kind) == START
    take(store, kind, limit=1)
    assert store.next_due(kind) == START + timedelta(seconds=20)
    take(store, kind, 0.5, limit=1)
    assert store.next_due(kind) == START + MINUTE


def test_a_job_that_an_incident_holds_is_not_due(store: Store) -> None:
    keep(store, with_open(case(), jobs=(job(run_at=None),)))
    assert store.next_due("job") is None
    assert take(store, "job", 1000) == []


def test_a_row_written_anew_does_not_let_an_old_holder_back_in(store: Store, kind: Due) -> None:
    begun = waiting(store, kind)
    (old,) = take(store, kind)
    store.rebuild(begun)
    (new,) = take(store, kind, 0)
    assert [held(store, new), held(store, old)] == [True, new == old]
    assert new.fence > old.fence


def test_many_claimers_at_once_share_the_rows_without_overlap(store: Store, kind: Due) -> None:
    for number in range(40):
        waiting(store, kind, number)

    def drain() -> list[Lease]:
        taken: list[Lease] = []
        while batch := take(store, kind, limit=3):
            assert len(batch) <= 3
            taken += batch
        return taken

    found = at_once([drain] * 4)
    assert not [x for x in found if isinstance(x, Exception)], found
    cases = [x.case_id for part in found if not isinstance(part, Exception) for x in part]
    assert sorted(cases) == [case(n).id for n in range(40)]


def test_a_worker_that_finishes_while_a_clerk_acts_neither_hangs_nor_is_done_twice(store: Store) -> None:
    """The worker locks its job, then the case; the clerk the case, then the job: it must not end in a deadlock."""
    begun = keep(store, with_open(case(), jobs=(job(),)))
    for _ in range(10):
        (lease,) = take(store, "job")

        def work(lease: Lease = lease) -> str:
            with store.begin() as uow:
                if not uow.holds(lease, START):
                    return "lost"
                before = uow.case(UNIT, begun.id)
                assert before is not None
                _next(uow, before)
                uow.commit()
            return "worker"

        def act() -> str:
            with store.begin() as uow:
                before = uow.case(UNIT, begun.id)
                assert before is not None
                _next(uow, before)
                uow.commit()
            return "clerk"

        found = at_once([work, act])
        assert set(found) <= {"lost", "worker", "clerk"}, found
        assert "clerk" in found


def _next(uow: UnitOfWork, before: Case) -> None:
    renewed = {k: replace(x, attempt=x.attempt + 1) for k, x in before.jobs.items()}
    uow.save(before, replace(before, version=before.version + 1, jobs=renewed), history(before, after=before.version))
