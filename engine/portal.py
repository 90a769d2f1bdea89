"""The parts of the citizen's portal, put together: what pages and routines use beside commands and queries."""

from __future__ import annotations

from dataclasses import dataclass

from engine.adapters.db import SqlStore
from engine.commands.bus import Bus
from engine.equipment import Equipment
from engine.ports import Ports
from engine.routines import Routine
from engine.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the parts are made from."""

    settings: Settings
    ports: Ports
    bus: Bus
    store: SqlStore
    equipment: Equipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One attribute for each part; `routines` is what they do at hours of their own."""

    routines: tuple[Routine, ...] = ()


def furnish(made: Made) -> Portal:
    """Put the parts together."""
    return Portal()
