"""Projections that a release adds are filled for the cases that are there already, as the migration's last act.

A migration only makes the table: what its rows are is said by the projections of the release that migrates, once.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, insert, select

from engine.adapters.db.projections import PROJECTIONS
from engine.adapters.db.tables import CASE
from engine.adapters.db.tables_books import BOOK_NUMBER
from engine.adapters.db.tables_deadlines import TERM
from engine.domain.case_text import case_from

# which revision made the table of a projection that older cases have rows in, too
ADDED = (("0019", BOOK_NUMBER), ("0024", TERM))
AT_ONCE = 500  # cases read at a time: a house may have a million


def catch_up(connection: Connection, before: str | None, after: str | None) -> None:
    """Fill what came between these two revisions; nothing in a new house, and nothing on the way back."""
    rows_of = dict(PROJECTIONS)
    new = [table for revision, table in ADDED if before is not None and before < revision <= (after or "")]
    for state in _states(connection) if new else ():
        case = case_from(state)
        for table in new:
            if rows := rows_of[table](case):
                connection.execute(insert(table), rows)


def _states(connection: Connection) -> Iterator[str]:
    own, last = CASE.c, ""
    while found := connection.execute(
        select(own.id, own.state).where(own.id > last).order_by(own.id).limit(AT_ONCE)
    ).all():
        yield from (row.state for row in found)
        last = found[-1].id
