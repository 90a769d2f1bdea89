"""The rows of one save in as few statements as the database allows: one on PostgreSQL, one for each table on SQLite.

The text of a statement depends on the tables and the numbers of rows alone, so the driver prepares it once. On
PostgreSQL every parameter travels as text and takes the type of its column: a value that happens to be NULL, or small,
does not make another statement of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

from engine.domain.errors import StaleVersionError

Values = Mapping[str, Any]
MOST_ROWS, MOST_VALUES = 500, 30_000  # in one part, in one statement: databases count parameters with 16 bits
Part = tuple[str, list[Any]]


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

    def put(self, table: Table, rows: Sequence[Values]) -> None:
        """Add rows or replace them in place. A row that is written anew is free, and no older lease holds it."""
        if rows:
            self._rows(table, rows, _replacing(table, tuple(rows[0])))

    def _rows(self, table: Table, rows: Sequence[Values], more: str) -> None:
        for first in range(0, len(rows), MOST_ROWS):
            some = rows[first : first + MOST_ROWS]
            sql = _insert(table, tuple(some[0]), len(some), self._mark)
            self._parts.append((sql + more, [self._convert(value) for row in some for value in row.values()]))

    def remove(self, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Take rows away by their primary keys."""
        for first in range(0, len(keys), MOST_ROWS):
            some = keys[first : first + MOST_ROWS]
            sql = _delete(table, len(some), self._mark)
            self._parts.append((sql, [self._convert(value) for key in some for value in key]))

    def update(self, table: Table, row: Values, where: Values) -> None:
        """Change the one row that still has the values `where`; `run` raises StaleVersionError when there is none."""
        names = tuple(name for name in row if name not in table.primary_key.columns)
        self._guarded = len(self._parts)
        values = [*(row[name] for name in names), *where.values()]
        self._parts.append((_update(table.name, names, tuple(where), self._mark), [self._convert(v) for v in values]))

    def run(self, connection: Connection) -> None:
        """Send everything."""
        for first, parts in self._statements():
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
    named = [f"p{n} AS ({sql}{' RETURNING 1' if n == guarded else ''})" for n, (sql, _) in enumerate(parts)]
    here = guarded is not None and 0 <= guarded < len(parts)
    met = f"(SELECT count(*) FROM p{guarded})" if here else "1"
    values = tuple(value for _, part in parts for value in part)
    if connection.exec_driver_sql(f"WITH {', '.join(named)} SELECT {met}", values).scalar() != 1:
        raise StaleVersionError()


@cache
def _insert(table: Table, names: tuple[str, ...], rows: int, mark: str) -> str:
    row = f"({', '.join([mark] * len(names))})"
    return f"INSERT INTO {table.name} ({_list(names)}) VALUES {', '.join([row] * rows)}"


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


def _list(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in names)
