"""Facts of units and their editions of the calendar in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from engine.adapters.db.administration import count_up, number_of, write
from engine.adapters.db.connection import saving
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import CASE
from engine.adapters.db.tables_administration import (
    CALENDAR_DAY,
    CALENDAR_EDITION,
    CALENDAR_HOURS,
    CALENDAR_YEAR,
    UNIT_FACTS,
)
from engine.domain.calendar_edition import Edition, OwnDay, OwnYear
from engine.domain.codec import dumps
from engine.domain.office_hours import OwnHours, read_written, written
from engine.domain.paper import Paper
from engine.ports.administration import Change, Facts


class SqlUnitBook:
    """Implements the UnitBook port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def facts(self) -> list[Facts]:
        """Those of all units, oldest first."""
        own = UNIT_FACTS.c
        query = select(own.unit, own.valid_from, own.facts).order_by(own.unit, own.valid_from)
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        return [Facts(unit=row.unit, valid_from=row.valid_from, facts=json.loads(row.facts)) for row in rows]

    def put_facts(self, facts: Facts, change: Change) -> None:
        """Write the facts of that day and the line of the log."""
        own, row = UNIT_FACTS.c, {"unit": facts.unit, "valid_from": facts.valid_from, "facts": dumps(dict(facts.facts))}
        with saving(self._store.engine) as connection:
            connection.execute(delete(UNIT_FACTS).where(own.unit == facts.unit, own.valid_from == facts.valid_from))
            connection.execute(insert(UNIT_FACTS).values({**row, **_by(change)}))
            write(connection, [change])

    def numbers(self) -> Mapping[str, int]:
        """The number of each unit's edition."""
        with self._store.reading() as connection:
            return {row.unit: row.number for row in connection.execute(select(CALENDAR_EDITION))}

    def edition(self, unit: str) -> Edition:
        """What a unit has added to the calendar."""
        with self._store.reading() as connection:
            return _edition(connection, unit)

    def put_edition(self, unit: str, edition: Edition, change: Change) -> None:
        """Whoever is first counts the number up; the other one finds that it has moved on."""
        with saving(self._store.engine) as connection:
            count_up(connection, CALENDAR_EDITION, unit, edition.number)
            before = _edition(connection, unit)
            for day in set(before.days) - set(edition.days):
                connection.execute(
                    delete(CALENDAR_DAY).where(CALENDAR_DAY.c.unit == unit, CALENDAR_DAY.c.day == day.day)
                )
            for day in set(edition.days) - set(before.days):
                told = {"day": day.day, "kind": day.kind, "like": day.like, "name": day.name}
                connection.execute(insert(CALENDAR_DAY).values(unit=unit, **told, **_on(day.paper), **_by(change)))
            for year in set(edition.years) - set(before.years):
                here = (CALENDAR_YEAR.c.unit == unit, CALENDAR_YEAR.c.year == year.year)
                connection.execute(delete(CALENDAR_YEAR).where(*here))
                row = {"unit": unit, "year": year.year, **_on(year.paper), **_by(change)}
                connection.execute(insert(CALENDAR_YEAR).values(row))
            _put_hours(connection, unit, before, edition, change)
            write(connection, [change])

    def open_terms(self, unit: str, since: datetime, limit: int) -> list[tuple[str, str, int, datetime]]:
        """Cases that fall due at `since` or later."""
        own = CASE.c
        query = select(own.code, own.procedure, own.procedure_version, own.due_at)
        query = query.where(own.unit == unit, own.ended.is_(False), own.due_at >= since).order_by(own.due_at, own.code)
        with self._store.reading() as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query.limit(limit))]


def _put_hours(connection: Connection, unit: str, before: Edition, after: Edition, change: Change) -> None:
    own = CALENDAR_HOURS.c
    for gone in set(before.hours) - set(after.hours):
        here = (own.unit == unit, own.valid_from == gone.valid_from)
        connection.execute(delete(CALENDAR_HOURS).where(*here))
    for new in set(after.hours) - set(before.hours):
        row = {"unit": unit, "valid_from": new.valid_from, "sessions": written(new.sessions)}
        connection.execute(insert(CALENDAR_HOURS).values({**row, **_on(new.paper), **_by(change)}))


def _edition(connection: Connection, unit: str) -> Edition:
    days = select(CALENDAR_DAY).where(CALENDAR_DAY.c.unit == unit).order_by(CALENDAR_DAY.c.day)
    years = select(CALENDAR_YEAR).where(CALENDAR_YEAR.c.unit == unit).order_by(CALENDAR_YEAR.c.year)
    hours = select(CALENDAR_HOURS).where(CALENDAR_HOURS.c.unit == unit).order_by(CALENDAR_HOURS.c.valid_from)
    return Edition(
        number=number_of(connection, CALENDAR_EDITION, unit),
        days=tuple(_day(row) for row in connection.execute(days).mappings()),
        years=tuple(OwnYear(year=row["year"], paper=_paper(row)) for row in connection.execute(years).mappings()),
        hours=tuple(_hours(row) for row in connection.execute(hours).mappings()),
    )


def _day(row: Mapping[Any, Any]) -> OwnDay:
    return OwnDay(day=row["day"], kind=row["kind"], name=row["name"], paper=_paper(row), like=row["like"])


def _hours(row: Mapping[Any, Any]) -> OwnHours:
    return OwnHours(valid_from=row["valid_from"], sessions=read_written(row["sessions"]), paper=_paper(row))


def _paper(row: Mapping[Any, Any]) -> Paper:
    return Paper(number=row["paper"], issued=row["paper_date"])


def _on(paper: Paper) -> dict[str, Any]:
    return {"paper": paper.number, "paper_date": paper.issued}


def _by(change: Change) -> dict[str, Any]:
    return {"changed_at": change.at, "changed_by": change.who}
