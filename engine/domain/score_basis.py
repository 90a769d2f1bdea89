"""What the score of QĐ 766 is made from, and what one of its formulas gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from engine.domain.calendar import WorkingCalendar
from engine.domain.case_facts import CaseFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFacts:
    """A procedure as the catalog offers it: by which ways, and whether it costs something."""

    code: str
    online: bool
    fee: bool
    pays_online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFacts:
    """A complaint or suggestion; `limit`: by when what became of it was due, `answered_at` None while it waits."""

    id: str
    case_id: str
    filed_at: datetime
    limit: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Everything over start <= at < end. `cases`: what was there in the period; thresholds are the scheme's."""

    start: datetime
    end: datetime
    cases: tuple[CaseFacts, ...]
    procedures: tuple[ProcedureFacts, ...]
    complaints: tuple[ComplaintFacts, ...]
    calendar: WorkingCalendar
    disliked_at_most: int  # a rating so low is a dislike
    assured_from: int  # so well proven an account counts as one of the national identity

    @property
    def received(self) -> tuple[CaseFacts, ...]:
        """Cases received in the period."""
        return tuple(x for x in self.cases if x.was_received(self.end) and not x.was_received(self.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many of how many, and which. `of`: cases | procedures | complaints | entered."""

    of: str
    hits: int = 0
    total: int = 0
    met: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    source: str = ""

    @property
    def share(self) -> Fraction | None:
        """Hits of total; None of nothing."""
        return Fraction(self.hits, self.total) if self.total else None
