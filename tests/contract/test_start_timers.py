"""What every store promises about start timers: claimed as jobs are, and written by whoever holds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.errors import StaleVersionError
from engine.domain.start_timer import StartTimer
from engine.ports import Store
from tests.support.samples import NOW, SECOND, UNIT
from tests.support.threads import at_once

MINUTE = timedelta(minutes=1)


def made(store: Store, element_id: str, **changes: object) -> StartTimer:
    timer = StartTimer(unit=UNIT, procedure="0.1", element_id=element_id, version=1, effect=NOW, covered=NOW - SECOND,
                       due=NOW, run_at=NOW)  # fmt: skip
    timer = replace(timer, **changes)  # type: ignore[arg-type]  # fields of the timer
    with store.begin() as uow:
        uow.put_start_timer(None, timer)
        uow.commit()
    return timer


def test_what_is_written_is_read_again_by_unit_procedure_and_element(store: Store) -> None:
    second, first = made(store, "b", due=None, run_at=None, error="Lỗi"), made(store, "a")
    other = made(store, "a", procedure="0.2")
    with store.begin() as uow:
        assert uow.start_timers(UNIT, "0.1") == [first, second]
        assert uow.start_timers("xa-khac", "0.1") == []
    assert store.start_timers() == [first, second, other]


def test_due_timers_are_claimed_once_oldest_first_and_again_when_the_lease_has_run_out(store: Store) -> None:
    assert store.next_start() is None
    made(store, "never", run_at=None)
    made(store, "late", run_at=NOW + 5 * MINUTE)
    made(store, "b")
    made(store, "a", run_at=NOW - SECOND)
    assert store.next_start() == NOW - SECOND
    assert [store.due(NOW - 2 * SECOND), store.due(NOW)] == [frozenset(), {"start"}]
    first = store.claim_starts(NOW, limit=1, lease=MINUTE)
    second = store.claim_starts(NOW, limit=5, lease=MINUTE)
    assert [claim.element_id for claim in first + second] == ["a", "b"]
    assert store.claim_starts(NOW + MINUTE - SECOND, limit=5, lease=MINUTE) == []
    assert store.next_start() == NOW + MINUTE
    assert store.due(NOW) == frozenset(), "leases hold them"
    again = store.claim_starts(NOW + MINUTE, limit=5, lease=MINUTE)
    assert [claim.element_id for claim in again] == ["a", "b"]
    with store.begin() as uow:
        assert uow.start_timer(first[0]) is None
        held = uow.start_timer(again[0])
        assert held is not None
        assert held.element_id == "a"


def test_a_timer_that_was_written_is_free_and_no_older_claim_holds_it(store: Store) -> None:
    before = made(store, "a")
    (old,) = store.claim_starts(NOW, limit=5, lease=MINUTE)
    after = replace(before, due=NOW + SECOND, run_at=NOW + SECOND, version=2)
    with store.begin() as uow:
        uow.put_start_timer(before, after)
        uow.commit()
    with store.begin() as uow:
        assert uow.start_timer(old) is None
    (new,) = store.claim_starts(NOW + SECOND, limit=5, lease=MINUTE)
    with store.begin() as uow:
        assert uow.start_timer(new) == after


def test_nothing_is_kept_of_a_write_that_was_not_committed(store: Store) -> None:
    before = made(store, "a")
    with store.begin() as uow:
        uow.put_start_timer(before, replace(before, version=9))
    assert store.start_timers() == [before]


def test_a_timer_is_made_once(store: Store) -> None:
    timer = made(store, "a")
    with store.begin() as uow, pytest.raises(StaleVersionError):
        uow.put_start_timer(None, replace(timer, version=2))
    with store.begin() as uow, pytest.raises(StaleVersionError):
        uow.put_start_timer(timer, replace(timer, element_id="gone"))
    assert store.start_timers() == [timer]


def test_claims_at_once_never_overlap(store: Store) -> None:
    for number in range(30):
        made(store, f"t{number}")

    def take() -> list[str]:
        found = [store.claim_starts(NOW, limit=4, lease=MINUTE) for _ in range(4)]
        return [claim.element_id for claims in found for claim in claims]

    taken = [name for names in at_once([take] * 6) if not isinstance(names, Exception) for name in names]
    assert len(taken) == len(set(taken))
