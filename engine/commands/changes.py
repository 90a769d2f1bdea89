"""A line of the administration log, as whoever changes something of the house leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError
from engine.domain.staffing import ADMINISTRATOR
from engine.ports import Clock, Ids
from engine.ports.administration import Change


def check_administers(actor: Actor) -> None:
    """ForbiddenError for who is no administrator of a unit."""
    if actor.kind != "officer" or ADMINISTRATOR not in actor.groups:
        raise ForbiddenError()


def change(
    ids: Ids,
    clock: Clock,
    actor: Actor,
    *,
    what: str,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> Change:
    """Who changed what, from what to what, now, in the unit of who did it; never a secret."""
    return Change(
        unit=actor.unit,
        id=ids.new(),
        at=clock.now(),
        who=actor.id,
        what=what,
        subject=subject,
        before=before,
        after=after,
        reason=reason,
    )
