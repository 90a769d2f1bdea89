"""For everybody, month by month: received, dealt with in time, overdue, satisfaction. Kept rows, no person's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from web import access
from web.figures import blueprint
from web.house import house


@blueprint.get("/thong-ke")
@access.public
def published() -> ResponseReturnValue:
    """The last months as they were kept by night."""
    part = house().desk.figures
    kept = part.reports.kept(house().settings.unit, "month", limit=part.queries.rules.months)
    begun = [at for at, one in enumerate(kept) if one.figures["received"] or one.figures["solved"]]
    months = kept[: begun[-1] + 1] if begun else kept[:1]  # nothing is said of the time before the house began
    return render_template(
        "figures/published.html",
        months=months,
        share=share,
        least=part.queries.rules.least,
        counted_at=max((one.at for one in months), default=None),
    )


def share(figures: Mapping[str, Any], part: str, whole: str) -> str:
    """Percent with one decimal; empty where the part is not shown or there is nothing."""
    hits, total = figures.get(part), figures.get(whole)
    return f"{hits * 100 / total:.1f}" if total and hits is not None else ""
