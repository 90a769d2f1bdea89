"""What benches and tests ask of the database about itself: statements sent, bytes kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text

from engine.adapters.db.outage import patience
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import metadata

STATE = "SELECT avg(octet_length(state)) FROM case_file"


class StatementMeter:
    """Counts the statements sent through a store from now on; transaction control is not counted."""

    def __init__(self, store: SqlStore) -> None:
        self.sent: list[str] = []
        self._engine = store.engine
        event.listen(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.sent.append(statement)

    def stop(self) -> None:
        """Count no longer."""
        event.remove(self._engine, "before_cursor_execute", self._note)


@patience()
def table_bytes(store: SqlStore) -> dict[str, int]:
    """Bytes of each table with its indexes: PostgreSQL's own sizes, SQLite's pages."""
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            query = text("SELECT pg_total_relation_size(cast(:name AS regclass))")
            return {
                t.name: int(connection.execute(query, {"name": t.name}).scalar_one()) for t in metadata.sorted_tables
            }
        owner = (
            "SELECT coalesce(m.tbl_name, d.name), sum(d.pgsize) FROM dbstat d LEFT JOIN sqlite_master m USING (name)"
        )
        found = {str(name): int(size) for name, size in connection.execute(text(f"{owner} GROUP BY 1"))}
        return {t.name: found.get(t.name, 0) for t in metadata.sorted_tables}


@patience()
def state_bytes(store: SqlStore) -> float:
    """Mean bytes of a case's state."""
    with store.reading() as connection:
        query = STATE if connection.dialect.name == "postgresql" else STATE.replace("octet_length(", "length(")
        return float(connection.execute(text(query)).scalar() or 0)


@patience()
def event_count(store: SqlStore, tag: str) -> int:
    """How many events of a kind the histories hold."""
    with store.reading() as connection:
        query = text("SELECT count(*) FROM event WHERE tag = :tag")
        return int(connection.execute(query, {"tag": tag}).scalar_one())


@patience()
def remove_unit(store: SqlStore, unit: str) -> None:
    """Take all rows of a unit away."""
    with store.engine.begin() as connection:
        for table in metadata.sorted_tables:
            if "unit" in table.c:
                connection.execute(table.delete().where(table.c.unit == unit))
