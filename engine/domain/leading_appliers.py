"""How what waits for a leader's PIN folds into the state of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.domain import leading_events as events
from engine.domain.case import Case
from engine.domain.event import Event
from engine.domain.records import replace


def _awaited(case: Case, e: events.SignatureAwaited, at: datetime) -> Case:
    held = replace(case.jobs[e.key], run_at=None, awaits=e.officer)
    return replace(case, jobs={**case.jobs, e.key: held})


LEADING_APPLIERS: dict[type[Event], Callable[[Case, Any, datetime], Case]] = {events.SignatureAwaited: _awaited}
