"""Addresses of databases, and what their refusals mean."""

from __future__ import annotations

import sqlite3
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError

from engine.adapters.db.connection import REST_SECONDS, ask_after_rest, connect, race_is_refusal
from engine.domain.errors import StaleVersionError


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_sqlite_in_memory_is_refused_since_threads_would_not_see_each_other(url: str) -> None:
    with pytest.raises(ValueError, match="file"):
        connect(url)


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        connect("mysql://x/y")


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_means_psycopg_three(url: str) -> None:
    assert connect(url).url.drivername == "postgresql+psycopg"


class PostgresSaidError(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def sqlite_said(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


LOST = [*map(PostgresSaidError, ("40001", "40P01", "23505"))]
LOST_LITE = [*map(sqlite_said, ("SQLITE_BUSY_SNAPSHOT", "SQLITE_CONSTRAINT_PRIMARYKEY"))]
MISTAKES = [PostgresSaidError("23502"), PostgresSaidError("57P01"), sqlite_said("SQLITE_CONSTRAINT_NOTNULL")]


@pytest.mark.parametrize("said", [*LOST, *LOST_LITE], ids=repr)
@pytest.mark.parametrize("kind", [IntegrityError, OperationalError])
def test_a_lost_race_is_a_refusal(kind: Any, said: Exception) -> None:
    with pytest.raises(StaleVersionError), race_is_refusal():
        raise kind("UPDATE", {}, said)


@pytest.mark.parametrize("said", [*MISTAKES, sqlite3.OperationalError("no such table")], ids=repr)
@pytest.mark.parametrize("kind", [IntegrityError, OperationalError])
def test_a_mistake_of_ours_is_not_taken_for_a_lost_race(kind: Any, said: Exception) -> None:
    with pytest.raises(kind), race_is_refusal():
        raise kind("UPDATE", {}, said)


class Line:
    """A driver's connection that notes what it is asked, and may be gone."""

    def __init__(self, gone: bool = False) -> None:
        self.asked = 0
        self.autocommit = False
        self.gone = gone

    def execute(self, _query: str) -> None:
        self.asked += 1
        if self.gone:
            raise OSError("the line is dead")


def rested(seconds: float) -> Any:
    return SimpleNamespace(info={"resting": monotonic() - seconds})


def test_a_connection_is_asked_whether_it_is_there_only_after_a_rest() -> None:
    line = Line()
    ask_after_rest(line, rested(REST_SECONDS / 2), None)
    assert line.asked == 0
    ask_after_rest(line, rested(REST_SECONDS * 2), None)
    assert (line.asked, line.autocommit) == (1, False)
    ask_after_rest(line, SimpleNamespace(info={}), None)
    assert line.asked == 2


def test_a_connection_that_died_while_it_rested_is_replaced() -> None:
    with pytest.raises(DisconnectionError):
        ask_after_rest(Line(gone=True), rested(REST_SECONDS * 2), None)
