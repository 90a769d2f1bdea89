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
    """The unit's settings; their `signer_name`, `signer_title`, `signer_acting` are a deputy's where one signed."""
    settings = ports.catalog.settings
    unit: Mapping[str, Any] = settings["units"][case.unit]
    signers = frozenset(settings.get("mandates", {}).get("signers", ()))
    if ports.mandates is None or not signers:
        return unit
    found = last_signature(ports.store.events(case.id), signers)
    if found is None or found.on_behalf_of is None:
        return unit
    return {**unit, **_deputy(ports, case.unit, found.actor, found.on_behalf_of, found.at)}


def last_signature(history: Sequence[Recorded], signers: frozenset[str]) -> Recorded | None:
    """The newest completion of a task that belongs to the groups that sign."""
    made = [link.event for link in history if isinstance(link.event, TaskCreated)]
    theirs = {event.key for event in made if not signers.isdisjoint(event.groups)}
    done = (link for link in reversed(history) if isinstance(link.event, TaskCompleted) and link.event.key in theirs)
    return next(done, None)


def _deputy(ports: Ports, unit: str, deputy: str, principal: str, at: datetime) -> Mapping[str, Any]:
    running = ports.mandates.running(unit, deputy, at) if ports.mandates else []
    mandate = next((one for one, person in running if person.id == principal and one.title), None)
    if mandate is None:
        return {}
    return {"signer_name": mandate.signer, "signer_title": mandate.title, "signer_acting": mandate.acting}
