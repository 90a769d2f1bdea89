"""SQLite under many threads of one process: writers queue up, readers never wait, nobody hears of a locked database."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import text

from engine.adapters.db import SqlAccounts, SqlStore, open_store, upgrade
from engine.domain.errors import DatabaseBusyError
from tests.support.samples import NOW, UNIT, a_case, by_key, change, job, keep
from tests.support.threads import at_once

WRITERS, SECONDS = 8, 5.0


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    upgrade(sqlite_url)
    store = open_store(sqlite_url)
    yield store
    store.close()


def test_eight_writers_for_five_seconds_never_hear_of_a_lock(store: SqlStore) -> None:
    until, slowest = time.monotonic() + SECONDS, [0.0] * WRITERS

    def write(number: int) -> int:
        case, done = keep(store, a_case(number)), 0
        while time.monotonic() < until:
            begun = time.monotonic()
            case = change(store, case, supplements=done, jobs=by_key(job("tell#1", NOW, attempt=done)))
            slowest[number] = max(slowest[number], time.monotonic() - begun)
            done += 1
        return done

    def read() -> int:
        seen = 0
        while time.monotonic() < until:
            seen += len(store.case_ids())
            store.next_due("job")
        return seen

    found = at_once([*(partial(write, n) for n in range(WRITERS)), read])
    assert not [each for each in found if isinstance(each, Exception)], found
    written = [each for each in found[:-1] if isinstance(each, int)]
    print(f"writes {sum(written)}, fewest of a thread {min(written)}, slowest {max(slowest):.2f} s")
    assert min(written) > 0, "nobody starves"
    assert len(store.case_ids()) == WRITERS


def test_reading_takes_no_write_lock_and_sees_one_moment(store: SqlStore) -> None:
    case = keep(store, a_case())
    with store.reading() as connection:
        version = text("SELECT version FROM case_file")
        assert connection.execute(version).scalar_one() == 1
        assert connection.connection.dbapi_connection.in_transaction
        change(store, case, supplements=1)  # would wait ten seconds and fail, were it locked
        assert connection.execute(version).scalar_one() == 1
    assert store.case(UNIT, case.id) != case


def test_readers_do_not_wait_for_a_writer(store: SqlStore) -> None:
    case = keep(store, a_case())
    with store.begin() as uow:
        uow.next_number(UNIT, "n")
        begun = time.monotonic()
        assert at_once([partial(store.case, UNIT, case.id)] * 4) == [case] * 4
        assert time.monotonic() - begun < 1


def test_a_connection_that_read_writes_properly_afterwards(store: SqlStore) -> None:
    for number in range(3):
        store.case_ids()
        keep(store, a_case(number))
        SqlAccounts(store).session("x", NOW)
    assert len(store.case_ids()) == 3


def test_who_waits_too_long_for_the_lock_is_refused_politely(
    store: SqlStore, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.adapters.db.connection.BUSY_MS", 50)
    hasty = open_store(sqlite_url)
    with store.begin() as uow:
        uow.next_number(UNIT, "n")
        for work in (partial(keep, hasty, a_case()), lambda: hasty.claim("job", NOW, limit=1, lease=NOW - NOW)):
            with pytest.raises(DatabaseBusyError):
                work()
    keep(hasty, a_case())
    hasty.close()


def test_every_connection_has_the_settings(store: SqlStore) -> None:
    seen, gate = [], threading.Barrier(3)

    def look() -> None:
        with store.reading() as connection:
            gate.wait(10)  # three at once: three connections
            names = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
            seen.append(tuple(connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in names))

    at_once([look] * 3)
    full = 2  # what was confirmed outlives a loss of power
    assert seen == [("wal", 1, 10_000, full)] * 3


def test_a_forked_child_reads_and_writes_on_connections_of_its_own(store: SqlStore) -> None:
    keep(store, a_case(1))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            keep(store, a_case(2))
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    keep(store, a_case(3))
    assert len(store.case_ids()) == 3
    raw = sqlite3.connect(store.engine.url.database or "")
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
