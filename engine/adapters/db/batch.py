"""The rows of one save in few statements: one or two on PostgreSQL, one for each table on SQLite.

The text of a statement depends on the tables and the numbers of rows alone, so the driver prepares it once. On
PostgreSQL every parameter travels as text and takes the type of its column: a value that happens to be NULL, or small,
does not make another statement of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, Table

from engine.adapters.db.direct import rows as rows_of
from engine.adapters.db.types import Instant
from engine.domain.errors import StaleVersionError

Values = Mapping[str, Any]
MOST_ROWS = 500  # in one part: databases count parameters with 16 bits
MOST_VALUES = 8_000  # in one statement of several parts, for the same reason
SEPARATOR = "\x1f"  # between values that travel as one text; JSON, names and hashes never hold it
Part = tuple[str, list[Any]]
Claim = tuple[str, Values]  # a table, and the row that has to be there still


def postgres_value(value: Any) -> Any:
    """A value as PostgreSQL reads it from text. ValueError for an instant without a zone."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return _utc(value).isoformat()
    return str(value)  # whole numbers, and True and False, which PostgreSQL reads as well


def sqlite_value(value: Any) -> Any:
    """A value as SQLite keeps it. ValueError for an instant without a zone."""
    return _utc(value).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC)


CONVERT: Mapping[str, Callable[[Any], Any]] = {"postgresql": postgres_value, "sqlite": sqlite_value}


