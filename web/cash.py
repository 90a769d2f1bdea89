"""Cash in a task's form: it goes into the drawer that the officer has open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from engine.commands.cash import takes_cash
from engine.commands.drawer_messages import TakeCash
from engine.commands.messages import CompleteTask
from engine.domain.errors import DatabaseUnavailableError, DomainError
from web.house import house
from web.texts import t


def completion(done: Mapping[str, Any], form_id: str | None, data: Mapping[str, Any]) -> CompleteTask:
    """The command that completes a task; NoDrawerError or DrawerLeftOpenError where cash has nowhere to go."""
    if g.actor.kind == "officer" and takes_cash(house().catalog.settings, form_id, data):
        return TakeCash(**done, data=data, drawer=house().desk.drawers.keeping.for_cash(g.actor))
    return CompleteTask(**done, data=data)


def hindrance() -> str:
    """Why the officer may not take cash just now; "" when nothing is in the way."""
    try:
        house().desk.drawers.keeping.for_cash(g.actor)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        return t(error.message, error.message_en)
    return ""
