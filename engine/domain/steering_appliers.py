"""How what the house does to a running case folds into its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.domain import steering_events as events
from engine.domain.case import Case, Incident, Suspension


def suspended(case: Case, e: events.CaseSuspended, at: datetime) -> Case:
    """Held still."""
    return replace(case, suspended=Suspension(id=e.suspension, reason=e.reason, by=e.by, at=at))


def resumed(case: Case, e: events.CaseResumed, at: datetime) -> Case:
    """Moves again."""
    return replace(case, suspended=None)


def payment_held(case: Case, e: events.PaymentHeld, at: datetime) -> Case:
    """The message of a payment waits for the case to be resumed."""
    return replace(case, held=(*case.held, {"order": e.order, "amount": e.amount, "payload": e.payload}))


def payment_released(case: Case, e: events.PaymentReleased, at: datetime) -> Case:
    """It waits no longer."""
    return replace(case, held=tuple(one for one in case.held if one["order"] != e.order))


def step_held(case: Case, e: events.StepHeld, at: datetime) -> Case:
    """One incident per wait: a later try replaces what the earlier one kept."""
    earlier = case.incidents.get(e.incident)
    incident = Incident(
        id=e.incident,
        key=e.key,
        kind=e.kind,
        error=e.error,
        raised_at=earlier.raised_at if earlier else at,
        element=e.element,
        kept=e.data,
        by=e.by,
        notes=earlier.notes if earlier else (),
    )
    return _put(case, incident)


def incident_retried(case: Case, e: events.IncidentRetried, at: datetime) -> Case:
    """A job is due at once, for one try."""
    if e.key not in case.jobs:
        return case
    job = case.jobs[e.key]
    return replace(case, jobs={**case.jobs, e.key: replace(job, run_at=at, attempt=max(job.retries - 1, 0))})


def incident_recurred(case: Case, e: events.IncidentRecurred, at: datetime) -> Case:
    """The newest error is the one that is shown."""
    return _put(case, replace(case.incidents[e.incident], error=e.error, element=e.element))


def incident_closed(case: Case, e: events.IncidentClosed, at: datetime) -> Case:
    """Gone from the list."""
    return replace(case, incidents={key: each for key, each in case.incidents.items() if key != e.incident})


def incident_noted(case: Case, e: events.IncidentNoted, at: datetime) -> Case:
    """A note more."""
    incident = case.incidents[e.incident]
    note: Mapping[str, Any] = {"text": e.note, "by": e.by, "at": at}
    return _put(case, replace(incident, notes=(*incident.notes, note)))


def _put(case: Case, incident: Incident) -> Case:
    return replace(case, incidents={**case.incidents, incident.id: incident})