class Batch:
    """Changes that are sent together by `run`; none of them may touch a row that another one of them touches."""

    def __init__(self, dialect: str) -> None:
        self._one = dialect == "postgresql"
        self._convert = CONVERT[dialect]
        self._mark = "%s" if self._one else "?"
        self._parts: list[Part] = []
        self._guarded: int | None = None  # the part that has to meet a row

    def insert(self, table: Table, rows: Sequence[Values]) -> None:
        """Add rows."""
        self._rows(table, rows, "")

    def add(self, table: Table, rows: Sequence[Values]) -> None:
        """Add rows but for those that are there already, by any unique key."""
        if rows:
            self._rows(table, rows, " ON CONFLICT DO NOTHING")

    def append(self, table: Table, shared: Values, rows: Sequence[Values]) -> None:
        """Add rows with these values in common; the others are whole numbers, or text that never holds SEPARATOR."""
        if not self._one:
            self.insert(table, [{**shared, **row} for row in rows])
            return
        names = tuple(rows[0])
        columns = [SEPARATOR.join(str(row[name]) for row in rows) for name in names]
        values = [self._convert(value) for value in shared.values()]
        self._parts.append((_append(table, tuple(shared), names), [*values, *columns]))

    def put(self, table: Table, rows: Sequence[Values]) -> None:
        """Add rows or replace them in place. A row that is written anew is free, and no older lease holds it."""
        if rows:
            self._rows(table, rows, _replacing(table, tuple(rows[0])))

    def _rows(self, table: Table, rows: Sequence[Values], more: str) -> None:
        for first in range(0, len(rows), MOST_ROWS):
            some, names = rows[first : first + MOST_ROWS], tuple(rows[0])
            sql = _insert(table, names, len(some), self._mark)
            self._parts.append((sql + more, [self._convert(row[name]) for row in some for name in names]))

    def remove(self, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Take rows away by their primary keys."""
        for first in range(0, len(keys), MOST_ROWS):
            some = keys[first : first + MOST_ROWS]
            sql = _delete(table, len(some), self._mark)
            self._parts.append((sql, [self._convert(value) for key in some for value in key]))

    def update(self, table: Table, row: Values, where: Values, claim: Claim | None = None) -> None:
        """Change values of the one row that is still as `where` says, if the claim, too, is; otherwise `run` raises
        StaleVersionError."""
        names = tuple(row)
        self._guarded = len(self._parts)
        sql = _update(table.name, names, tuple(where), self._mark)
        values = [*(row[name] for name in names), *where.values()]
        if claim is not None:
            sql += _existing(claim[0], tuple(claim[1]), self._mark)
            values += claim[1].values()
        self._parts.append((sql, [self._convert(v) for v in values]))

    def run(self, connection: Connection) -> None:
        """Send everything."""
        statements = list(self._statements())
        if self._one and len(statements) > 1 and not connection.in_transaction():
            connection.begin()
        for first, parts in statements:
            guarded = self._guarded - first if self._guarded is not None else None
            if self._one:
                _run_as_one(connection, parts, guarded)
                continue
            done = connection.exec_driver_sql(parts[0][0], tuple(parts[0][1]))
            if guarded == 0 and done.rowcount != 1:
                raise StaleVersionError()

    def _statements(self) -> Iterator[tuple[int, list[Part]]]:
        """The parts of each statement, with the number of its first."""
        first, size = 0, 0
        for number, (_, values) in enumerate(self._parts):
            if number > first and (not self._one or size + len(values) > MOST_VALUES):
                yield first, self._parts[first:number]
                first, size = number, 0
            size += len(values)
        if self._parts:
            yield first, self._parts[first:]


def _run_as_one(connection: Connection, parts: list[Part], guarded: int | None) -> None:
    """PostgreSQL takes all parts as one statement, over one state of the tables."""
    here = guarded if guarded is not None and 0 <= guarded < len(parts) else None
    sql = _as_one(tuple([part for part, _ in parts]), here)
    rows_of(connection, sql, [value for _, values in parts for value in values])


@lru_cache(maxsize=512)
def _as_one(parts: tuple[str, ...], guarded: int | None) -> str:
    """What is guarded comes first, and where it meets no row the whole statement fails: nothing of it is done."""
    named = [f"p{n} AS ({sql}{' RETURNING 1' if n == guarded else ''})" for n, sql in enumerate(parts)]
    met = "1" if guarded is None else f"1 / (SELECT count(*) FROM p{guarded})"
    return f"WITH {', '.join(named)} SELECT {met}"


@cache
def _insert(table: Table, names: tuple[str, ...], rows: int, mark: str) -> str:
    row = f"({', '.join([mark] * len(names))})"
    return f"INSERT INTO {table.name} ({_list(names)}) VALUES {', '.join([row] * rows)}"


@cache
def _append(table: Table, shared: tuple[str, ...], names: tuple[str, ...]) -> str:
    """One text for any number of rows; a parameter in a SELECT has to say its type."""
    values = ", ".join(f"cast(%s AS {_type(table, name)})" for name in shared)
    lists = ", ".join(f"cast(string_to_array(%s, E'\\x1f') AS {_type(table, name)}[])" for name in names)
    return f"INSERT INTO {table.name} ({_list((*shared, *names))}) SELECT {values}, more.* FROM unnest({lists}) AS more"


def _type(table: Table, name: str) -> str:
    kind = table.c[name].type
    return "timestamptz" if isinstance(kind, Instant) else "integer" if isinstance(kind, Integer) else "text"


@cache
def _replacing(table: Table, names: tuple[str, ...]) -> str:
    changes = [f'"{name}" = excluded."{name}"' for name in names if name not in table.primary_key.columns]
    if "fence" in table.c:
        changes += [f"fence = {table.name}.fence + 1", "lease_until = NULL"]
    return f" ON CONFLICT ({_list(c.name for c in table.primary_key)}) DO UPDATE SET {', '.join(changes)}"


@cache
def _delete(table: Table, rows: int, mark: str) -> str:
    names = [column.name for column in table.primary_key]
    key = f"({', '.join([mark] * len(names))})"
    return f"DELETE FROM {table.name} WHERE ({_list(names)}) IN (VALUES {', '.join([key] * rows)})"


@cache
def _update(table: str, names: tuple[str, ...], where: tuple[str, ...], mark: str) -> str:
    changes = ", ".join(f'"{name}" = {mark}' for name in names)
    return f"UPDATE {table} SET {changes} WHERE {' AND '.join(f'{name} = {mark}' for name in where)}"


@cache
def _existing(table: str, names: tuple[str, ...], mark: str) -> str:
    return f" AND EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{name} = {mark}' for name in names)})"


def _list(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in names)
