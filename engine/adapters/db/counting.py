"""Rows that count: the first time makes the row, every later one adds to it, however many processes count at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.engine import Engine

from engine.adapters.db.connection import saving
from engine.domain.errors import StaleVersionError


def count(engine: Engine, table: Table, key: Mapping[str, Any], last: Mapping[str, Any]) -> None:
    """Add one to `times` of the row under `key`, and keep what was `last`; each try is a transaction of its own."""
    mine = [table.c[name] == value for name, value in key.items()]
    more = update(table).where(*mine).values(times=table.c.times + 1, **last)
    with saving(engine) as connection:
        if connection.execute(more).rowcount:
            return
    try:
        with saving(engine) as connection:
            connection.execute(insert(table).values(**key, **last, times=1))
    except StaleVersionError:  # another one was first
        with saving(engine) as connection:
            connection.execute(more)
