"""What a database says when it cannot serve, told apart from what it says of our mistakes."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
import pytest
from psycopg import errors as said_by
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from engine.adapters.db.outage import outage_is_refusal, refusal_of
from engine.domain.errors import DatabaseBusyError, DatabaseUnavailableError


def sqlite_said(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


DOWN: list[Any] = [
    psycopg.OperationalError("connection failed"),
    said_by.AdminShutdown("terminating connection due to administrator command"),
    said_by.CannotConnectNow("the database system is starting up"),
    said_by.TooManyConnections("sorry, too many clients already"),
    said_by.DiskFull("could not extend file"),
    said_by.IdleInTransactionSessionTimeout("terminating connection"),
    *map(sqlite_said, ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_CANTOPEN", "SQLITE_READONLY_DBMOVED")),
]
BUSY: list[Any] = [said_by.LockNotAvailable("canceling statement due to lock timeout"), sqlite_said("SQLITE_BUSY")]
OURS: list[Any] = [
    said_by.UndefinedTable("relation does not exist"),
    said_by.NumericValueOutOfRange("integer out of range"),
    said_by.InvalidPassword("password authentication failed"),
    sqlite_said("SQLITE_ERROR"),
    sqlite_said("SQLITE_CONSTRAINT_NOTNULL"),
]


@pytest.mark.parametrize("said", DOWN, ids=repr)
def test_a_database_that_cannot_serve_is_a_refusal(said: Exception) -> None:
    with pytest.raises(DatabaseUnavailableError) as refused, outage_is_refusal():
        raise OperationalError("SELECT 1", {}, said)
    assert not isinstance(refused.value, DatabaseBusyError)
    assert refused.value.data["reason"] == str(said)


@pytest.mark.parametrize("said", BUSY, ids=repr)
def test_data_that_others_hold_too_long_are_a_refusal_of_their_own(said: Exception) -> None:
    with pytest.raises(DatabaseBusyError), outage_is_refusal():
        raise OperationalError("UPDATE", {}, said)


@pytest.mark.parametrize("said", OURS, ids=repr)
@pytest.mark.parametrize("kind", [IntegrityError, OperationalError])
def test_a_mistake_of_ours_is_not_blamed_on_the_database(kind: type[DBAPIError], said: Exception) -> None:
    with pytest.raises(kind), outage_is_refusal():
        raise kind("UPDATE", {}, said)


def test_a_connection_that_broke_under_the_statement_is_a_refusal_whatever_was_said() -> None:
    closed = psycopg.InterfaceError("the connection is closed")
    error = OperationalError("COMMIT", {}, closed, connection_invalidated=True)
    assert isinstance(refusal_of(error), DatabaseUnavailableError)


def test_no_free_connection_is_a_refusal_and_other_errors_pass() -> None:
    with pytest.raises(DatabaseUnavailableError), outage_is_refusal():
        raise PoolTimeoutError("QueuePool limit")
    with pytest.raises(KeyError), outage_is_refusal():
        raise KeyError("x")


def test_the_reason_is_one_line_without_the_values_of_the_statement() -> None:
    error = OperationalError("INSERT", {}, psycopg.OperationalError("\n server gone \nDETAIL: Nguyễn Thị Lan"))
    refusal = refusal_of(error)
    assert refusal is not None
    assert refusal.data == {"reason": "server gone"}
