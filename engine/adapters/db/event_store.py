"""The append-only history in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from engine.adapters.db.batch import Batch
from engine.adapters.db.tables import EVENT
from engine.domain.codec import event_data, event_from
from engine.domain.errors import StaleVersionError
from engine.domain.events import Recorded

SHARED = ("unit", "stream", "at", "at_zone", "actor", "on_behalf_of", "cause")  # by what one actor does in a command


def append(batch: Batch, events: Sequence[Recorded]) -> None:
    """Add the links; a sequence number that is taken is an IntegrityError when the batch runs."""
    for values, rows in groupby([event_row(link) for link in events], key=_shared):
        shared = dict(zip(SHARED, values, strict=True))
        batch.append(EVENT, shared, [{name: row[name] for name in row if name not in shared} for row in rows])


def _shared(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple([row[name] for name in SHARED])


def read(connection: Connection, stream: str, after: int, until: int | None) -> list[Recorded]:
    """The links of a stream with after < seq <= until, in order."""
    query = select(EVENT).where(EVENT.c.stream == stream, EVENT.c.seq > after).order_by(EVENT.c.seq)
    if until is not None:
        query = query.where(EVENT.c.seq <= until)
    return [_link(row) for row in connection.execute(query)]


def check_newest(connection: Connection, unit: str, stream: str, version: int) -> None:
    """StaleVersionError when the history ends elsewhere than at `version`."""
    query = select(func.max(EVENT.c.seq)).where(EVENT.c.unit == unit, EVENT.c.stream == stream)
    newest = connection.execute(query).scalar()
    if newest != version:
        raise StaleVersionError(seen=version, version=newest)


def event_row(link: Recorded) -> dict[str, Any]:
    """The row of a link."""
    return {
        "unit": link.unit,
        "stream": link.stream,
        "seq": link.seq,
        "tag": link.event.tag,
        "version": link.event.version,
        "at": link.at,
        "at_zone": link.at.strftime("%z"),
        "actor": link.actor,
        "on_behalf_of": link.on_behalf_of,
        "cause": link.cause,
        "data": event_data(link.event) if link.text is None else link.text,
        "prev_hash": link.prev_hash,
        "hash": link.hash,
    }


def _link(row: Row[Any]) -> Recorded:
    return Recorded(
        row.stream,
        row.seq,
        row.unit,
        _in_zone(row.at, row.at_zone),
        row.actor,
        row.on_behalf_of,
        row.cause,
        event_from(row.tag, row.version, row.data),
        row.prev_hash,
        row.hash,
    )


def _in_zone(at: datetime, offset: str) -> datetime:
    """The instant with the offset it was recorded with: the hash covers its text."""
    sign = -1 if offset.startswith("-") else 1
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5])) * sign
    return at.astimezone(timezone(shift))
