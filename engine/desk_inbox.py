"""The inbox beside commands and queries: choices, colleagues, mentions, claims, and whether anything changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.adapters.db import SqlColleagues, SqlInboxChoices, SqlMentions, SqlReadModels
from engine.commands.inbox_claiming import Claimer
from engine.portal import Made
from engine.ports import Ports
from engine.ports.inbox import Colleagues, InboxChoices, Mentions
from engine.queries.queues import Queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What the inbox of officers uses."""

    choices: InboxChoices
    colleagues: Colleagues
    mentions: Mentions
    claimer: Claimer
    soon: Callable[[str], datetime]  # what a unit has to do until then is due soon
    pulse: Callable[[], str]  # another text whenever anything was written; "" where nobody can tell


def furnish_inbox(made: Made) -> Inbox:
    """Put it together."""
    ports = made.ports
    queues = Queues(ports.clock, SqlReadModels(made.store))
    return Inbox(
        choices=SqlInboxChoices(made.store),
        colleagues=SqlColleagues(made.store),
        mentions=SqlMentions(made.store),
        claimer=Claimer(made.bus, made.store, queues),
        soon=lambda unit: _soon(ports, unit),
        pulse=made.store.pulse,
    )


def _soon(ports: Ports, unit: str) -> datetime:
    """The end of the last working day of which the house says that what is due by then is due soon."""
    days = ports.catalog.settings.get("deadline", {}).get("amber_working_days", 1)
    return ports.catalog.calendar(unit).working_day_end(ports.clock.now(), days)
