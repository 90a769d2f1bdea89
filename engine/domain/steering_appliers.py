"""How what the house does to a running case folds into its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from engine.domain import steering_events as events
from engine.domain.case import Case, Incident, Listener, Suspension
from engine.domain.records import replace
from engine.domain.steering import Proposal


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


def proposed(case: Case, e: events.ModificationProposed, at: datetime) -> Case:
    """One proposal waits at a time."""
    proposal = Proposal(id=e.proposal, by=e.by, at=at, reason=e.reason, change=e.change, basis=e.basis, effect=e.effect)
    return replace(case, proposal=proposal)


def settled(case: Case, e: events.ModificationApproved | events.ModificationRejected, at: datetime) -> Case:
    """It waits no longer."""
    return replace(case, proposal=None)


def migrated(case: Case, e: events.CaseMigrated, at: datetime) -> Case:
    """Version, keys and facts are new; who holds what, drafts, tries and instants of tasks and jobs stay."""
    tasks = _renamed(case.tasks, e.keys, {w.key: _facts(w, ("assignee", "due", "follow_up")) for w in e.tasks})
    incidents = {name: replace(each, key=e.keys.get(each.key, each.key)) for name, each in case.incidents.items()}
    return replace(
        case,
        procedure_version=e.procedure_version,
        procedure_digest=e.procedure_digest,
        snapshot=e.snapshot,
        scopes={e.keys.get(scope, scope): values for scope, values in case.scopes.items()},
        tasks=tasks,
        jobs=_renamed(case.jobs, e.keys, {w.key: _facts(w) for w in e.jobs}),
        timers=_renamed(case.timers, e.keys, {w.key: _facts(w) for w in e.timers}),
        subscriptions=_renamed(case.subscriptions, e.keys, {w.key: _facts(w) for w in e.messages}),
        incidents=incidents,
        listeners=_listeners(case, e, at),
    )


def _listeners(case: Case, e: events.CaseMigrated, at: datetime) -> dict[str, Listener]:
    """Who listened goes on listening since then; who is new listens from now on."""
    since = {e.keys.get(key, key): each.since for key, each in case.listeners.items()}
    return {wait.key: Listener(**_facts(wait), since=since.get(wait.key, at)) for wait in e.listens}


def _facts(wait: Any, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {f.name: getattr(wait, f.name) for f in fields(wait) if f.name not in without}


def _renamed(open_now: Mapping[str, Any], keys: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    new = {keys.get(key, key): wait for key, wait in open_now.items()}
    return {key: replace(wait, **facts[key]) for key, wait in new.items()}
