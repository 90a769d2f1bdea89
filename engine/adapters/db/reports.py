"""Approved reports, entered numbers and nightly figures, in SQL."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_reports import KEPT_FIGURES, REPORT, REPORT_INPUT
from engine.domain.codec import dumps
from engine.domain.report import Approved, Draft
from engine.domain.score import Given
from engine.ports.reports import Kept

ABOUT = ("unit", "kind", "period", "first", "last", "formula")


class SqlReports:
    """Implements the Reports port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add(self, report: Approved) -> None:
        """Keep a report; StaleVersionError when its revision is there already."""
        draft = report.draft
        row = {
            **{name: getattr(draft, name) for name in ABOUT},
            "revision": report.revision,
            "figures": dumps(draft.figures),
            "lines": zlib.compress(dumps(list(draft.lines)).encode(), 6),
            "digest": report.digest,
            "approved_by": report.by,
            "approved_name": report.by_name,
            "approved_at": report.at,
            "reason": report.reason,
        }
        with saving(self._store.engine) as connection:
            connection.execute(insert(REPORT).values(**row))

    def all(self, unit: str, kind: str, period: str) -> Sequence[Approved]:
        """What was approved for a period, the newest first."""
        own = REPORT.c
        query = select(REPORT).where(own.unit == unit, own.kind == kind, own.period == period)
        return self._found(query.order_by(own.revision.desc()))

    def latest(self, unit: str, kind: str, limit: int = 40) -> Sequence[Approved]:
        """What was approved last, the newest first."""
        own = REPORT.c
        query = select(REPORT).where(own.unit == unit, own.kind == kind)
        return self._found(query.order_by(own.approved_at.desc(), own.period, own.revision.desc()).limit(limit))

    def enter(self, unit: str, period: str, item: str, given: Given, *, by: str, at: datetime) -> None:
        """Keep the numbers of an item; they take the place of earlier ones."""
        own = REPORT_INPUT.c
        key = {"unit": unit, "period": period, "item": item}
        said = {"hits": given.hits, "total": given.total, "source": given.source, "entered_by": by, "entered_at": at}
        with saving(self._store.engine) as connection:
            connection.execute(delete(REPORT_INPUT).where(*(own[name] == value for name, value in key.items())))
            connection.execute(insert(REPORT_INPUT).values(**key, **said))

    def entered(self, unit: str, period: str) -> Mapping[str, Given]:
        """The numbers entered for a period, by item."""
        own = REPORT_INPUT.c
        query = select(own.item, own.hits, own.total, own.source).where(own.unit == unit, own.period == period)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.item))
            return {row.item: Given(hits=row.hits, total=row.total, source=row.source) for row in rows}

    def keep(self, unit: str, kept: Kept) -> None:
        """Keep figures; they take the place of those of the same kind, period and day."""
        own = KEPT_FIGURES.c
        key = {"unit": unit, "kind": kept.kind, "period": kept.period, "day": kept.day}
        row = {"formula": kept.formula, "figures": dumps(kept.figures), "computed_at": kept.at}
        with saving(self._store.engine) as connection:
            connection.execute(delete(KEPT_FIGURES).where(*(own[name] == value for name, value in key.items())))
            connection.execute(insert(KEPT_FIGURES).values(**key, **row))

    def kept(self, unit: str, kind: str, *, period: str = "", limit: int = 100) -> Sequence[Kept]:
        """What is kept of a kind, of one period where it is named: the newest period and day first."""
        own = KEPT_FIGURES.c
        query = select(KEPT_FIGURES).where(own.unit == unit, own.kind == kind)
        if period:
            query = query.where(own.period == period)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(own.period.desc(), own.day.desc()).limit(limit))
            return [_kept(row) for row in rows]

    def _found(self, query: Select[Any]) -> list[Approved]:
        with self._store.reading() as connection:
            return [_approved(row) for row in connection.execute(query)]


def _approved(row: Row[Any]) -> Approved:
    draft = Draft(
        **{name: getattr(row, name) for name in ABOUT},
        figures=json.loads(row.figures),
        lines=json.loads(zlib.decompress(row.lines)),
    )
    return Approved(
        draft=draft,
        revision=row.revision,
        digest=row.digest,
        by=row.approved_by,
        by_name=row.approved_name,
        at=row.approved_at,
        reason=row.reason,
    )


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        kind=row.kind,
        period=row.period,
        day=row.day,
        formula=row.formula,
        figures=json.loads(row.figures),
        at=row.computed_at,
    )
