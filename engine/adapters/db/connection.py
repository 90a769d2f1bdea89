"""Connections: the settings each database needs, and what its refusals mean."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError

from engine.adapters.db.outage import ImpatientConnection, outage_is_refusal
from engine.domain.errors import DatabaseBusyError, StaleVersionError

# serialisation, deadlock, unique key; a division by zero is how a save says that the row it guards has moved on
POSTGRES_RACES = frozenset({"40001", "40P01", "23505", "22012"})
SQLITE_RACES = ("SQLITE_BUSY_SNAPSHOT", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")
BUSY_MS = 10_000
REST_SECONDS = 1.0
READING: dict[str, Any] = {"reading": True}
PLANNING: Mapping[str, dict[str, Any]] = {"postgresql": {}, "sqlite": {"reading": True}}
FOR_THIS_TRANSACTION = (
    "SELECT set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true),"
    " set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
# A process that froze in mid-transaction must not hold a case for ever: who waits gives up, who idles is cut off.
# The same for one that vanished without a word: the server asks after it.
PATIENCE = (
    "-c lock_timeout=4s -c idle_in_transaction_session_timeout=20s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
# A network that swallows everything shows within seconds, not after the kernel's two hours.
REACH: dict[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 6000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
POOL: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20, "pool_timeout": 5}
_ENGINES: WeakSet[Engine] = WeakSet()
_GATES: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()  # SQLite lets one write; its own waiting starves some


def connect(url: str) -> Engine:
    """An engine for sqlite:////file or postgresql://…; ValueError for anything else, a database in memory included."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        engine = _sqlite(url, parsed.database or "")
    elif kind == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={**REACH, "application_name": "motcua", "options": PATIENCE},
            isolation_level="AUTOCOMMIT",
            **POOL,
        )
        event.listen(engine, "begin", _begin_postgres)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", ask_after_rest)
        event.listen(engine, "do_connect", _connect_impatiently)
    else:
        raise ValueError(f"the database must be sqlite or postgresql, not {kind}")
    _ENGINES.add(engine)
    return engine


def _connect_impatiently(_dialect: Any, _record: Any, arguments: Any, named: Any) -> ImpatientConnection:
    return ImpatientConnection.connect(*arguments, **named)


def _sqlite(url: str, file: str) -> Engine:
    if file in ("", ":memory:") or "mode=memory" in url:
        raise ValueError(
            "SQLite needs a file, sqlite:////path/file.db: in memory every connection has a database of its own"
        )
    engine = create_engine(url, connect_args={"check_same_thread": False}, **POOL)
    _GATES[engine] = Lock()
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    """The driver's own transactions begin too late and do not roll back table changes: they are switched off."""
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")  # patience first: to change the journal takes a lock
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    """The driver's own transactions are switched off: a single statement needs none, and would pay for two."""
    options = connection.get_execution_options()
    if not options.get("reading") and options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN")


def _note_rest(_raw: Any, record: Any) -> None:
    record.info["resting"] = monotonic()


def ask_after_rest(raw: Any, record: Any, _proxy: Any) -> None:
    """A connection that was in use a moment ago is there; one that has rested is asked, and replaced when gone."""
    if monotonic() - record.info.get("resting", 0.0) < REST_SECONDS:
        return
    try:
        raw.execute("")
    except Exception as error:
        raise DisconnectionError() from error


def _forget_parents_connections() -> None:
    """A forked child must not talk on its parent's connections; they stay open there."""
    for engine in list(_ENGINES):
        engine.dispose(close=False)
        if engine in _GATES:
            _GATES[engine] = Lock()  # whoever held it did not come along


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents_connections)


@contextmanager
def writing(engine: Engine, *, hopeful: bool = False) -> Iterator[Connection]:
    """A write transaction, rolled back unless committed; where only one may write, our own threads take turns.

    Hopeful, and on PostgreSQL: none is begun before the toolkit, or somebody, asks for it.
    """
    gate = _GATES.get(engine)
    if gate is not None and not gate.acquire(timeout=BUSY_MS / 1000):
        raise DatabaseBusyError()
    try:
        with outage_is_refusal(), engine.connect() as connection:
            if gate is not None or not hopeful:
                with race_is_refusal():
                    connection.begin()
            yield connection
    finally:
        if gate is not None:
            gate.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads; on PostgreSQL every statement is a transaction of its own, as it would see
    the newest commits in one transaction, too."""
    with outage_is_refusal(), engine.connect().execution_options(**READING) as connection:
        yield connection


@contextmanager
def asking(engine: Engine) -> Iterator[Connection]:
    """The same for `direct` alone, which begins nothing."""
    if engine in _GATES:
        with reading(engine) as connection:
            yield connection
        return
    with outage_is_refusal(), engine.connect() as connection:
        yield connection


@contextmanager
def planning(engine: Engine, seconds: float) -> Iterator[Connection]:
    """A connection that only reads and whose plans are made for the values at hand, never by reading whole tables;
    PostgreSQL cancels (SQLSTATE 57014) a statement that takes longer. On SQLite like any other that reads."""
    with outage_is_refusal(), engine.connect().execution_options(**PLANNING[engine.dialect.name]) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(FOR_THIS_TRANSACTION, (f"{seconds}s",))
        yield connection


@contextmanager
def saving(engine: Engine) -> Iterator[Connection]:
    """A write transaction that is committed at the end; a lost race is StaleVersionError."""
    with race_is_refusal(), writing(engine) as connection:
        yield connection
        connection.commit()


@contextmanager
def at_once(engine: Engine) -> Iterator[Connection]:
    """For one statement by `direct` that writes and is its own transaction; a lost race is StaleVersionError."""
    if engine in _GATES:
        with saving(engine) as connection:
            yield connection
        return
    with race_is_refusal(), asking(engine) as connection:
        yield connection


@contextmanager
def saving_in_turn(engine: Engine, name: str) -> Iterator[Connection]:
    """As `saving`, one at a time for all who work under this name; SQLite lets one write anyway."""
    with saving(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        yield connection


@contextmanager
def race_is_refusal() -> Iterator[None]:
    """Turn a database's word for a lost race into StaleVersionError; everything else passes."""
    try:
        yield
    except DBAPIError as error:
        if _lost_race(error.orig):
            raise StaleVersionError() from error
        raise


def _lost_race(error: Any) -> bool:
    name = getattr(error, "sqlite_errorname", None) or ""
    return getattr(error, "sqlstate", None) in POSTGRES_RACES or name.startswith(SQLITE_RACES)
