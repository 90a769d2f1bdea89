"""Whose name and title a paper bears: those of whoever signed, by what held at that moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.domain.case import Case
from engine.domain.event import Recorded
from engine.domain.events import TaskCompleted, TaskCreated
from engine.ports import Ports


def signing_unit(ports: Ports, case: Case) -> Mapping[str, Any]:
    """The unit's settings; where a deputy signed, `signer_name`, `signer_title`, `signer_acting` are the
    deputy's, and `signer_for` says for whom."""
    return unit_signed(ports, case, signature_of(ports, case))


def signature_of(ports: Ports, case: Case) -> Recorded | None:
    """The newest decision to sign in the case's history; None where nobody signs in its process."""
    signers = signing_groups(ports)
    return last_signature(ports.store.events(case.id), signers) if signers else None


def signing_groups(ports: Ports) -> frozenset[str]:
    """The groups whose members sign."""
    return frozenset(ports.catalog.settings.get("mandates", {}).get("signers", ()))


def unit_signed(ports: Ports, case: Case, found: Recorded | None) -> Mapping[str, Any]:
    """The unit's settings as this decision to sign wants them printed."""
    if found is None:
        unit: Mapping[str, Any] = ports.catalog.settings["units"][case.unit]
        return unit
    return unit_signed_by(ports, case.unit, found.actor, found.on_behalf_of, found.at)


def unit_signed_by(ports: Ports, unit: str, officer: str, principal: str | None, at: datetime) -> Mapping[str, Any]:
    """The unit's settings as this officer signs: with the own name and title where it is for the principal."""
    own: Mapping[str, Any] = ports.catalog.settings["units"][unit]
    return own if principal is None else {**own, **_deputy(ports, unit, officer, principal, at)}


def last_signature(history: Sequence[Recorded], signers: frozenset[str]) -> Recorded | None:
    """The newest completion of a task that belongs to the groups that sign."""
    made = [link.event for link in history if isinstance(link.event, TaskCreated)]
    theirs = {event.key for event in made if not signers.isdisjoint(event.groups)}
    done = (link for link in reversed(history) if isinstance(link.event, TaskCompleted) and link.event.key in theirs)
    return next(done, None)


def _deputy(ports: Ports, unit: str, deputy: str, principal: str, at: datetime) -> Mapping[str, Any]:
    running = ports.mandates.running(unit, deputy, at) if ports.mandates else []
    found = next(((one, person) for one, person in running if person.id == principal and one.title), None)
    if found is None:
        return {}
    mandate, person = found
    return {
        "signer_name": mandate.signer,
        "signer_title": mandate.title,
        "signer_acting": mandate.acting,
        "signer_for": person.name,
    }
