"""The figures of a unit: reports, the score, times, money."""

from engine.queries.figures.reports import ReportQueries
from engine.queries.figures.work import WorkQueries

__all__ = ["ReportQueries", "WorkQueries"]
