"""Whether a case was dealt with in time, as of a moment: early, on_time, late, or still within its term or over it.

A term that stands still ends, for the comparison, where it stopped. A new appointment heals nothing. Days are compared
for what is done, the instant for what is not. Rules: NĐ 61/2018 Điều 19, TT 01/2018; see docs/figures.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from engine.domain.calendar import WorkingCalendar
from engine.domain.case_facts import CaseFacts, TermPoint

Timeliness = Literal["early", "on_time", "late"]
Running = Literal["within", "over"]


def of_solved(facts: CaseFacts, calendar: WorkingCalendar) -> Timeliness:
    """How a case that is done was dealt with; ValueError of one that is not."""
    solved = facts.solved_at
    if solved is None:
        raise ValueError(f"{facts.code} is not done")
    said = next((one.timeliness for one in facts.terms if one.timeliness and one.at <= solved), "")
    if said in ("early", "on_time", "late"):
        return said  # type: ignore[return-value]  # mypy does not narrow a text by a membership test
    last = [one for one in facts.terms if one.at <= solved and one.kind != "stopped"]
    if not last:
        return "on_time"  # it had no term
    done, promised = calendar.day_of(_stood(last[-1], solved)), calendar.day_of(last[-1].due)
    return "early" if done < promised else "on_time" if done == promised else "late"


def of_open(facts: CaseFacts, until: datetime) -> Running:
    """How a case that is not done stood at `until`."""
    term = facts.term(until)
    return "over" if term is not None and _stood(term, until) > term.due else "within"


def kept(facts: CaseFacts, until: datetime, calendar: WorkingCalendar) -> bool:
    """In time by QĐ 766, item 2.1: not late, not over its term, and more papers were asked for at most once."""
    if facts.supplements(until) > 1:
        return False
    if facts.was_solved(until):
        return of_solved(facts, calendar) != "late"
    return of_open(facts, until) == "within"


def _stood(term: TermPoint, at: datetime) -> datetime:
    return term.at if term.kind == "paused" else at
