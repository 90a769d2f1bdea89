"""Start timers as rows: planned by deployments, claimed by workers with lease and fence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, null, or_, select, tuple_, update
from sqlalchemy import case as sql_case

from engine.adapters.db.of_unit import of
from engine.adapters.db.tables import START_TIMER
from engine.domain.errors import StaleVersionError
from engine.domain.start_timer import StartTimer
from engine.ports import StartLease

OWN = START_TIMER.c
COLUMNS = [OWN[f.name] for f in fields(StartTimer)]
KEY = (OWN.unit, OWN.procedure, OWN.element_id)


def _timer(row: Mapping[Any, Any]) -> StartTimer:
    return StartTimer(**{str(name): value for name, value in row.items()})


def planned(connection: Connection, unit: str, procedure: str) -> list[StartTimer]:
    """The start timers of a procedure in a unit, locked."""
    query = select(*COLUMNS).where(OWN.unit == unit, OWN.procedure == procedure).order_by(OWN.element_id)
    return [_timer(row._mapping) for row in connection.execute(query.with_for_update())]


def everything(connection: Connection) -> list[StartTimer]:
    """All start timers."""
    return [_timer(row._mapping) for row in connection.execute(select(*COLUMNS).order_by(*KEY))]


def held(connection: Connection, claim: StartLease) -> StartTimer | None:
    """The timer, locked, when this is still its newest claim."""
    query = select(*COLUMNS).where(OWN.unit == claim.unit, OWN.procedure == claim.procedure)
    query = query.where(OWN.element_id == claim.element_id, OWN.fence == claim.fence, OWN.lease_until == claim.until)
    row = connection.execute(query.with_for_update()).first()
    return _timer(row._mapping) if row else None


def put(connection: Connection, before: StartTimer | None, after: StartTimer) -> None:
    """Write the timer; its row is free again and no older lease holds it. StaleVersionError when it is gone."""
    if before is None:
        connection.execute(insert(START_TIMER).values(asdict(after)))
        return
    query = update(START_TIMER).where(OWN.unit == after.unit, OWN.procedure == after.procedure)
    query = query.where(OWN.element_id == after.element_id)
    values = asdict(after) | {"fence": OWN.fence + 1, "lease_until": null()}
    if connection.execute(query.values(values)).rowcount != 1:
        raise StaleVersionError()


def claim(connection: Connection, now: datetime, unit: str | None, *, limit: int, lease: timedelta) -> list[StartLease]:
    """Claim what is due, of the unit or of all; rows that others are claiming are passed over."""
    free = or_(OWN.lease_until.is_(None), OWN.lease_until <= now)
    keys = select(*KEY).where(OWN.run_at <= now, free, *of(START_TIMER, unit)).order_by(OWN.run_at, *KEY).limit(limit)
    picked = keys.with_for_update(skip_locked=True).cte("picked")
    query = (
        update(START_TIMER)
        .where(tuple_(*KEY).in_(select(picked)))
        .values(lease_until=now + lease, fence=OWN.fence + 1)
        .returning(*KEY, OWN.fence, OWN.lease_until, OWN.run_at)
    )
    rows = sorted(connection.execute(query), key=lambda r: (r.run_at, r.unit, r.procedure, r.element_id))
    return [
        StartLease(unit=r.unit, procedure=r.procedure, element_id=r.element_id, fence=r.fence, until=r.lease_until)
        for r in rows
    ]


def next_due(connection: Connection, unit: str | None) -> datetime | None:
    """When the next row falls due that no lease holds longer."""
    free = sql_case((OWN.lease_until > OWN.run_at, OWN.lease_until), else_=OWN.run_at)
    due = (OWN.run_at.is_not(None), *of(START_TIMER, unit))
    found: datetime | None = connection.execute(select(func.min(free)).where(*due)).scalar()
    return found
