"""Records of what is counted of a case, for tests of reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.case_facts import CaseFacts, Entered, Outcome, TermPoint
from engine.domain.score_basis import Basis
from tests.support.calendars import CALENDAR

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    """`2023-01-05 09:00`, local."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def facts(code: str = "A", **changes: Any) -> CaseFacts:
    """A case filed at the desk on 5 January 2023, not received yet."""
    values: dict[str, Any] = {
        "unit": "xa-mau",
        "case_id": f"id-{code}",
        "code": code,
        "version": 1,
        "procedure": "2.000635",
        "field": "Hộ tịch",
        "level": 4,
        "channel": "desk",
        "filed_at": at("2023-01-05 08:00"),
        "last_at": at("2023-01-05 08:00"),
        "paper_result": True,
        "assurance": 0,
    }
    return CaseFacts(**{**values, **changes})


def received(
    code: str = "A", when: str = "2023-01-05 09:00", due: str = "2023-01-10 17:00", **changes: Any
) -> CaseFacts:
    """A case in work."""
    begun = TermPoint(at=at(when), kind="started", due=at(due))
    return facts(code, **{"statuses": (Entered(at=at(when), status=2),), "terms": (begun,), **changes})


def solved(code: str = "A", done: str = "2023-01-10 10:00", status: int = 9, **changes: Any) -> CaseFacts:
    """A case that is done; by its term, for nothing says how timely."""
    base = received(code, **changes)
    moments = (*base.statuses, Entered(at=at(done), status=status))
    return received(code, **{**changes, "statuses": moments})


def signed(when: str, gone: str = "") -> Outcome:
    """A result that was made and signed a minute later."""
    made = at(when)
    return Outcome(at=made, document="D", signed_at=made + timedelta(minutes=1), gone_at=at(gone) if gone else None)


def basis(**changes: object) -> Basis:
    """The first quarter of 2023 with nothing in it."""
    values = {
        "start": at("2022-12-15 00:00"),
        "end": at("2023-03-15 00:00"),
        "cases": (),
        "procedures": (),
        "complaints": (),
        "calendar": CALENDAR,
        "disliked_at_most": 2,
        "assured_from": 2,
    }
    return Basis(**{**values, **changes})  # type: ignore[arg-type]  # whatever a test changes
