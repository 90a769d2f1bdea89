"""The first look of a command: the answer it may have had before, its case and its lease, in one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

from engine.adapters.db import tables
from engine.adapters.db.connection import race_is_refusal
from engine.adapters.db.direct import rows
from engine.domain.case import Case
from engine.ports import Due, Lease, Queue, Remembered

DUE_TABLES: Mapping[Due, Table] = {"timer": tables.TIMER, "job": tables.JOB, "broadcast": tables.BROADCAST}
QUEUES: Mapping[Queue, Table] = dict([*DUE_TABLES.items(), ("start", tables.START_TIMER)])
ANSWER = "LEFT JOIN command_log l ON l.unit = ? AND l.key = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case, (unit, id), as it was looked at, and whether the lease that was asked for holds it."""

    subject: tuple[str, str]
    case: Case
    lease: Lease | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look found."""

    answer: Remembered | None
    state: str
    held: bool


def look(
    connection: Connection,
    unit: str,
    key: str,
    *,
    subject: tuple[str, str] | None = None,
    lease: Lease | None = None,
    locked: bool = True,
) -> Found | None:
    """The answer kept under unit and key; with a subject (unit, case id) its state, with a lease whether it holds.

    None when there is no such case, or no row for the lease. Both are locked until the transaction ends, if wanted.
    """
    dialect = connection.dialect.name
    values: list[Any] = [unit, key]
    if subject is not None:
        values += subject
    if lease is not None:
        values.append(lease.key)
    query = _query(dialect, subject is not None, lease.kind if lease else None, locked)
    with race_is_refusal():
        row = next(iter(rows(connection, query, values)), None)
    if row is None:
        return None
    answer = Remembered(fingerprint=row[0], result=json.loads(row[1])) if row[0] is not None else None
    held = lease is not None and (row[3], _instant(row[4])) == (lease.fence, lease.until)
    return Found(answer=answer, state=row[2], held=held)


def _instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@cache
def _query(dialect: str, of_case: bool, kind: Due | None, locked: bool) -> str:
    """On PostgreSQL the rows of case and lease are locked in this order, as every writer does."""
    named, locks = "l.fingerprint, l.result, NULL", ""
    source = f"(SELECT 1 AS one) o {ANSWER}"
    where = ""
    if of_case:
        named, source, where = (
            "l.fingerprint, l.result, c.state",
            f"case_file c {ANSWER}",
            "WHERE c.unit = ? AND c.id = ?",
        )
        locks = "FOR UPDATE OF c"
    if kind is not None:
        table = DUE_TABLES[kind].name
        named += ", d.fence, d.lease_until"
        source = f"case_file c JOIN {table} d ON d.unit = c.unit AND d.case_id = c.id {ANSWER}"
        where += " AND d.key = ?"
        locks = "FOR UPDATE OF c, d"
    sql = f"SELECT {named} FROM {source} {where}"
    return f"{sql} {locks if locked else ''}".replace("?", "%s") if dialect == "postgresql" else sql


@cache
def stating(dialect: str, of_unit: bool) -> str:
    """The state of a case as text. Parameters: its id, and its unit where that is asked for."""
    sql = f"SELECT state FROM case_file WHERE id = ?{' AND unit = ?' if of_unit else ''}"
    return sql.replace("?", "%s") if dialect == "postgresql" else sql


@cache
def numbering(dialect: str) -> str:
    """The next number of a counter, whose row stays locked; no row where it is below zero, which is a closed book.

    Parameters: unit, name.
    """
    sql = (
        "INSERT INTO counter (unit, name, value) VALUES (?, ?, 1) "
        "ON CONFLICT (unit, name) DO UPDATE SET value = counter.value + 1 WHERE counter.value >= 0 RETURNING value"
    )
    return sql.replace("?", "%s") if dialect == "postgresql" else sql


# The case is locked first, as every writer does; no row when it is not as it was seen.
# Parameters: unit, id and version of the case, unit and name of the counter.
NUMBERING_OF_CASE = (
    "WITH here AS (SELECT 1 FROM case_file WHERE unit = %s AND id = %s AND version = %s FOR UPDATE) "
    "INSERT INTO counter (unit, name, value) SELECT cast(%s AS text), cast(%s AS text), 1 FROM here "
    "ON CONFLICT (unit, name) DO UPDATE SET value = counter.value + 1 WHERE counter.value >= 0 RETURNING value"
)


# The number kept under a key, or the next one of a counter, kept now; all of it, or nothing where the key came up
# meanwhile. Parameters: unit and key, unit and name of the counter, unit, key, fingerprint and instant of the answer.
RESERVING = (
    "WITH seen AS (SELECT cast(cast(result AS json) ->> 'number' AS bigint) AS value FROM command_log "
    "WHERE unit = %s AND key = %s), "
    "drawn AS (INSERT INTO counter (unit, name, value) SELECT cast(%s AS text), cast(%s AS text), 1 "
    "WHERE NOT EXISTS (SELECT 1 FROM seen) "
    "ON CONFLICT (unit, name) DO UPDATE SET value = counter.value + 1 WHERE counter.value >= 0 RETURNING value), "
    "kept AS (INSERT INTO command_log (unit, key, fingerprint, result, at) SELECT cast(%s AS text), cast(%s AS text), "
    "cast(%s AS text), '{\"number\":' || value || '}', cast(%s AS timestamptz) FROM drawn) "
    "SELECT value FROM drawn UNION ALL SELECT value FROM seen"
)


@cache
def looking(dialect: str, of_unit: bool) -> str:
    """One column for each kind: whether something of it is due and free.

    Parameters: now, twice for each kind; before them, where that is asked for, the unit.
    """
    free = f"WHERE {'unit = ? AND ' if of_unit else ''}run_at <= ? AND (lease_until IS NULL OR lease_until <= ?)"
    sql = f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {table.name} {free})' for table in QUEUES.values())}"
    return sql.replace("?", "%s") if dialect == "postgresql" else sql


@cache
def claiming(dialect: str, kind: Due, of_unit: bool, *, with_state: bool = False) -> str:
    """Parameters: the unit where that is asked for, now, now, how many at most, until when.

    A bare subquery may be run again by PostgreSQL, and take more than it should: hence WITH. The state is asked for row
    by row, so that the index of cases is used whatever the plan.
    """
    table, skip = DUE_TABLES[kind].name, " FOR UPDATE SKIP LOCKED" if dialect == "postgresql" else ""
    sql = (
        f"WITH picked AS (SELECT unit, case_id, key FROM {table} WHERE {'unit = ? AND ' if of_unit else ''}run_at <= ? "
        "AND (lease_until IS NULL OR lease_until <= ?) ORDER BY run_at, case_id, key LIMIT ?"
        f"{skip}) UPDATE {table} SET lease_until = ?, fence = fence + 1 "
        "WHERE (unit, case_id, key) IN (SELECT unit, case_id, key FROM picked) "
        "RETURNING run_at, case_id, key, unit, fence"
    )
    if with_state:
        sql += f", (SELECT state FROM case_file c WHERE c.unit = {table}.unit AND c.id = {table}.case_id)"
    return sql.replace("?", "%s") if dialect == "postgresql" else sql
