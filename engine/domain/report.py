"""A report that was approved: its figures, what they were made from, and who vouches for them. It never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from engine.domain.codec import dumps

Kind = Literal["ii06a", "766"]
KINDS: tuple[Kind, ...] = ("ii06a", "766")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Figures that nobody has approved yet. `lines`: what they follow from, JSON types, in a fixed order."""

    unit: str
    kind: Kind
    period: str
    first: date
    last: date
    formula: str
    figures: Mapping[str, Any]
    lines: Sequence[Any] = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the period, the formula, the figures and the lines."""
        about = [self.unit, self.kind, self.period, self.first, self.last, self.formula]
        return hashlib.sha256(dumps([*about, self.figures, list(self.lines)]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A draft as it was when somebody approved it. `revision` 1 is the first, more are corrections with a reason."""

    draft: Draft
    revision: int
    digest: str
    by: str
    by_name: str
    at: datetime
    reason: str = ""

    @property
    def whole(self) -> bool:
        """Whether what is kept is still what was approved."""
        return self.draft.digest == self.digest
