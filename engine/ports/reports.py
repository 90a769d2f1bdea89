"""Ports of reports: what is counted of every case, approved reports, entered numbers, nightly figures, papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Literal, Protocol

from engine.domain.case_facts import CaseFacts
from engine.domain.report import Approved, Draft
from engine.domain.report_period import Period
from engine.domain.report_rules import ReportRules
from engine.domain.score import Given, Score
from engine.ports.following import Complaint

CellKind = Literal["text", "number", "decimal", "day", "moment"]
Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading and what its cells are."""

    name: str
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table that people take away: title, lines above it, columns, rows."""

    title: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Figures of a period as they stood on a day, for pages that must not count. `kind`: 766 | month."""

    kind: str
    period: str
    day: date
    formula: str
    figures: Mapping[str, Any]
    at: datetime


class Figures(Protocol):
    """Keeps what is counted of each case: a row that can always be made anew from its history."""

    def behind(self, after: tuple[str, str], limit: int) -> Sequence[tuple[str, str]]:
        """(unit, case id), in order from behind `after`, of cases whose row is missing or not of their newest event."""
        ...

    def put(self, facts: Sequence[CaseFacts]) -> None:
        """Write rows anew."""
        ...

    def between(self, unit: str, start: datetime, end: datetime) -> Sequence[CaseFacts]:
        """What was there at start <= at < end: received before `end`, not done before `start`; by code."""
        ...

    def touched(self, unit: str, start: datetime, end: datetime) -> Sequence[CaseFacts]:
        """Cases with which something happened at or after `start`, filed before `end`, received or not; by code."""
        ...

    def get(self, unit: str, case_id: str) -> CaseFacts | None:
        """The row of a case."""
        ...

    def complaints(self, unit: str, start: datetime, end: datetime) -> Sequence[Complaint]:
        """Complaints and suggestions filed at start <= at < end, in order."""
        ...

    def forget(self, unit: str) -> None:
        """Take all rows of a unit away, to be made anew."""
        ...


class Reports(Protocol):
    """Keeps approved reports, entered numbers and nightly figures."""

    def add(self, report: Approved) -> None:
        """Keep a report; StaleVersionError when its revision is there already."""
        ...

    def all(self, unit: str, kind: str, period: str) -> Sequence[Approved]:
        """What was approved for a period, the newest first."""
        ...

    def latest(self, unit: str, kind: str, limit: int = 40) -> Sequence[Approved]:
        """What was approved last, the newest first."""
        ...

    def enter(self, unit: str, period: str, item: str, given: Given, *, by: str, at: datetime) -> None:
        """Keep the numbers of an item; they take the place of earlier ones."""
        ...

    def entered(self, unit: str, period: str) -> Mapping[str, Given]:
        """The numbers entered for a period, by item."""
        ...

    def keep(self, unit: str, kept: Kept) -> None:
        """Keep figures; they take the place of those of the same kind, period and day."""
        ...

    def kept(self, unit: str, kind: str, *, period: str = "", limit: int = 100) -> Sequence[Kept]:
        """What is kept of a kind, of one period where it is named: the newest period and day first."""
        ...


class Reckoning(Protocol):
    """Works reports out from what is counted."""

    @property
    def rules(self) -> ReportRules:
        """What the catalog sets for reports."""
        ...

    def span(self, unit: str, period: Period) -> tuple[datetime, datetime]:
        """The instants a period begins and ends at, the end excluded."""
        ...

    def draft(self, unit: str, kind: str, period: Period) -> Draft:
        """A report as it would be approved now."""
        ...

    def score(self, unit: str, period: Period) -> Score:
        """The score with what meets each item and what does not."""
        ...

    def score_figures(self, found: Score) -> Mapping[str, Any]:
        """The numbers of a score without names of cases."""
        ...


class Papers(Protocol):
    """Makes reports to take away."""

    def pdf(self, draft: Draft, unit: Mapping[str, Any], approved: Approved | None, *, zone: tzinfo) -> bytes:
        """Form II.06a across A4, always the same bytes. `zone`: of the times on it."""
        ...

    def xlsx(self, sheet: Sheet) -> bytes:
        """A workbook; nothing in it is a formula."""
        ...

    def csv(self, sheet: Sheet) -> bytes:
        """UTF-8 with a byte order mark; what a spreadsheet would take for a formula begins with an apostrophe."""
        ...
