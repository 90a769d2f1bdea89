"""What of a case waits to be claimed, for the in-memory twin of the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.domain.case import Case
from engine.ports import Due


def open_things(case: Case, kind: Due) -> Mapping[str, Any]:
    """What of a case is open, by key."""
    found: Mapping[Due, Mapping[str, Any]] = {
        "timer": case.timers,
        "job": case.jobs,
        "broadcast": case.broadcasts,
    }
    return found[kind]


def due_things(case: Case, kind: Due) -> dict[str, datetime]:
    """When each open row may be claimed; none of a suspended case."""
    if case.suspended is not None:
        return {}
    if kind == "timer":
        return {key: timer.due for key, timer in case.timers.items()}
    if kind == "broadcast":
        return {key: broadcast.thrown_at for key, broadcast in case.broadcasts.items()}
    return {key: job.run_at for key, job in case.jobs.items() if job.run_at is not None}
