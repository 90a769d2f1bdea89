"""The desk's numbered forms (Circular 01/2018/TT-VPCP): each kind is numbered by unit and year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.commands.work import Work
from engine.domain import events
from engine.domain.events import DeadlineAdjusted

APOLOGY = "apology"


def number_of(work: Work, kind: str) -> str:
    """The next number of this kind of form, as it is printed: 0012/2022."""
    return f"{work.number(f'receipt/{kind}/{work.now.year}'):04d}/{work.now.year}"


def apologise(work: Work, moved: DeadlineAdjusted, **more: Any) -> str:
    """Form 04: whoever waits is told why, and the new date (Decree 61/2018/ND-CP, article 19); its number.

    `more`: what else its data say.
    """
    number = number_of(work, APOLOGY)
    data = {"reason": moved.reason, "due_before": _instant(moved.due_before), "due_after": _instant(moved.due_after)}
    work.add(events.ReceiptIssued(kind=APOLOGY, number=number, data={**data, **more}, by=work.actor.id))
    return number


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
