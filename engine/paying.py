"""The part of the portal that is about money, put together: what pages and routines use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.adapters.db import SqlLedger, SqlStore
from engine.adapters.payments.providers import prefix
from engine.adapters.payments.vietqr import picture, read_csv
from engine.commands.bus import Bus
from engine.commands.collector import Collector
from engine.commands.reconciler import Reconciler
from engine.commands.statements import Statements
from engine.equipment import Equipment
from engine.ports import Ports
from engine.ports.payments import Line
from engine.queries.receipts import TEMPLATE, Receipts
from engine.routines import Routine
from engine.settings import Settings

LETTER = "_shared/templates/letter.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """Collecting money, statements, what is reconciled, and receipts."""

    collector: Collector
    statements: Statements
    reconciler: Reconciler
    receipts: Receipts
    said: Mapping[str, Mapping[str, Mapping[str, str]]]

    def words(self, whose: str, code: str) -> tuple[str, str]:
        """What a provider's code, or one of our own reasons, means: Vietnamese, English; see payment_words.toml."""
        known = self.said.get(whose, {})
        found = known.get(code) or known.get("other") or {"vi": code, "en": code}
        return found["vi"], found["en"]

    def qr(self, text: str, *, svg: bool = True) -> bytes:
        """The picture of a QR code, SVG or PNG."""
        return picture(text, svg=svg)

    def read_csv(self, content: bytes) -> Sequence[Line]:
        """The money that came in by a bank's CSV; ValueError names the row that makes no sense."""
        return read_csv(content)


def make_paying(settings: Settings, ports: Ports, bus: Bus, store: SqlStore, equipment: Equipment) -> Paying:
    """Put the part together."""
    collector = Collector(
        ports,
        bus,
        SqlLedger(store),
        equipment.providers,
        prefix=prefix(equipment.connectors),
        public=settings.public_url,
    )
    words = settings.catalog / "_shared" / "payment_words.toml"
    files = {
        name: (settings.catalog / name).read_bytes()
        for name in (TEMPLATE, LETTER)
        if (settings.catalog / name).is_file()
    }
    return Paying(
        collector=collector,
        statements=Statements(ports, collector, equipment.providers.get("vietqr"), settings.unit),
        reconciler=Reconciler(ports, bus, collector, settings.unit),
        receipts=Receipts(ports, files),
        said=tomllib.loads(words.read_text(encoding="utf-8")) if words.is_file() else {},
    )


def routines(paying: Paying) -> tuple[Routine, ...]:
    """What is done at hours of its own; nothing where there is no provider."""
    if not paying.collector.providers:
        return ()
    return (
        Routine(name="payments.ask", every=timedelta(minutes=15), work=paying.reconciler.ask),
        Routine(name="payments.refund", every=timedelta(minutes=5), work=paying.reconciler.give_back),
        Routine(name="payments.statement", every=timedelta(minutes=5), work=paying.statements.fetch),
        Routine(
            name="payments.day", every=timedelta(days=1), offset=timedelta(hours=6), work=paying.reconciler.close_day
        ),
    )
