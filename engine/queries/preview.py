"""What an application would cost, before it is filed: the fee table by the same rules, binding nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain import fee
from engine.domain.errors import RuleError
from engine.domain.fee import Evaluate, FeeLine
from engine.domain.procedure import Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePreview:
    """The lines and their sum in đồng."""

    lines: tuple[FeeLine, ...]
    total: int


def fees(procedure: Procedure, context: Mapping[str, Any], evaluate: Evaluate) -> FeePreview | None:
    """The fee table over {case, application}; None when it depends on what only the desk will know."""
    try:
        lines, total = fee.assess(procedure.fees, procedure.exemptions, context, evaluate)
    except RuleError:
        return None
    return FeePreview(lines=lines, total=total)
