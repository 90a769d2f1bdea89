"""What a hopeful transaction promises: it waits for nobody, and who comes second leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.adapters.db import SqlStore
from engine.domain.case import Case
from engine.domain.errors import StaleVersionError
from engine.ports import Answer, Lease, Remembered, Store
from tests.support.cases import START, UNIT, case, change, history, job, keep, task, with_open

MINUTE = timedelta(seconds=60)
on_postgres = pytest.mark.postgres


def kept(number: int) -> Answer:
    return Answer(unit=UNIT, key="k", remembered=Remembered(fingerprint="f", result={"n": number}), at=START)


def done(store: Store, lease: Lease, seen: Case, known: Case | None, between: Callable[[], object]) -> Case:
    """The lease's job recorded as done by somebody who saw the case as `seen`; `between` happens before the save."""
    after = replace(seen, version=seen.version + 1, jobs={})
    with store.begin(hopeful=True, known=known) as uow:
        assert uow.recall(UNIT, "k", lease=lease) is None
        assert uow.holds(lease, START)
        assert uow.case(UNIT, seen.id) == seen
        between()
        uow.save(seen, after, history(seen, after=seen.version), kept(1))
        uow.commit()
    return after


def untouched(store: Store, case_id: str, as_it_is: Case) -> bool:
    return (store.case(UNIT, case_id), len(store.events(case_id)), store.remembered(UNIT, "k")) == (
        as_it_is,
        as_it_is.version,
        None,
    )


@pytest.mark.parametrize("given", [False, True], ids=["looked at", "known"])
def test_what_nobody_else_touched_is_saved(store: Store, given: bool) -> None:
    begun = keep(store, with_open(case(), jobs=(job(),)))
    (taken,) = store.take("job", START, limit=5, lease=MINUTE)
    after = done(store, taken.lease, begun, begun if given else None, lambda: None)
    assert store.case(UNIT, begun.id) == after
    assert len(store.events(begun.id)) == 2
    assert store.remembered(UNIT, "k") == kept(1).remembered


def test_what_is_taken_is_claimed_and_comes_as_it_is_where_it_comes(store: Store) -> None:
    begun = keep(store, with_open(case(), jobs=(job(),)))
    (taken,) = store.take("job", START, limit=5, lease=MINUTE)
    assert (taken.lease.case_id, taken.lease.key, taken.lease.until) == (begun.id, job().key, START + MINUTE)
    assert taken.case in (begun, None)
    assert store.take("job", START, limit=5, lease=MINUTE) == []


@on_postgres
@pytest.mark.parametrize("given", [False, True], ids=["looked at", "known"])
def test_a_case_that_moved_on_meanwhile_is_left_alone(postgres_store: SqlStore, given: bool) -> None:
    begun = keep(postgres_store, with_open(case(), jobs=(job(),)))
    (taken,) = postgres_store.take("job", START, limit=5, lease=MINUTE)
    assert taken.case == begun

    def between() -> None:
        change(postgres_store, begun, tasks={"check#7": task("check#7")})

    with pytest.raises(StaleVersionError):
        done(postgres_store, taken.lease, begun, begun if given else None, between)
    now = postgres_store.case(UNIT, begun.id)
    assert now is not None
    assert now.version == 2
    assert untouched(postgres_store, begun.id, now)


@on_postgres
@pytest.mark.parametrize("given", [False, True], ids=["looked at", "known"])
def test_a_lease_that_another_took_over_meanwhile_records_nothing(postgres_store: SqlStore, given: bool) -> None:
    begun = keep(postgres_store, with_open(case(), jobs=(job(),)))
    (taken,) = postgres_store.take("job", START, limit=5, lease=MINUTE)

    def between() -> None:
        assert len(postgres_store.claim("job", START + MINUTE, limit=5, lease=MINUTE)) == 1

    with pytest.raises(StaleVersionError):
        done(postgres_store, taken.lease, begun, begun if given else None, between)
    assert untouched(postgres_store, begun.id, begun)


@on_postgres
def test_a_command_that_was_answered_meanwhile_records_nothing_twice(postgres_store: SqlStore) -> None:
    begun = keep(postgres_store, with_open(case(), jobs=(job(),)))
    (taken,) = postgres_store.take("job", START, limit=5, lease=MINUTE)

    def between() -> None:
        with postgres_store.begin() as uow:
            uow.remember(UNIT, "k", kept(7).remembered, START)
            uow.commit()

    with pytest.raises(StaleVersionError):
        done(postgres_store, taken.lease, begun, begun, between)
    assert postgres_store.case(UNIT, begun.id) == begun
    assert len(postgres_store.events(begun.id)) == 1
    assert postgres_store.remembered(UNIT, "k") == kept(7).remembered


@on_postgres
def test_no_number_is_drawn_for_a_case_that_moved_on(postgres_store: SqlStore) -> None:
    begun = keep(postgres_store, case())
    with postgres_store.begin(hopeful=True) as uow:
        assert uow.recall(UNIT, "k", subject=(UNIT, begun.id)) is None
        assert uow.case(UNIT, begun.id) == begun
        change(postgres_store, begun, tasks={})
        with pytest.raises(StaleVersionError):
            uow.next_number(UNIT, "receipt")
    with postgres_store.begin() as uow:
        assert uow.next_number(UNIT, "receipt") == 1


def test_a_number_is_given_back_with_everything_else_that_was_not_committed(store: Store) -> None:
    begun = keep(store, case())
    after = replace(begun, version=2, tasks={"check#7": task("check#7")})
    for committed in (False, True):
        with store.begin(hopeful=True) as uow:
            assert uow.recall(UNIT, "k", subject=(UNIT, begun.id)) is None
            assert uow.case(UNIT, begun.id) == begun
            assert (uow.next_number(UNIT, "receipt"), uow.next_number(UNIT, "receipt")) == (1, 2)
            uow.save(begun, after, history(begun, after=1), kept(1))
            if committed:
                uow.commit()
        assert store.case(UNIT, begun.id) == (after if committed else begun)


@on_postgres
def test_who_looks_in_hope_waits_for_nobody(postgres_store: SqlStore) -> None:
    begun = keep(postgres_store, case())
    with postgres_store.begin() as slow:
        assert slow.recall(UNIT, "slow", subject=(UNIT, begun.id)) is None
        with postgres_store.begin(hopeful=True) as uow:  # would otherwise run into the four seconds of lock_timeout
            assert uow.recall(UNIT, "k", subject=(UNIT, begun.id)) is None
            assert uow.case(UNIT, begun.id) == begun
