"""The adapters that reach beyond the house, made from its settings: bootstrap hands them to the ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.adapters.documents import TypstDocuments
from engine.adapters.files import FileStore
from engine.adapters.messages.spool import SpoolMessages
from engine.adapters.payments import providers
from engine.adapters.payments.portal import PortalPayments
from engine.adapters.payments.standin import StandinPayments
from engine.adapters.signing.standin import StandinSigning
from engine.connectors import load
from engine.ports import Payments
from engine.ports.payments import PaymentProvider
from engine.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What reaches outside. `connectors`: the sections of the connectors' file, see `engine.connectors`.

    `payments` is what the process orders with: where there are providers the payer chooses among them, else the double.
    """

    connectors: Mapping[str, Mapping[str, Any]]
    documents: TypstDocuments
    files: FileStore
    signing: StandinSigning
    payments: Payments
    providers: Mapping[str, PaymentProvider]
    messages: SpoolMessages


def equip(settings: Settings) -> Equipment:
    """Everything an installation with these settings reaches outside with; ValueError names a wrong setting."""
    connectors = load(settings)
    made = providers.make(connectors)
    return Equipment(
        connectors=connectors,
        documents=TypstDocuments(),
        files=FileStore(settings.home / "files"),
        signing=StandinSigning(settings.secret("signing")),
        payments=PortalPayments() if made else StandinPayments(settings.secret("payments")),
        providers=made,
        messages=SpoolMessages(settings.home / "spool"),
    )
