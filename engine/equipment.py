"""The adapters that reach beyond the house, made from its settings: bootstrap hands them to the ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.adapters.documents import TypstDocuments
from engine.adapters.files import FileStore
from engine.adapters.files_s3 import s3_files
from engine.adapters.messages.spool import SpoolMessages
from engine.adapters.payments import providers
from engine.adapters.payments.portal import PortalPayments
from engine.adapters.payments.standin import StandinPayments
from engine.adapters.signing.late import LateSigning
from engine.adapters.signing.standin import DigestChecker, StandinSigning
from engine.connectors import load
from engine.ports import Clock, Files, Payments
from engine.ports.payments import PaymentProvider
from engine.ports.results import CopyChecker, Sealing, Signing
from engine.ports.signing_keys import SigningKeys
from engine.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What reaches outside. `connectors`: the sections of the connectors' file, see `engine.connectors`.

    `payments` is what the process orders with: where there are providers the payer chooses among them, else the double.
    """

    connectors: Mapping[str, Mapping[str, Any]]
    documents: TypstDocuments
    files: Files
    signing: Signing
    keys: SigningKeys | None
    sealing: Sealing | None
    checker: CopyChecker
    payments: Payments
    providers: Mapping[str, PaymentProvider]
    messages: SpoolMessages


def equip(settings: Settings, clock: Clock) -> Equipment:
    """Everything an installation with these settings reaches outside with; ValueError names a wrong setting."""
    connectors = load(settings)
    made = providers.make(connectors)
    signing, checker = _signing(settings, connectors, clock)
    return Equipment(
        connectors=connectors,
        documents=TypstDocuments(),
        files=_files(settings, connectors.get("files", {})),
        signing=signing,
        keys=signing if isinstance(signing, LateSigning) else None,
        sealing=signing if isinstance(signing, LateSigning) else None,
        checker=checker,
        payments=PortalPayments() if made or _desk_only(connectors) else StandinPayments(settings.secret("payments")),
        providers=made,
        messages=SpoolMessages(settings.home / "spool"),
    )


def _files(settings: Settings, section: Mapping[str, Any]) -> Files:
    """A folder of the house, or the bucket that `[files]` names."""
    kind = section.get("kind", "disk")
    if kind not in ("disk", "s3"):
        raise ValueError(f'[files] kind is "disk" or "s3", not {kind!r}')
    return s3_files(section) if kind == "s3" else FileStore(settings.home / "files")


def _signing(
    settings: Settings, connectors: Mapping[str, Mapping[str, Any]], clock: Clock
) -> tuple[Signing, CopyChecker]:
    """Signatures in the file where the connectors say so, else a digest that lies apart and has no legal value."""
    if "signing" not in connectors:
        return StandinSigning(settings.secret("signing")), DigestChecker()
    late = LateSigning(connectors["signing"], clock.now)
    return late, late


def _desk_only(connectors: Mapping[str, Mapping[str, Any]]) -> bool:
    return connectors.get("payments", {}).get("desk_only") is True


def doubles(equipment: Equipment) -> list[str]:
    """What is only stood in for, in words: with any of it an installation must not do real work."""
    found = []
    if isinstance(equipment.signing, StandinSigning):
        found.append("[signing] is missing: results would bear no signature of legal value")
    if isinstance(equipment.payments, StandinPayments):
        found.append("no payment provider is there: name one, or say desk_only = true in [payments]")
    return found
