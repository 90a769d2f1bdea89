"""When a worker that has done what was due has to look again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.adapters.db.look import QUEUES
from engine.adapters.db.of_unit import of


def soonest(connection: Connection, now: datetime, unit: str | None) -> datetime | None:
    """The first instant after `now` at which a row of any kind falls due, of the unit or of all: one step into each
    index, in one statement.

    Leases are not asked for: what a worker left behind is found at a tick after its lease has run out.
    """
    firsts = [
        select(func.min(table.c.run_at)).where(table.c.run_at > now, *of(table, unit)).scalar_subquery()
        for table in QUEUES.values()
    ]
    row = connection.execute(select(*firsts)).one()
    return min((at for at in row if at is not None), default=None)
