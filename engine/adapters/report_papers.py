"""Form II.06a on paper, across A4 as the regime of reports draws it; and tables to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from engine.adapters import sheets
from engine.adapters.catalog_shared import SHARED, read_bytes
from engine.domain.report import Approved, Draft
from engine.domain.report_ii06a import COLUMNS
from engine.domain.report_rules import ReportRules
from engine.ports import Documents
from engine.ports.reports import Sheet

TEMPLATE: Final = f"{SHARED}/templates/report_ii06a.typ"
LETTER: Final = f"{SHARED}/templates/letter.typ"


class ReportPapers:
    """Implements the Papers port."""

    def __init__(self, documents: Documents, catalog: Path, rules: ReportRules) -> None:
        self._documents = documents
        self._catalog = catalog
        self._rules = rules

    def pdf(self, draft: Draft, unit: Mapping[str, Any], approved: Approved | None, *, zone: tzinfo) -> bytes:
        """The form, always the same bytes; one that nobody approved says so."""
        files = {name: read_bytes(self._catalog / name) for name in (TEMPLATE, LETTER)}
        approved = replace(approved, at=approved.at.astimezone(zone)) if approved else None
        day = approved.at.date() if approved else draft.last
        rows = [
            {"field": row["field"], "numbers": [row["numbers"][str(n)] for n in COLUMNS]}
            for row in draft.figures["rows"]
        ]
        data = {
            "unit": dict(unit),
            "report": {
                **self._rules.form,
                "period": _period(draft),
                "first": f"{draft.first:%d/%m/%Y}",
                "last": f"{draft.last:%d/%m/%Y}",
                "columns": list(COLUMNS),
                "rows": rows,
                "digest": draft.digest,
                "formula": draft.formula,
                "approved": _said(approved) if approved else "",
                "signer": approved.by_name if approved else "",
            },
            "result": {"date": day.isoformat()},
        }
        return self._documents.render(TEMPLATE, files, data)

    def xlsx(self, sheet: Sheet) -> bytes:
        """A workbook; nothing in it is a formula."""
        return sheets.xlsx(sheet)

    def csv(self, sheet: Sheet) -> bytes:
        """CSV; what a spreadsheet would take for a formula begins with an apostrophe."""
        return sheets.csv_text(sheet)


def _period(draft: Draft) -> str:
    year, _, part = draft.period.partition("-")
    if draft.period.isdecimal():
        return f"Năm {draft.period}"
    if part.startswith("Q"):
        return f"Quý {('I', 'II', 'III', 'IV')[int(part[1]) - 1]} năm {year}"
    return f"Tháng {part} năm {year}" if len(part) == 2 else ""


def _said(approved: Approved) -> str:
    text = f"Duyệt lúc {approved.at:%H:%M ngày %d/%m/%Y}"
    return f"{text}, đính chính lần {approved.revision - 1}: {approved.reason}" if approved.revision > 1 else text
