"""Statistics of the officers' side, put together: reports, the score, figures of work, what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.adapters.db import SqlAccounts, SqlFigures, SqlReports
from engine.adapters.report_papers import ReportPapers
from engine.adapters.report_rules import read_rules
from engine.commands.reporting import Reporting
from engine.portal import Made
from engine.ports.reports import Papers, Reports
from engine.queries.figures import ReportQueries, WorkQueries
from engine.routines import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPart:
    """Commands and queries of reports, what was approved, and reports to take away."""

    reporting: Reporting
    queries: ReportQueries
    work: WorkQueries
    reports: Reports
    papers: Papers
    routines: tuple[Routine, ...] = ()


def furnish_figures(made: Made) -> FiguresPart:
    """Put the part together."""
    figures, reports = SqlFigures(made.store), SqlReports(made.store)
    queries = ReportQueries(made.ports, figures, reports, read_rules(made.settings.catalog))
    reporting = Reporting(made.ports, figures, reports, queries)
    return FiguresPart(
        reporting=reporting,
        queries=queries,
        work=WorkQueries(made.ports, figures, SqlAccounts(made.store)),
        reports=reports,
        papers=ReportPapers(made.ports.documents, made.settings.catalog, queries.rules),
        routines=_routines(reporting),
    )


def _routines(reporting: Reporting) -> tuple[Routine, ...]:
    """Cases that have gone on are counted anew every quarter of an hour; scores and months are kept by night."""
    night = timedelta(hours=1)
    return (
        Routine(name="figures.count", every=timedelta(minutes=15), work=reporting.refresh),
        Routine(name="figures.night", every=timedelta(days=1), offset=night, work=reporting.nightly),
    )
