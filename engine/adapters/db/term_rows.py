"""The projection of terms: one row for each case whose term runs now, none while it is paused or over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.domain.case import Adjustment, Case
from engine.domain.deadline import MOVES

APOLOGY = "apology"  # kind of form 04 among the papers of a case
BEGINS = ("started", "restarted", "resumed", *MOVES)  # from each of these on thresholds count anew


def term_rows(case: Case, applicant_name: str) -> list[dict[str, Any]]:
    """The row of the case."""
    term = case.deadline
    if term is None or case.ended or term.finished_at is not None or term.paused_at is not None:
        return []
    begun = _last(term.adjustments, BEGINS)
    moved = _last(term.adjustments, MOVES)
    numbers = [str(slip["number"]) for slip in case.receipts if slip["kind"] == APOLOGY]
    return [
        {
            "unit": case.unit,
            "case_id": case.id,
            "case_code": case.code,
            "procedure": case.procedure,
            "applicant_name": applicant_name,
            "due_at": term.due,
            "since_at": begun.at if begun else term.started_at,
            "moved": moved.kind if moved else "",
            "apology": numbers[-1] if numbers else "",
            "apologised": term.extended,
        }
    ]


def _last(adjustments: Sequence[Adjustment], kinds: tuple[str, ...]) -> Adjustment | None:
    return next((one for one in reversed(adjustments) if one.kind in kinds), None)
