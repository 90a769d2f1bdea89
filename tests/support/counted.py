"""Reports over a database of made-up histories, with the real catalog and no process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text

from engine.adapters.catalog_files import FileCatalog
from engine.adapters.clock import SteppedClock
from engine.adapters.db import SqlFigures, SqlReports, SqlStore
from engine.adapters.report_rules import read_rules
from engine.commands.reporting import Reporting
from engine.domain.procedure import Procedure, in_force
from engine.queries.figures import ReportQueries
from tests.support.quarter import Town

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "catalog"


@cache
def files() -> FileCatalog:
    """The catalog's folder, read once."""
    return FileCatalog.load(CATALOG)


class Known:
    """The catalog as a house has deployed it."""

    def __init__(self) -> None:
        self.settings, self._files = files().settings, files()
        self.by_key = {(p.code, p.version): p for p in self._files.procedures}

    def procedure(self, code: str, version: int) -> Procedure:
        return self.by_key[code, version]

    def in_force(self, day: Any) -> list[Procedure]:
        codes = sorted({code for code, _ in self.by_key})
        found = (in_force([p for p in self.by_key.values() if p.code == code], day) for code in codes)
        return [p for p in found if p is not None]

    def calendar(self, unit: str) -> Any:
        return self._files.calendar


@dataclass(frozen=True, slots=True)
class Counted:
    """The parts of reports on one database."""

    store: SqlStore
    clock: SteppedClock
    figures: SqlFigures
    reports: SqlReports
    queries: ReportQueries
    reporting: Reporting


def counted(store: SqlStore, now: datetime) -> Counted:
    """Put them together."""
    clock, figures, reports = SteppedClock(now), SqlFigures(store), SqlReports(store)
    ports: Any = SimpleNamespace(store=store, catalog=Known(), clock=clock)
    queries = ReportQueries(ports, figures, reports, read_rules(CATALOG))
    return Counted(store, clock, figures, reports, queries, Reporting(ports, figures, reports, queries))


def town() -> Town:
    """Every procedure of the catalog that was in force then."""
    day = datetime(2022, 12, 20).date()
    return Town(files().calendar, Known().in_force(day))


def raw(store: SqlStore, query: str) -> list[dict[str, Any]]:
    """Rows as the database has them."""
    with store.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(query))]
