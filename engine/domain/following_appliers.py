"""How what applicants do while they follow a case folds into its state."""

from __future__ import annotations

from datetime import datetime

from engine.domain import following_events as events
from engine.domain.case import Case
from engine.domain.records import replace


def amended(case: Case, e: events.ApplicationAmended, at: datetime) -> Case:
    """The application as it is now; what it was is told by history."""
    return replace(case, application=e.application, documents=e.documents)


def delivery_changed(case: Case, e: events.DeliveryChanged, at: datetime) -> Case:
    """The newest wish counts."""
    return replace(case, delivery=e.after, delivery_address=e.address)


def rated(case: Case, e: events.CaseRated, at: datetime) -> Case:
    """The newest rating counts; since when there is one stays."""
    first = case.rating["first_at"] if case.rating else at
    return replace(case, rating={"score": e.score, "comment": e.comment, "at": at, "first_at": first})
