"""A signature that only its owner's PIN can give is left to the owner: no worker ever tries it."""

from __future__ import annotations

from datetime import datetime

from engine.commands.signer import last_signature, signing_groups, unit_signed_by
from engine.commands.work import Work
from engine.domain import events
from engine.domain.case import Job
from engine.domain.context import variables
from engine.domain.errors import DomainError

SIGNS, ROLE = "document.sign", "leader"


def hold(work: Work) -> None:
    """Of the jobs that this command made, those whose key asks a PIN wait for whoever decided to sign."""
    if work.ports.keys is None:
        return
    made = {event.key for event in work.events if isinstance(event, events.JobCreated) and event.type == SIGNS}
    for job in [job for key, job in work.case.jobs.items() if key in made] if made else ():
        if officer := _awaited(work, job):
            work.add(events.SignatureAwaited(key=job.key, officer=officer))


def _awaited(work: Work, job: Job) -> str:
    """Whose PIN the job waits for; empty for nobody's. What is wrong with a key, the job itself tells."""
    keys, decided = work.ports.keys, _decided(work)
    if keys is None or decided is None or job.headers.get("role", ROLE) != ROLE:
        return ""
    unit = unit_signed_by(work.ports, work.case.unit, *decided)
    try:
        key = keys.key(ROLE, str(variables(work.case, job).get("signer") or unit["signer_name"]))
    except DomainError:
        return ""
    return key.officer if key.asks_pin else ""


def _decided(work: Work) -> tuple[str, str | None, datetime] | None:
    """Who decided to sign, on whose behalf and when: by this very command, or before."""
    signers, before = signing_groups(work.ports), work.before.tasks if work.before else {}
    done = [before[e.key] for e in work.events if isinstance(e, events.TaskCompleted) and e.key in before]
    if any(not signers.isdisjoint(task.groups) for task in done):
        return work.asked_by.id, work.asked_by.on_behalf_of, work.now
    found = last_signature(work.ports.store.events(work.case.id), signers)
    return (found.actor, found.on_behalf_of, found.at) if found else None
