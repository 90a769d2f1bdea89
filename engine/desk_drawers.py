"""Cash drawers of the officers' side, put together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.adapters.db import SqlColleagues, SqlDrawers
from engine.adapters.drawer_papers import DrawerPapers
from engine.commands.drawers import CashDrawers
from engine.portal import Made
from engine.queries.drawers import DrawerReports


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawersPart:
    """Opening and closing drawers, their daily report, and the report to take away."""

    keeping: CashDrawers
    reports: DrawerReports
    papers: DrawerPapers


def furnish_drawers(made: Made) -> DrawersPart:
    """Put the part together."""
    kept = SqlDrawers(made.store)
    return DrawersPart(
        keeping=CashDrawers(made.ports, kept),
        reports=DrawerReports(made.ports, kept, SqlColleagues(made.store)),
        papers=DrawerPapers(made.ports.documents, made.settings.catalog),
    )
