"""What everybody may know about a month: sums alone, and no part of a sum that is small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.domain import timeliness
from engine.domain.calendar import WorkingCalendar
from engine.domain.case_facts import CaseFacts
from engine.domain.report_rules import ReportRules


def month_figures(
    cases: Sequence[CaseFacts], span: tuple[datetime, datetime], calendar: WorkingCalendar, rules: ReportRules
) -> dict[str, Any]:
    """{received, solved, in_time, overdue, rated, satisfied, fields} over a span of cases that were there in it.

    `overdue`: open beyond their term at its end. Parts (in_time, satisfied, a field's numbers) are None where what they
    are part of is smaller than the rules allow.
    """
    start, end = span
    fields = sorted({x.field for x in cases})
    parts = {name: _numbers([x for x in cases if x.field == name], start, end, calendar) for name in fields}
    whole = _numbers(cases, start, end, calendar)
    rated = [score for x in cases if (score := _rated(x, start, end)) is not None]
    return {
        **whole,
        "in_time": whole["in_time"] if whole["solved"] >= rules.least else None,
        "rated": len(rated),
        "satisfied": sum(x >= rules.satisfied_from for x in rated) if len(rated) >= rules.least else None,
        "fields": _told_apart(parts, rules.least),
    }


def _numbers(cases: Sequence[CaseFacts], start: datetime, end: datetime, calendar: WorkingCalendar) -> dict[str, int]:
    solved = [x for x in cases if x.was_solved(end) and not x.was_solved(start)]
    still = [x for x in cases if x.was_received(end) and not x.was_solved(end)]
    return {
        "received": sum(x.was_received(end) and not x.was_received(start) for x in cases),
        "solved": len(solved),
        "in_time": sum(timeliness.of_solved(x, calendar) != "late" for x in solved),
        "overdue": sum(timeliness.of_open(x, end) == "over" for x in still),
    }


def _told_apart(parts: Mapping[str, Mapping[str, int]], least: int) -> dict[str, dict[str, int]]:
    """Fields with numbers large enough, and only so many of them that what is left out together is large enough too:
    else it could be had by taking what is shown from the whole."""
    wanted = ("received", "solved", "in_time")
    large = [name for name, x in parts.items() if all(x[one] >= least for one in wanted[:2])]
    shown = sorted(large, key=lambda name: (-parts[name]["received"], name))
    while shown and any(0 < _left(parts, shown, one) < least for one in wanted[:2]):
        shown.pop()
    return {name: {one: parts[name][one] for one in wanted} for name in sorted(shown)}


def _left(parts: Mapping[str, Mapping[str, int]], shown: Sequence[str], number: str) -> int:
    return sum(x[number] for name, x in parts.items() if name not in shown)


def _rated(facts: CaseFacts, start: datetime, end: datetime) -> int | None:
    return next((one.score for one in reversed(facts.ratings) if start <= one.at < end), None)
