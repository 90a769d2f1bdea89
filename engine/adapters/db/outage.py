"""A database that is gone, full, starting or silent: that becomes a refusal, and nobody waits for it for long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from engine.domain.errors import DatabaseBusyError, DatabaseUnavailableError

RV = TypeVar("RV")
ANSWER_SECONDS = 6.0  # longer than the server lets a statement wait for a lock
# connection gone, out of disk or memory or connections, shut down or cancelled, disk errors
DOWN_POSTGRES = ("08", "53", "57", "58")
DOWN_SQLITE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
BUSY_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")
_PATIENT: ContextVar[bool] = ContextVar("patient", default=False)
LOCK_NOT_FREE, IDLE_TOO_LONG = "55P03", "25P03"


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that gives up on a server which is reached but says nothing: frozen, or behind a dead router."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """The answer to one round trip; OperationalError, and the connection closed, after ANSWER_SECONDS."""
        try:
            limit = None if _PATIENT.get() else ANSWER_SECONDS
            return super().wait(gen, interval, limit if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # what it still says would be misread
                self.pgconn.finish()
            raise


@contextmanager
def patience() -> Iterator[None]:
    """Meanwhile an answer may take as long as it takes: for work on whole tables. Also a decorator."""
    token = _PATIENT.set(True)
    try:
        yield
    finally:
        _PATIENT.reset(token)


@contextmanager
def outage_is_refusal() -> Iterator[None]:
    """Turn a database's failure to serve into DatabaseUnavailableError; mistakes of ours pass as they are."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError(reason="no connection became free") from error
    except DBAPIError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(error: DBAPIError) -> DatabaseUnavailableError | None:
    """What to tell people when the database, and not the statement, is to blame; `reason` is for the log."""
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", None) or ""
    if state == LOCK_NOT_FREE or name.startswith(BUSY_SQLITE):
        return DatabaseBusyError(reason=_first_line(error.orig))
    if error.connection_invalidated or state == IDLE_TOO_LONG or name.startswith(DOWN_SQLITE) or _lost(error, state):
        return DatabaseUnavailableError(reason=_first_line(error.orig))
    return None


def _lost(error: DBAPIError, state: str | None) -> bool:
    """psycopg has no code for a server that could not be reached."""
    if not isinstance(error, OperationalError) or not isinstance(error.orig, psycopg.Error):
        return False
    return state is None or state.startswith(DOWN_POSTGRES)


def _first_line(error: BaseException | None) -> str:
    """Later lines of a driver's error may hold the values it was given."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
