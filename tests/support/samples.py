"""Cases made by hand, for tests of what keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from engine.domain.actor import system
from engine.domain.case import Case, Deadline, Incident, Job, Subscription, Task, Timer
from engine.domain.events import CaseCommented, Recorded
from engine.domain.history import GENESIS, record
from engine.ports import Store

UNIT = "xa-mau"
NOW = datetime(2022, 12, 19, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
SECOND = timedelta(seconds=1)
WAIT: dict[str, Any] = {"scope": "", "process_id": "p", "name": "Việc", "properties": {}}


def case_id(number: int) -> str:
    """Ids that sort by their number."""
    return f"{number:032x}"


def a_case(number: int = 1, *, unit: str = UNIT, **changes: Any) -> Case:
    """An empty case, not stored yet: version 0."""
    values: dict[str, Any] = {
        "id": case_id(number),
        "unit": unit,
        "code": f"000.05.12.H29-221219-{number:05d}",
        "procedure": "0.000001",
        "procedure_version": 1,
        "procedure_digest": "d1",
        "level": 4,
        "channel": "online",
        "delivery": "desk",
        "applicant": {"account": "lan", "name": "Nguyễn Thị Lan"},
        "application": {},
        "documents": (),
        "submitted_at": NOW + number * SECOND,
        "version": 0,
        "head_hash": GENESIS,
    }
    return Case(**{**values, **changes})


def task(key: str, *groups: str, **changes: Any) -> Task:
    """An open task."""
    values: dict[str, Any] = {
        **WAIT,
        "key": key,
        "element_id": key.partition("#")[0],
        "groups": groups,
        "assignee": None,
        "due": None,
        "follow_up": None,
        "priority": 50,
        "form_id": None,
        "inputs": {},
        "created_at": NOW,
    }
    return Task(**{**values, **changes})


def timer(key: str, due: datetime) -> Timer:
    """A waiting timer."""
    return Timer(key=key, element_id=key.partition("#")[0], due=due, **WAIT)


def job(key: str, run_at: datetime | None, **changes: Any) -> Job:
    """An open job."""
    values: dict[str, Any] = {"headers": {}, "retries": 3, "inputs": {}, "type": "notify", "attempt": 0, **WAIT}
    return Job(key=key, element_id=key.partition("#")[0], run_at=run_at, **{**values, **changes})


def subscription(key: str, message: str, correlation: str) -> Subscription:
    """A message waited for."""
    return Subscription(key=key, element_id=key.partition("#")[0], message=message, correlation=correlation, **WAIT)


def incident(number: int, raised_at: datetime) -> Incident:
    """An open incident."""
    return Incident(id=case_id(number), key="tell#1", kind="job", error="cổng không trả lời", raised_at=raised_at)


def term(due: datetime) -> Deadline:
    """A running term."""
    return Deadline(original_due=due, due=due, started_at=NOW)


def by_key(*waits: Any) -> Mapping[str, Any]:
    """Waits as a case keeps them."""
    return {wait.key: wait for wait in waits}


def next_of(before: Case | None, after: Case, text: str = "Ghi chú") -> tuple[Case, list[Recorded]]:
    """`after` as the next version, with the one event that led to it."""
    event = CaseCommented(comment="c", text=text, public=False)
    version, head = (before.version, before.head_hash) if before else (0, GENESIS)
    links = record(
        [event], stream=after.id, unit=after.unit, after=version, head=head, actor=system(after.unit), at=NOW, cause="k"
    )
    return replace(after, version=version + 1, head_hash=links[-1].hash), links


def keep(store: Store, after: Case, before: Case | None = None) -> Case:
    """Store a case and give it back as stored."""
    stored, links = next_of(before, after)
    with store.begin() as uow:
        uow.save(before, stored, links)
        uow.commit()
    return stored


def change(store: Store, before: Case, **changes: Any) -> Case:
    """Store a changed case."""
    return keep(store, replace(before, **changes), before)
