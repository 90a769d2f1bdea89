"""What an application would cost, before it is filed: the fee table by the same rules, binding nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.domain import fee
from engine.domain.errors import RuleError
from engine.domain.fee import Evaluate, FeeLine
from engine.domain.procedure import Procedure
from engine.domain.unit_fees import UnitFee, charged


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePreview:
    """The lines and their sum in đồng; `later`: the day from which filing it costs another sum, and that sum."""

    lines: tuple[FeeLine, ...]
    total: int
    later: tuple[date, int] | None = None


def fees(
    procedure: Procedure, rows: Sequence[UnitFee], today: date, context: Mapping[str, Any], evaluate: Evaluate
) -> FeePreview | None:
    """The fee table over {case, application} by what the unit charges; None when it depends on what only the desk will
    know."""

    def on(day: date) -> FeePreview:
        rules = charged(procedure, rows, day)
        lines, total = fee.assess(rules, procedure.exemptions, context, evaluate)
        return FeePreview(lines=lines, total=total)

    try:
        now = on(today)
        days = sorted({row.valid_from for row in rows if row.procedure == procedure.code and row.valid_from > today})
        changed = ((day, total) for day in days if (total := on(day).total) != now.total)
        return replace(now, later=next(changed, None))
    except RuleError:
        return None
