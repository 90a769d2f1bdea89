"""Connections: the settings each database needs, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import StaticPool

from engine.domain.errors import StaleVersionError

LOST_RACES = frozenset({"40001", "40P01", "23505", "55P03"})  # serialisation, deadlock, unique key, lock not available
BUSY_MS = 10_000


def connect(url: str) -> Engine:
    """An engine for the address: sqlite:////file, sqlite:// (memory) or postgresql://…"""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, memory=parsed.database in (None, "", ":memory:"))
    if parsed.get_backend_name() != "postgresql":
        raise ValueError(f"the database must be sqlite or postgresql, not {parsed.get_backend_name()}")
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        connect_args={"connect_timeout": 5, "application_name": "motcua"},
    )


def _sqlite(url: str, *, memory: bool) -> Engine:
    shared: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(url, connect_args={"check_same_thread": False}, **shared)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    """The driver's own transaction handling does not roll back table changes and begins too late: it is switched off."""
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_MS}", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def race_is_refusal() -> Iterator[None]:
    """Turn a database's word for a lost race into StaleVersionError; everything else passes."""
    try:
        yield
    except IntegrityError as error:
        raise StaleVersionError() from error
    except OperationalError as error:
        code = getattr(error.orig, "sqlstate", None)
        if code in LOST_RACES or "database is locked" in str(error.orig):
            raise StaleVersionError() from error
        raise
