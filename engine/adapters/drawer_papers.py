"""The daily report of cash drawers on paper, with every text written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from engine.adapters.catalog_shared import SHARED, read_bytes
from engine.domain.cash import Move
from engine.domain.drawer import Reckoned, total
from engine.domain.drawer_day import DayReport, by_procedure
from engine.ports import Documents
from engine.ports.papers import Setting

TEMPLATE: Final = f"{SHARED}/templates/cash_drawers.typ"
PARTS: Final = (TEMPLATE, f"{SHARED}/templates/letter.typ", f"{SHARED}/templates/slip.typ")
Procedures = Mapping[str, str]


class DrawerPapers:
    """`pdf` gives the same bytes for the same report."""

    def __init__(self, documents: Documents, catalog: Path) -> None:
        self._documents = documents
        self._catalog = catalog

    def pdf(self, report: DayReport, procedures: Procedures, setting: Setting) -> bytes:
        """The report on A4. `procedures`: their names by code."""
        files = {name: read_bytes(self._catalog / name) for name in PARTS}
        receipt = {
            "day": f"{report.day:%d/%m/%Y}",
            "drawers": [_drawer(one, report, procedures, setting.zone) for one in report.drawers],
            "loose": _rows(report.loose, procedures),
            "loose_back": total(report.loose, "out"),
            "taken": report.taken,
            "given_back": report.given_back,
        }
        data = {"unit": dict(setting.unit), "receipt": receipt, "result": {"date": report.day.isoformat()}}
        return self._documents.render(TEMPLATE, files, data)


def _drawer(one: Reckoned, report: DayReport, procedures: Procedures, zone: tzinfo) -> dict[str, Any]:
    drawer = one.drawer
    return {
        "officer": report.names.get(drawer.officer, drawer.officer),
        "opened": _written(drawer.opened_at, zone),
        "closed": _written(drawer.closed_at, zone) if drawer.closed_at else "",
        "closed_by": report.names.get(drawer.closed_by, drawer.closed_by) if drawer.closed_by != drawer.officer else "",
        "float": drawer.opened_with,
        "rows": _rows(one.moves, procedures),
        "taken": one.taken,
        "given_back": [
            {"code": move.case_code, "receipt": move.receipt, "amount": move.amount}
            for move in one.moves
            if move.way == "out"
        ],
        "given_back_sum": one.given_back,
        "expected": drawer.expected if drawer.closed_at else one.expected,
        "counts": _counts(one),
        "counted": drawer.counted,
        "difference": drawer.difference,
        "reason": drawer.reason,
        "later": one.later,
    }


def _rows(moves: Sequence[Move], procedures: Procedures) -> list[dict[str, Any]]:
    return [
        {
            "procedure": procedures.get(row.procedure, row.procedure),
            "count": row.count,
            "receipts": ", ".join(row.receipts),
            "without": row.without,
            "amount": row.amount,
        }
        for row in by_procedure(moves)
    ]


def _counts(one: Reckoned) -> list[dict[str, int]]:
    """Each denomination that lay in the drawer at the beginning or the end, the largest first."""
    opening, closing = one.drawer.opening, one.drawer.closing
    return [
        {"denomination": name, "opening": opening.get(name, 0), "closing": closing.get(name, 0)}
        for name in sorted({*opening, *closing}, reverse=True)
    ]


def _written(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M %d/%m/%Y}"
