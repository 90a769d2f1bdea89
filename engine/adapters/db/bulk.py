"""Many rows at once, for benches: rows that the projections made, and copies of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from engine.adapters.db import projections, tables
from engine.adapters.db.connection import saving
from engine.adapters.db.outage import patience
from engine.adapters.db.store import SqlStore
from engine.domain.case import Case

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :copies)"
PREFIX = {"postgresql": "lpad(to_hex(n), 8, '0')", "sqlite": "printf('%08x', n)"}
OTHER_DAY = "substr({0}, 1, 14) || cast(250000 + n AS varchar(12)) || substr({0}, 21)"  # of a code, or what begins so
FAR = "9999-01-01"  # what comes later has no date
LATER = {
    "postgresql": f"CASE WHEN {{0}} < '{FAR}' THEN {{0}} + n * 7919 % 500000 * interval '1 minute' ELSE {{0}} END",
    "sqlite": "{0}",
}


@patience()
def put_cases(store: SqlStore, cases: Sequence[Case]) -> None:
    """Write the case and projection rows of cases that have no history here."""
    with saving(store.engine) as connection:
        connection.execute(insert(tables.CASE), [projections.case_row(case) for case in cases])
        _put_open(connection, cases)


@patience()
def put_open(store: SqlStore, cases: Sequence[Case]) -> None:
    """Write the projection rows alone."""
    with saving(store.engine) as connection:
        _put_open(connection, cases)


def _put_open(connection: Any, cases: Sequence[Case]) -> None:
    for table, rows_of in projections.PROJECTIONS:
        rows = [row for case in cases for row in rows_of(case)]
        if rows:
            connection.execute(insert(table), rows)


@patience()
def multiply(store: SqlStore, table_name: str, copies: int) -> None:
    """Copy every row of a table of open things so often; each copy belongs to a case, a code and (PostgreSQL) a day of
    its own, as the codes of a house go: office, day, number of the day."""
    table = tables.metadata.tables[table_name]
    with saving(store.engine) as connection:
        prefix, later = PREFIX[connection.dialect.name], LATER[connection.dialect.name]
        changed = {
            "case_id": f"{prefix} || substr(case_id, 9)",
            "case_code": OTHER_DAY.format("case_code"),
            "search_text": OTHER_DAY.format("search_text"),
            "words": OTHER_DAY.format("words"),
            "due_at": later.format("due_at"),
            "order_at": later.format("order_at"),
        }
        names = [f'"{column.name}"' for column in table.columns]
        values = [changed.get(column.name, f'"{column.name}"') for column in table.columns]
        query = f"INSERT INTO {table_name} ({', '.join(names)}) {NUMBERS} SELECT {', '.join(values)}"
        connection.execute(text(f"{query} FROM {table_name} CROSS JOIN numbers"), {"copies": copies})


@patience()
def empty(store: SqlStore, *table_names: str) -> None:
    """Take all rows of these tables away."""
    with saving(store.engine) as connection:
        for name in table_names:
            connection.execute(delete(tables.metadata.tables[name]))


@patience()
def count_rows(store: SqlStore, table_name: str) -> int:
    """How many rows a table has."""
    with store.reading() as connection:
        found = connection.execute(select(func.count()).select_from(tables.metadata.tables[table_name]))
        return int(found.scalar_one())


@patience()
def bring_forward(store: SqlStore, unit: str, dues: Sequence[tuple[str, str, datetime]]) -> None:
    """Let timers (case id, key) of a unit fall due at other instants than their diagrams said."""
    own = tables.TIMER.c
    with saving(store.engine) as connection:
        for case_id, key, due in dues:
            moved = update(tables.TIMER).where(own.unit == unit, own.case_id == case_id, own.key == key)
            connection.execute(moved.values(run_at=due))


@patience()
def waiting_timers(store: SqlStore, prefix: str) -> int:
    """How many timers of cases with such ids fall due within the next day, or are late."""
    own = tables.TIMER.c
    soon = datetime.now(UTC) + timedelta(days=1)
    query = select(func.count()).where(own.run_at < soon, own.case_id.startswith(prefix))
    with store.reading() as connection:
        return int(connection.execute(query).scalar_one())


@patience()
def analyze(store: SqlStore) -> None:
    """Let the database learn how its tables look, as it does by itself after a while."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")
