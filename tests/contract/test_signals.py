"""What every store promises about signals: who listens is found, and what is thrown is claimed as jobs are."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.case import Broadcast, Listener
from engine.ports import Store
from tests.support.samples import NOW, SECOND, UNIT, WAIT, a_case, case_id, change, keep

MINUTE = timedelta(minutes=1)


def listener(key: str, signal: str) -> Listener:
    return Listener(key=key, element_id=key.partition("#")[0], signal=signal, since=NOW, **WAIT)


def test_the_cases_that_wait_for_a_signal_are_found_once_each_oldest_first(store: Store) -> None:
    waits = {key: listener(key, "flood") for key in ("a#1", "b#1", "inside#1/a#1")}
    keep(store, a_case(3, listeners=waits))
    first = keep(store, a_case(1, listeners={"c#1": listener("c#1", "flood"), "d#1": listener("d#1", "calm")}))
    keep(store, a_case(2, unit="xa-khac", listeners=waits))
    assert store.listening(UNIT, "flood") == [case_id(1), case_id(3)]
    assert store.listening(UNIT, "calm") == [case_id(1)]
    assert store.listening(UNIT, "Flood") == []
    change(store, first, listeners={})
    assert store.listening(UNIT, "flood") == [case_id(3)]
    assert store.listening(UNIT, "calm") == []


def test_a_broadcast_is_claimed_with_lease_and_fence_and_goes_with_its_case(store: Store) -> None:
    thrown = {
        f"b{n}": Broadcast(id=f"b{n}", signal="flood", payload={"n": n}, thrown_at=NOW + n * SECOND) for n in (2, 1)
    }
    case = keep(store, a_case(broadcasts=thrown))
    assert store.next_due("broadcast") == NOW + SECOND
    first, second = store.claim("broadcast", NOW + MINUTE, limit=5, lease=MINUTE)
    assert (first.kind, first.key, second.key) == ("broadcast", "b1", "b2")
    assert store.claim("broadcast", NOW + MINUTE, limit=5, lease=MINUTE) == []
    with store.begin() as uow:
        assert uow.holds(first, NOW)
        uow.release(second, NOW + 30 * MINUTE)
        uow.commit()
    (again,) = store.claim("broadcast", NOW + 3 * MINUTE, limit=5, lease=MINUTE)
    assert (again.key, again.fence > first.fence) == ("b1", True)
    with store.begin() as uow:
        assert not uow.holds(first, NOW)
    case = change(store, case, broadcasts={"b2": thrown["b2"]})
    with store.begin() as uow:
        assert not uow.holds(again, NOW)
    rows = store.rows(case.id)
    store.rebuild(case)
    assert store.rows(case.id) == rows
