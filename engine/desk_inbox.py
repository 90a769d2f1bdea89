"""The inbox beside commands and queries: choices, colleagues, mentions, claims, and whether anything changed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.adapters.db import SqlColleagues, SqlInboxChoices, SqlMentions, SqlReadModels
from engine.commands.inbox_claiming import Claimer
from engine.portal import Made
from engine.ports.inbox import Colleagues, InboxChoices, Mentions
from engine.queries.queues import Queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What the inbox of officers uses."""

    choices: InboxChoices
    colleagues: Colleagues
    mentions: Mentions
    claimer: Claimer


def furnish_inbox(made: Made) -> Inbox:
    """Put it together."""
    queues = Queues(made.ports.clock, SqlReadModels(made.store))
    return Inbox(
        choices=SqlInboxChoices(made.store),
        colleagues=SqlColleagues(made.store),
        mentions=SqlMentions(made.store),
        claimer=Claimer(made.bus, made.store, queues),
    )
