"""Who acts for whom, what waits for a signature, and whose key signs it, put together."""

from __future__ import annotations

from engine.adapters.db import SqlReadModels
from engine.adapters.db.awaited_signatures import SqlAwaitedSignatures
from engine.adapters.db.mandates import SqlMandates
from engine.commands.mandates import Mandates
from engine.commands.signing_act import Signatures
from engine.portal import Made
from engine.queries.signing_queue import SigningQueue


def make_mandates(made: Made) -> Mandates:
    """Put the part together."""
    ports = made.ports
    store = ports.mandates or SqlMandates(made.store)
    return Mandates(store=store, clock=ports.clock, ids=ports.ids, settings=lambda: ports.catalog.settings)


def make_queue(made: Made) -> SigningQueue:
    """What waits for the leader."""
    return SigningQueue(made.ports, SqlReadModels(made.store), SqlAwaitedSignatures(made.store))


def make_signatures(made: Made) -> Signatures:
    """The keys of leaders."""
    return Signatures(made.ports, made.bus)
