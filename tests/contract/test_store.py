"""What every store promises besides: deployments, messages, limits, and rows written anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.codec import dumps
from engine.domain.errors import CatalogError, StaleVersionError
from engine.ports import Deployment, Due, Lease, Remembered, Store
from tests.support.samples import (
    NOW,
    SECOND,
    UNIT,
    a_case,
    by_key,
    case_id,
    change,
    incident,
    job,
    keep,
    next_of,
    subscription,
    task,
    timer,
)
from tests.support.threads import at_once

MINUTE = timedelta(minutes=1)
THREADS = 8
DEPLOYMENT = Deployment(
    code="0.000001",
    version=1,
    digest="d1",
    valid_from=date(2022, 12, 19),
    valid_to=None,
    name="Thủ tục nhỏ",
    level=4,
    files={"process.bpmn": b"<\x00\xff>", "_shared/ảnh.png": b""},
    deployed_at=NOW,
    deployed_by="admin",
)


def claim(store: Store, kind: Due = "job", at: timedelta = MINUTE, limit: int = 100) -> list[Lease]:
    return store.claim(kind, NOW + at, limit=limit, lease=MINUTE)


def held(store: Store, lease: Lease) -> bool:
    with store.begin() as uow:
        return uow.holds(lease, NOW)


class TestStoreContract:
    """The fixture gives each adapter in turn."""

    def test_the_second_writer_on_the_same_version_is_refused_and_nothing_of_it_is_kept(self, store: Store) -> None:
        first = keep(store, a_case())
        newer = change(store, first, tasks=by_key(task("check#1", "one_stop")))
        rows = store.rows(first.id)
        late, links = next_of(first, replace(first, tasks=by_key(task("sign#1", "chairman"))), "muộn")
        with store.begin() as uow:
            uow.next_number(UNIT, "receipt")
            with pytest.raises(StaleVersionError):
                uow.save(first, late, links)
        assert (store.case(UNIT, first.id), store.rows(first.id)) == (newer, rows)
        assert len(store.events(first.id)) == 2
        with store.begin() as uow:
            assert uow.next_number(UNIT, "receipt") == 1

    def test_what_is_not_committed_leaves_nothing(self, store: Store) -> None:
        stored, links = next_of(None, a_case(tasks=by_key(task("check#1", "one_stop"))))
        with store.begin() as uow:
            uow.save(None, stored, links)
            uow.remember(UNIT, "k1", Remembered(fingerprint="f", result={}), NOW)
            uow.next_number(UNIT, "case")
            uow.deploy(DEPLOYMENT)
        with store.begin() as uow:
            assert uow.case(UNIT, stored.id) is None
            assert uow.recall(UNIT, "k1") is None
            assert uow.next_number(UNIT, "case") == 1
        assert store.events(stored.id) == []
        assert not any(store.rows(stored.id).values())
        assert store.deployments() == []

    def test_claims_are_oldest_first_within_the_limit_and_only_what_is_due(self, store: Store) -> None:
        jobs = {
            "c#1": NOW + 3 * SECOND,
            "a#1": NOW + 2 * SECOND,
            "b#1": NOW,
            "later#1": NOW + 2 * MINUTE,
            "held#1": None,
        }
        keep(store, a_case(jobs=by_key(*(job(key, at) for key, at in jobs.items()))))
        assert [lease.key for lease in claim(store, limit=2)] == ["b#1", "a#1"]
        assert [lease.key for lease in claim(store, limit=2)] == ["c#1"]
        assert claim(store) == []

    def test_claims_at_once_never_overlap_and_leave_nothing_out(self, store: Store) -> None:
        for number in range(10):
            keep(store, a_case(number, jobs=by_key(*(job(f"j{n}#1", NOW) for n in range(12)))))

        def take() -> list[tuple[str, str]]:
            taken, misses = [], 0
            while misses < 3:  # rows that somebody else is claiming are passed over: ask again
                found = claim(store, limit=7)
                assert len(found) <= 7
                taken += [(lease.case_id, lease.key) for lease in found]
                misses += not found
            return taken

        counted = Counter(row for rows in at_once([take] * 8) if not isinstance(rows, Exception) for row in rows)
        assert len(counted) == 120
        assert set(counted.values()) == {1}

    @pytest.mark.parametrize("kind", ["timer", "job"])
    def test_a_row_written_anew_is_free_and_no_older_lease_holds_it(self, store: Store, kind: Due) -> None:
        make = timer if kind == "timer" else job
        case = keep(store, a_case(**{f"{kind}s": by_key(make("x#1", NOW))}))
        (old,) = claim(store, kind)
        change(store, case, **{f"{kind}s": by_key(make("x#1", NOW + SECOND))})
        assert not held(store, old)
        (new,) = claim(store, kind)
        assert not held(store, old), "claimed at the same instant, yet another claim"
        assert held(store, new)

    def test_next_due_is_the_first_that_can_be_claimed(self, store: Store) -> None:
        assert store.next_due("job") is None
        jobs = [job("held#1", None), job("a#1", NOW), job("b#1", NOW + 3 * SECOND), job("c#1", NOW + 9 * MINUTE)]
        keep(store, a_case(jobs=by_key(*jobs)))
        assert store.next_due("job") == NOW
        store.claim("job", NOW, limit=1, lease=MINUTE)
        assert store.next_due("job") == NOW + 3 * SECOND
        store.claim("job", NOW + 4 * SECOND, limit=9, lease=MINUTE)
        assert store.next_due("job") == NOW + MINUTE
        assert store.next_due("timer") is None

    def test_soonest_is_the_first_instant_after_now_of_any_kind(self, store: Store) -> None:
        assert store.soonest(NOW) is None
        keep(store, a_case(1, jobs=by_key(job("held#1", None), job("a#1", NOW), job("b#1", NOW + MINUTE))))
        assert store.soonest(NOW) == NOW + MINUTE, "what is due now is not waited for"
        keep(store, a_case(2, timers=by_key(timer("c#1", NOW + 3 * SECOND))))
        assert store.soonest(NOW) == NOW + 3 * SECOND
        assert store.soonest(NOW - SECOND) == NOW
        assert store.soonest(NOW + MINUTE) is None

    def test_a_version_is_deployed_once(self, store: Store) -> None:
        for deployment in (DEPLOYMENT, DEPLOYMENT, replace(DEPLOYMENT, version=2, valid_to=date(2030, 1, 1))):
            with store.begin() as uow:
                uow.deploy(deployment)
                uow.commit()
        with store.begin() as uow, pytest.raises(CatalogError):
            uow.deploy(replace(DEPLOYMENT, digest="d2", files={}))
        assert [d.version for d in store.deployments()] == [1, 2]
        assert store.deployments()[0] == DEPLOYMENT
        assert [d.version for d in store.deployments(frozenset({("0.000001", 1)}))] == [2]
        assert store.deployments(frozenset({("0.000001", 1), ("0.000001", 2)})) == []

    def test_a_message_goes_to_the_oldest_case_and_there_to_the_earliest_visit(self, store: Store) -> None:
        waits = by_key(*(subscription(f"paid#{n}", "paid", "o1") for n in (10, 2)))
        keep(store, a_case(3, subscriptions=waits))
        keep(store, a_case(1, unit="xa-khac", subscriptions=waits))
        case = keep(store, a_case(2, subscriptions=waits))
        with store.begin() as uow:
            assert uow.waiting_for(UNIT, "paid", "o1") == (case_id(2), "paid#2")
            assert uow.waiting_for(UNIT, "paid", "o2") is None
            assert uow.waiting_for(UNIT, "other", "o1") is None
        change(store, case, subscriptions={})
        with store.begin() as uow:
            assert uow.waiting_for(UNIT, "paid", "o1") == (case_id(3), "paid#2")

    def test_a_rebuilt_case_has_the_rows_it_had(self, store: Store) -> None:
        case = keep(store, a_case(jobs=by_key(job("tell#1", NOW)), subscriptions=by_key(subscription("m#1", "m", "c"))))
        case = change(
            store,
            case,
            tasks=by_key(task("check#1", "one_stop", "judicial"), task("check#2", "one_stop", assignee="clerk1")),
            timers=by_key(timer("wait#1", NOW)),
            subscriptions=by_key(subscription("a#1", "m", "c"), subscription("m#1", "m", "c")),
            incidents={case_id(7): incident(7, NOW)},
        )
        other = keep(store, a_case(2, tasks=by_key(task("check#1", "one_stop"))))
        rows, others = store.rows(case.id), store.rows(other.id)
        (lease,) = claim(store)
        store.rebuild(case)
        assert dumps(store.case(UNIT, case.id)) == dumps(case)
        assert (store.rows(case.id), store.rows(other.id)) == (rows, others)
        assert not held(store, lease)
        (again,) = claim(store)
        assert not held(store, lease), "claimed at the same instant, yet another claim"
        assert held(store, again)
