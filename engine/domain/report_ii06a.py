"""Form II.06a/VPCP/KSTT: how administrative procedures were dealt with, by field (TT 01/2020/TT-VPCP).

Every case of the period stands once among what came in (4 online, 5 at the desk or by post, 6 from before) and once
among what became of it (8 early, 9 on time, 10 late; 12 running within its term, 13 over it); other columns are sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain import timeliness
from engine.domain.calendar import WorkingCalendar
from engine.domain.case_facts import CaseFacts

FORMULA = "II.06a-1"
COLUMNS = tuple(range(3, 14))
SUMS: Mapping[int, tuple[int, ...]] = {3: (4, 5, 6), 7: (8, 9, 10), 11: (12, 13)}
SOLVED = {"early": 8, "on_time": 9, "late": 10}
OPEN = {"within": 12, "over": 13}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A case in the report: its field, the column of its coming (4, 5, 6) and of what became of it (8-10, 12, 13).

    The instants are those it was placed by, as far as the period knows them.
    """

    code: str
    case_id: str
    field: str
    came: int
    became: int
    received_at: datetime
    solved_at: datetime | None
    due: datetime | None

    def stands_in(self, column: int) -> bool:
        """Whether the case is counted in a column, 3 to 13."""
        parts = SUMS.get(column, (column,))
        return self.came in parts or self.became in parts or column == 3


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of a field (of all, where it is empty) by column, 3 to 13."""

    field: str
    numbers: Mapping[int, int]


def place(facts: CaseFacts, start: datetime, end: datetime, calendar: WorkingCalendar) -> Line | None:
    """Where a case stands in the report over start <= at < end; None where it does not."""
    received = facts.received_at
    if received is None or received >= end or facts.was_solved(start):
        return None
    came = 6 if facts.was_received(start) else 4 if facts.channel == "online" else 5
    done, term = facts.was_solved(end), facts.term(end)
    became = SOLVED[timeliness.of_solved(facts, calendar)] if done else OPEN[timeliness.of_open(facts, end)]
    return Line(
        code=facts.code,
        case_id=facts.case_id,
        field=facts.field,
        came=came,
        became=became,
        received_at=received,
        solved_at=facts.solved_at if done else None,
        due=term.due if term else None,
    )


def tabulate(lines: Sequence[Line]) -> list[Row]:
    """A row for each field in the order of its name, and the total last."""
    fields = sorted({line.field for line in lines})
    return [*(_row(field, [x for x in lines if x.field == field]) for field in fields), _row("", lines)]


def _row(field: str, lines: Sequence[Line]) -> Row:
    numbers = dict.fromkeys(COLUMNS, 0)
    for line in lines:
        numbers[line.came] += 1
        numbers[line.became] += 1
    for column, parts in SUMS.items():
        numbers[column] = sum(numbers[part] for part in parts)
    return Row(field, numbers)


def broken(rows: Iterable[Row]) -> list[str]:
    """The check sums of the form that do not hold: (3)=(4)+(5)+(6)=(7)+(11), (7)=(8)+(9)+(10), (11)=(12)+(13)."""
    checks = {**{column: [parts] for column, parts in SUMS.items()}, 3: [SUMS[3], (7, 11)]}
    return [
        f"{row.field or 'total'}: ({column})"
        for row in rows
        for column, sums in checks.items()
        for parts in sums
        if row.numbers[column] != sum(row.numbers[part] for part in parts)
    ]
