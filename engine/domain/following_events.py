"""Facts about what applicants do while they follow a case: amending it, choosing how it is returned, rating it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationAmended(Event):
    """Answers of the application were changed where a supplement asked for it; the old ones stay in `changes`."""

    tag = "application:amended"
    key: str  # the task that asked for it
    changes: tuple[Mapping[str, Any], ...]  # path, before, after; None where there was, or is, no answer
    application: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged(Event):
    """The result shall reach the applicant another way, or at another address."""

    tag = "delivery:changed"
    before: str
    after: str
    address: Mapping[str, Any] = field(default_factory=dict)  # of the post: name, phone, address; else empty


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRated(Event):
    """The applicant says how it was: 1 (very bad) to 5 (very good)."""

    tag = "case:rated"
    score: int
    comment: str
