"""Cases and histories made by hand, for tests of what keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.domain.actor import Actor
from engine.domain.case import Case, Deadline, Incident, Job, Subscription, Task, Timer
from engine.domain.events import CaseCommented, Recorded
from engine.domain.history import record
from engine.ports import Store

UNIT = "xa-mau"
START = datetime(2026, 1, 31, 1, 0, 0, 123456, tzinfo=UTC)
CLERK = Actor(id="clerk1", name="Mai", kind="officer", unit=UNIT, groups=frozenset({"one_stop"}))


def case(number: int = 1, **changes: Any) -> Case:
    """A case without anything open; `number` tells its id and code, and orders it in time."""
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "unit": UNIT,
        "code": f"HS-{number:06d}",
        "procedure": "1.000894",
        "procedure_version": 1,
        "procedure_digest": "d" * 64,
        "level": 4,
        "channel": "online",
        "delivery": "desk",
        "applicant": {"account": "lan", "name": "Đặng Thị Ước", "phone": "0903000111", "id_number": "001099000001"},
        "application": {},
        "documents": (),
        "submitted_at": START + timedelta(seconds=number),
        "version": 1,
        "head_hash": "0" * 64,
    }
    return Case(**{**values, **changes})


def _wait(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "scope": "",
        "process_id": "p",
        "element_id": key.split("#")[0],
        "name": f"Việc {key}",
        "properties": {},
    }


def task(key: str = "check#1", **changes: Any) -> Task:
    """A task in the queue of the one-stop desk."""
    values: dict[str, Any] = {
        **_wait(key),
        "groups": ("one_stop",),
        "assignee": None,
        "due": None,
        "follow_up": None,
        "priority": 50,
        "form_id": None,
        "inputs": {},
        "created_at": START,
    }
    return Task(**{**values, **changes})


def timer(key: str = "remind#1", due: datetime = START) -> Timer:
    """A waiting timer."""
    return Timer(**_wait(key), due=due)


def job(key: str = "tell#1", run_at: datetime | None = START, **changes: Any) -> Job:
    """A job that may run."""
    values = {**_wait(key), "type": "notify", "headers": {}, "retries": 3, "inputs": {}, "run_at": run_at}
    return Job(**{**values, **changes})


def subscription(key: str = "wait#1", message: str = "paid", correlation: str = "HS-1") -> Subscription:
    """A message waited for."""
    return Subscription(**_wait(key), message=message, correlation=correlation)


def incident(number: int = 1, key: str = "tell#1") -> Incident:
    """An open incident."""
    return Incident(id=f"{number:032x}", key=key, kind="job", error="hỏng", raised_at=START + timedelta(seconds=number))


def deadline(due: datetime) -> Deadline:
    """A running term."""
    return Deadline(original_due=due, due=due, started_at=START)


def with_open(begun: Case, **parts: tuple[Any, ...]) -> Case:
    """The case with these things open, by name of the mapping: with_open(case, tasks=(task(),))."""
    mappings: Mapping[str, Any] = {
        name: {getattr(x, "id" if name == "incidents" else "key"): x for x in entries}
        for name, entries in parts.items()
    }
    return replace(begun, **mappings)


def history(of: Case, *, after: int = 0, count: int = 1, text: str = "ghi chú", at: datetime = START) -> list[Recorded]:
    """`count` links of the case's history from number `after` + 1 on."""
    notes = [CaseCommented(comment=f"c{n}", text=text, public=False) for n in range(count)]
    return record(
        notes, stream=of.id, unit=of.unit, after=after, head=of.head_hash, actor=CLERK, at=at, cause="command"
    )


def keep(store: Store, begun: Case) -> Case:
    """Store a new case with a history as long as its version says."""
    with store.begin() as uow:
        uow.save(None, begun, history(begun, count=begun.version))
        uow.commit()
    return begun


def change(store: Store, before: Case, **parts: Any) -> Case:
    """Store the next version of a case, with these fields changed."""
    after = replace(before, version=before.version + 1, **parts)
    with store.begin() as uow:
        uow.save(before, after, history(before, after=before.version))
        uow.commit()
    return after
