"""The counter's part of the officers' side, put together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.adapters.db import SqlReadModels, SqlTickets
from engine.adapters.scans import PictureScans
from engine.commands.counter import Queueing
from engine.portal import Made
from engine.ports.scans import Scans
from engine.queries.counter import Persons
from engine.queries.returning import Returning


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterPart:
    """What the counter uses beside commands and queries."""

    persons: Persons
    queueing: Queueing
    returning: Returning
    scans: Scans


def furnish_counter(made: Made) -> CounterPart:
    """Put it together."""
    return CounterPart(
        persons=Persons(made.ports, SqlReadModels(made.store)),
        returning=Returning(made.ports, SqlReadModels(made.store)),
        queueing=Queueing(made.ports, SqlTickets(made.store)),
        scans=PictureScans(made.ports.catalog.settings.get("scans", {})),
    )
