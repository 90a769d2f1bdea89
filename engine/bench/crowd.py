"""Many cases made from one: the same process and form, other people and other days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.domain.case import Case, Task

EVERY = 20  # one task of so many is held by somebody
FIRST_NUMBER = 2000  # of the day, in their codes: before it are those that were filed in earnest
UNDATED = 7  # one of so many has no date
ASIDE = 50  # one of so many is set aside for a while
SELDOM = 97  # one of so many belongs to a procedure that is rarely asked for
RARE = "0.000000"


def crowd(case: Case, count: int, *, people: Sequence[str], now: datetime) -> list[Case]:
    """`count` cases as the given one stands, each with its own id, code and applicant."""
    made = []
    for number in range(count):
        applicant = {**case.applicant, "name": people[number % len(people)], "phone": f"09{number:08d}"}
        made.append(
            replace(
                case,
                id=f"{0:08x}{number:08x}{case.id[16:]}",
                code=f"{case.code[:-4]}{FIRST_NUMBER + number}",
                applicant=applicant,
                submitted_at=now - timedelta(minutes=number),
                procedure=RARE if number % SELDOM == 3 else case.procedure,
            )
        )
    return made


def queued(cases: Sequence[Case], groups: Sequence[str], now: datetime) -> list[Case]:
    """The same cases with one task each, spread over groups, days and holders."""
    return [replace(case, tasks=_task(case, number, groups, now), timers={}) for number, case in enumerate(cases)]


def _task(case: Case, number: int, groups: Sequence[str], now: datetime) -> Mapping[str, Task]:
    first = next(iter(case.tasks.values()))
    due: datetime | None = now + timedelta(minutes=30 * (number - 300))
    changes: dict[str, Any] = {
        "groups": (groups[number % len(groups)],),
        "assignee": f"bench-{groups[number % len(groups)]}" if number % EVERY == 0 else None,
        "due": None if number % UNDATED == 0 else due,
        "follow_up": now + timedelta(days=1000) if number % ASIDE == 1 else None,
    }
    return {first.key: replace(first, **changes)}


def names(plan: Mapping[str, Any]) -> list[str]:
    """Every last name with every first name."""
    return [f"{last} {first}" for last in plan["last_names"] for first in plan["first_names"]]
