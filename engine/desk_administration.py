"""What administrators work with, put together: people, the unit, its calendar, fees and notices, the house, the log."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, cast

from engine.adapters.db import SqlTokens
from engine.adapters.db.administration import SqlAdministrationLog
from engine.adapters.db.fee_book import SqlFeeBook
from engine.adapters.db.house_state import SqlHouseState
from engine.adapters.db.staff import SqlStaff
from engine.adapters.db.unit_book import SqlUnitBook
from engine.adapters.db.wordings import SqlWordings
from engine.adapters.deployed_catalog import DeployedCatalog
from engine.adapters.live_units import LiveUnits
from engine.adapters.outside_trials import askers
from engine.commands.calendars import CalendarDesk
from engine.commands.keeping import Keeping
from engine.commands.officers import Officers
from engine.commands.unit_facts import UnitFacts
from engine.commands.unit_fees import FeeDesk
from engine.commands.wordings import WordingDesk
from engine.portal import Made
from engine.portal_notices import composer_of
from engine.ports.administration import AdministrationLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One attribute for each thing that is administered."""

    officers: Officers
    units: UnitFacts
    calendars: CalendarDesk
    fees: FeeDesk
    wordings: WordingDesk
    keeping: Keeping
    log: AdministrationLog


def make_administration(made: Made) -> Administration:
    """Put the part together."""
    ports, book = made.ports, SqlUnitBook(made.store)
    live = cast(LiveUnits, ports.catalog.settings["units"])
    catalog = cast(DeployedCatalog, ports.catalog)
    hands: dict[str, Any] = {"clock": ports.clock, "ids": ports.ids}
    own: dict[str, Any] = {"book": book, "changed": live.refresh, **hands}
    return Administration(
        officers=Officers(
            store=SqlStaff(made.store),
            clock=ports.clock,
            ids=ports.ids,
            groups=lambda: {name: group.name for name, group in ports.catalog.groups.items()},
        ),
        units=UnitFacts(now_known=live, code_pattern=ports.catalog.settings["agency"]["code_pattern"], **own),
        calendars=CalendarDesk(catalog=ports.catalog, base=live.base, **own),
        fees=FeeDesk(book=SqlFeeBook(made.store), catalog=catalog, changed=catalog.own_fees.refresh, **hands),
        wordings=WordingDesk(
            book=SqlWordings(made.store),
            catalog=catalog,
            composer=composer_of(made.settings, ports),
            changed=catalog.own_wordings.refresh,
            **hands,
        ),
        keeping=_keeping(made),
        log=SqlAdministrationLog(made.store),
    )


def _keeping(made: Made) -> Keeping:
    settings, clock, sections = made.settings, made.ports.clock, made.equipment.connectors
    providers, tokens = made.equipment.providers, SqlTokens(made.store)
    return Keeping(
        unit=settings.unit,
        process=f"{socket.gethostname()}/{os.getpid()}",
        release=version("motcua"),
        state=SqlHouseState(made.store),
        clock=clock,
        sections=sections,
        askers=askers(sections, providers=providers, unit=settings.unit, tokens=tokens, clock=clock),
        started_at=clock.now(),
    )
