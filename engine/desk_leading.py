"""Who acts for whom, put together."""

from __future__ import annotations

from engine.adapters.db.mandates import SqlMandates
from engine.commands.mandates import Mandates
from engine.portal import Made


def make_mandates(made: Made) -> Mandates:
    """Put the part together."""
    ports = made.ports
    store = ports.mandates or SqlMandates(made.store)
    return Mandates(store=store, clock=ports.clock, ids=ports.ids, settings=lambda: ports.catalog.settings)
