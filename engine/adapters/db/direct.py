"""The statements of every command, on the driver's own cursor: the toolkit costs several times their CPU."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def rows(connection: Connection, sql: str, values: Sequence[Any]) -> Sequence[Any]:
    """The rows of a statement that gives some, as tuples; its text is one of few, its parameters `%s` (SQLite: `?`).

    On PostgreSQL it is a transaction of its own unless one was begun on the connection. Errors are the toolkit's, and
    whoever listens to the engine's statements hears this one, too.
    """
    if connection.dialect.name != "postgresql":
        return connection.exec_driver_sql(sql, tuple(values)).all()
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    try:
        cursor = psycopg.RawCursor(raw)
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, sql, values, None, False)
        return cursor.execute(numbered(sql), values).fetchall()
    except psycopg.Error as error:
        if raw.closed:  # the toolkit sees for itself, and lets go of all connections of that age
            connection.exec_driver_sql("SELECT 1")
        raise DBAPIError.instance(sql, None, error, psycopg.Error, hide_parameters=True) from error


@lru_cache(maxsize=512)
def numbered(sql: str) -> bytes:
    """The same text with the server's own places for parameters, $1 and so on: the driver need not take it apart."""
    first, *others = sql.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).encode()
