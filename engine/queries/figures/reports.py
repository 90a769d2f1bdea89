"""Form II.06a and the score of QĐ 766 over any period, with what they follow from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from engine.domain import report_ii06a, report_period
from engine.domain.calendar import WorkingCalendar
from engine.domain.codec import plain
from engine.domain.procedure import Procedure, pays_online
from engine.domain.report import Draft
from engine.domain.report_ii06a import Line
from engine.domain.report_period import Period
from engine.domain.report_rules import ReportRules
from engine.domain.score import Score, by_group, score
from engine.domain.score_basis import Basis, ComplaintFacts, ProcedureFacts
from engine.ports import Ports
from engine.ports.following import Complaint
from engine.ports.reports import Figures, Reports

EARLIER = {"refused": "refuse_working_days", "asked": "ask_working_days"}  # states with a shorter term of their own


class ReportQueries:
    """Reads rows of what is counted; never a history."""

    def __init__(self, ports: Ports, figures: Figures, reports: Reports, rules: ReportRules) -> None:
        self.rules = rules
        self._ports = ports
        self._figures = figures
        self._reports = reports

    def period(self, text: str, unit: str) -> Period:
        """The period of an id, the present quarter for an empty one; PeriodError."""
        if text:
            return report_period.read(text, self.rules.cut_day)
        today = self._calendar(unit).day_of(self._ports.clock.now())
        return report_period.quarter_of(today, self.rules.cut_day)

    def span(self, unit: str, period: Period) -> tuple[datetime, datetime]:
        """The instants a period begins and ends at, the end excluded."""
        zone = self._calendar(unit).zone
        return period.start(zone), period.end(zone)

    def lines(self, unit: str, period: Period) -> list[Line]:
        """Every case of the period in its place of form II.06a, by code."""
        start, end = self.span(unit, period)
        calendar = self._calendar(unit)
        placed = (report_ii06a.place(x, start, end, calendar) for x in self._figures.between(unit, start, end))
        return [line for line in placed if line is not None]

    def draft(self, unit: str, kind: str, period: Period) -> Draft:
        """A report as it would be approved now."""
        return self.ii06a(unit, period) if kind == "ii06a" else self.score_draft(unit, period)

    def ii06a(self, unit: str, period: Period) -> Draft:
        """The form with the lines it follows from."""
        lines = self.lines(unit, period)
        rows = [
            {"field": row.field, "numbers": {str(n): count for n, count in row.numbers.items()}}
            for row in report_ii06a.tabulate(lines)
        ]
        return Draft(
            unit=unit,
            kind="ii06a",
            period=period.id,
            first=period.first,
            last=period.last,
            formula=report_ii06a.FORMULA,
            figures={"rows": rows},
            lines=[_written(line) for line in lines],
        )

    def score(self, unit: str, period: Period) -> Score:
        """The score with what meets each item and what does not."""
        return score(self.rules.scheme, self._basis(unit, period), self._reports.entered(unit, period.id))

    def score_draft(self, unit: str, period: Period) -> Draft:
        """The score as it would be approved now."""
        found = self.score(unit, period)
        return Draft(
            unit=unit,
            kind="766",
            period=period.id,
            first=period.first,
            last=period.last,
            formula=found.version,
            figures=self.score_figures(found),
            lines=[[one.id, one.of, list(one.met), list(one.missed)] for one in found.items],
        )

    def score_figures(self, found: Score) -> dict[str, Any]:
        """The numbers of a score without names of cases: points as texts with two decimals."""
        groups = by_group(self.rules.scheme, found.items)
        items = [
            {
                "id": one.id,
                "hits": one.hits,
                "total": one.total,
                "points": None if one.points is None else str(one.points),
                "of": one.of,
                "source": one.source,
            }
            for one in found.items
        ]
        return {
            "points": str(found.points),
            "counted": str(found.counted),
            "groups": {name: None if points is None else str(points) for name, points in groups.items()},
            "items": items,
        }

    def _basis(self, unit: str, period: Period) -> Basis:
        start, end = self.span(unit, period)
        calendar = self._calendar(unit)
        return Basis(
            start=start,
            end=end,
            cases=tuple(self._figures.between(unit, start, end)),
            procedures=tuple(_offered(p) for p in self._ports.catalog.in_force(period.last)),
            complaints=tuple(self._heard(x, calendar) for x in self._figures.complaints(unit, start, end)),
            calendar=calendar,
            disliked_at_most=self.rules.disliked_at_most,
            assured_from=self.rules.assured_from,
        )

    def _heard(self, complaint: Complaint, calendar: WorkingCalendar) -> ComplaintFacts:
        settings = self._ports.catalog.settings.get("complaints", {})
        days = settings.get(EARLIER.get(complaint.state, ""))
        return ComplaintFacts(
            id=complaint.id,
            case_id=complaint.case_id,
            filed_at=complaint.filed_at,
            limit=complaint.due_at if days is None else calendar.working_day_end(complaint.filed_at, days),
            answered_at=complaint.answered_at,
        )

    def _calendar(self, unit: str) -> WorkingCalendar:
        return self._ports.catalog.calendar(unit)


def lines_of(draft: Draft) -> list[Line]:
    """The lines of a form II.06a, approved or not."""
    return [Line(**{**line, **{name: _moment(line[name]) for name in MOMENTS}}) for line in draft.lines]


MOMENTS = ("received_at", "solved_at", "due")


def _written(line: Line) -> Mapping[str, Any]:
    row = asdict(line)
    return {**row, **{name: row[name].isoformat() if row[name] else None for name in MOMENTS}}


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _offered(procedure: Procedure) -> ProcedureFacts:
    fee = bool(procedure.fees)
    return ProcedureFacts(
        code=procedure.code,
        online="online" in procedure.channels,
        fee=fee,
        pays_online=fee and pays_online(procedure.level),
    )


def items_of(draft: Draft) -> Mapping[str, tuple[str, Sequence[str], Sequence[str]]]:
    """Of an approved or drafted score: what each item counts, what meets it and what does not."""
    return {name: (of, met, missed) for name, of, met, missed in plain(list(draft.lines))}
