"""What the catalog sets for reports: the cut day, words of the form, what is published, and the score's scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.score import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRules:
    """`least`: a number of cases below it is not broken down on the public page; see catalog/_shared/reports.toml."""

    cut_day: int = 15
    form: Mapping[str, str] = field(default_factory=dict)  # form, title, basis, unit_of_count of II.06a
    least: int = 5
    months: int = 12
    satisfied_from: int = 4
    disliked_at_most: int = 2
    assured_from: int = 2
    scheme: Scheme
