"""Who acts for whom, in SQL; one mandate of a unit is written at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from engine.adapters.db.administration import write
from engine.adapters.db.connection import saving_in_turn
from engine.adapters.db.staff import officers_in
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import ACCOUNT
from engine.adapters.db.tables_mandates import MANDATE
from engine.domain.codec import dumps
from engine.domain.mandate import Mandate
from engine.domain.staffing import Officer
from engine.ports.mandates import MandateRevision

M = MANDATE.c
NAMES = tuple(each.name for each in fields(Mandate))


class SqlMandates:
    """Implements the MandateStore port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def running(self, unit: str, deputy: str, at: datetime) -> list[tuple[Mandate, Officer]]:
        """What holds for the deputy at the instant, each with its principal."""
        with self._store.reading() as connection:
            asked = {"of": unit, "who": deputy, "now": at}
            rows = connection.execute(_running(), asked).mappings().all()
        return [(_mandate(row), _principal(row)) for row in rows]

    def away(self, unit: str, at: datetime) -> list[Mandate]:
        """What holds at the instant because its principal is on leave."""
        query = select(MANDATE).where(M.unit == unit, M.held_until > at, M.starts_at <= at, M.kind == "leave")
        with self._store.reading() as connection:
            return [_mandate(row) for row in connection.execute(query.order_by(M.starts_at, M.id)).mappings()]

    def latest(self, unit: str, *, limit: int) -> list[Mandate]:
        """Those of the unit, the latest end first."""
        query = select(MANDATE).where(M.unit == unit).order_by(M.held_until.desc(), M.id.desc()).limit(limit)
        with self._store.reading() as connection:
            return [_mandate(row) for row in connection.execute(query).mappings()]

    def revise(
        self, unit: str, now: datetime, decide: Callable[[Sequence[Officer], Sequence[Mandate]], MandateRevision]
    ) -> Mandate:
        """Decide and write in the unit's turn."""
        with saving_in_turn(self._store.engine, f"mandates:{unit}") as connection:
            query = select(MANDATE).where(M.unit == unit, M.held_until > now).order_by(M.starts_at, M.id)
            open_ones = [_mandate(row) for row in connection.execute(query).mappings()]
            revision = decide(officers_in(connection, unit), open_ones)
            _put(connection, revision.mandate)
            write(connection, [revision.change])
        return revision.mandate


def _put(connection: Connection, mandate: Mandate) -> None:
    row = {name: getattr(mandate, name) for name in NAMES}
    row |= {"groups": dumps(sorted(mandate.groups)), "held_until": mandate.end}
    here = and_(M.unit == mandate.unit, M.id == mandate.id)
    if not connection.execute(update(MANDATE).where(here).values(row)).rowcount:
        connection.execute(insert(MANDATE).values(row))


@cache
def _running() -> Select[Any]:
    """Asked for every page of officers: kept, since to build it takes longer than to run it."""
    own, whose = ACCOUNT.c, and_(ACCOUNT.c.unit == M.unit, ACCOUNT.c.id == M.principal)
    columns = (own.login.label("login"), own.name.label("name"), own.groups.label("account_groups"))
    now = bindparam("now", type_=M.starts_at.type)
    query = select(MANDATE, *columns).select_from(MANDATE.join(ACCOUNT, whose))
    query = query.where(M.unit == bindparam("of"), M.deputy == bindparam("who"), M.held_until > now, M.starts_at <= now)
    return query.order_by(M.starts_at, M.id)


def _mandate(row: Mapping[Any, Any]) -> Mandate:
    return Mandate(**{**{name: row[name] for name in NAMES}, "groups": frozenset(json.loads(row["groups"]))})


def _principal(row: Mapping[Any, Any]) -> Officer:
    groups = frozenset(json.loads(row["account_groups"]))
    return Officer(id=row["principal"], unit=row["unit"], login=row["login"], name=row["name"], groups=groups)
