"""The ceiling: the very same rows written by the bare driver, one commit each, by as many processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import psycopg

from engine.adapters.db import event_store, projections, tables
from engine.adapters.db.tables_notices import notice_row
from engine.adapters.db.unit_of_work import answer_row
from engine.bench.crew import Ready
from engine.bench.sample import Commit, Sample

NOTICE = "notice-id/"  # before what a notice's id is made from, for every case another
UNIT = "ceiling"  # a unit of its own: its rows are taken away afterwards

Values = dict[str, Any]
Write = tuple[str, list[Any]]  # a statement and its parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingPart:
    """What one process writes: the sample's commits, for so many cases."""

    url: str
    number: int
    cases: int
    case_id: str
    code: str
    commits: tuple[tuple[Write, ...], ...]


def parts(sample: Sample, url: str, shares: Sequence[int]) -> list[CeilingPart]:
    """One part for each process; the statements are made here, once."""
    case = sample.case
    assert case is not None
    commits = tuple(tuple(_writes(commit)) for commit in sample.commits)
    return [
        CeilingPart(url=url, number=n, cases=cases, case_id=case.id, code=case.code, commits=commits)
        for n, cases in enumerate(shares)
    ]


def _writes(commit: Commit) -> Iterator[Write]:
    """The statements that write the rows of one commit: what is inserted by one statement for each table."""
    if commit.after is not None:
        yield from _insert("event", [event_store.event_row(link) for link in commit.events])
        yield from _case(commit)
        for table, rows_of in projections.PROJECTIONS:
            old = projections.by_key(table, rows_of(commit.before)) if commit.before else {}
            new = projections.by_key(table, rows_of(commit.after))
            key = [column.name for column in table.primary_key]
            for gone in old.keys() - new.keys():
                yield from _delete(table.name, {**dict(zip(key, gone, strict=True)), "unit": UNIT})
            changed = [row for place, row in new.items() if place in old and old[place] != row]
            for row in changed:
                yield from _delete(table.name, {name: row[name] for name in key} | {"unit": UNIT})
            yield from _insert(table.name, [*(row for p, row in new.items() if p not in old), *changed])
    for answer in commit.answers:
        yield from _insert("command_log", [answer_row(answer)])
    notices = [notice_row(each) for each in commit.notices]
    yield from _insert("notice", [{**row, "id": f"{NOTICE}{row['key']}"} for row in notices])
    for _, counter in commit.numbers:
        yield (
            "INSERT INTO counter (unit, name, value) VALUES (%s, %s, 1) "
            "ON CONFLICT (unit, name) DO UPDATE SET value = counter.value + 1",
            [UNIT, counter],
        )


def _case(commit: Commit) -> Iterator[Write]:
    assert commit.after is not None
    row = {**projections.case_row(commit.after), "unit": UNIT}
    if commit.before is None:
        yield from _insert(tables.CASE.name, [row])
        return
    named = ", ".join(f"{name} = %s" for name in row)
    yield f"UPDATE case_file SET {named} WHERE unit = %s AND id = %s", [*row.values(), UNIT, row["id"]]


def _insert(table: str, rows: list[Values]) -> Iterator[Write]:
    if rows:
        names = ", ".join(f'"{name}"' for name in rows[0])
        places = f"({', '.join(['%s'] * len(rows[0]))})"
        values = [value for row in rows for value in {**row, "unit": UNIT}.values()]
        yield f"INSERT INTO {table} ({names}) VALUES {', '.join([places] * len(rows))}", values


def _delete(table: str, key: Values) -> Iterator[Write]:
    named = " AND ".join(f'"{name}" = %s' for name in key)
    yield f"DELETE FROM {table} WHERE {named}", list(key.values())


def write(part: CeilingPart, ready: Ready) -> int:
    """Write all cases of a part; how many commits that took."""
    prepared = [_renamed(part, number) for number in range(part.cases)]
    run, close = _open(part.url)
    ready()
    for turn in zip(*prepared, strict=True):  # all cases go on together, as in the engine
        for commit in turn:
            run(commit)
    close()
    return sum(len(case) for case in prepared)


def _renamed(part: CeilingPart, number: int) -> list[list[Write]]:
    """The commits for another case: its id and code of the same length stand wherever the sample's stood."""
    new_id, new_code = f"{part.number:04x}{number:012x}".rjust(32, "c"), f"C{part.number:03d}{number:06d}"
    new_code = new_code.ljust(len(part.code), "0")

    def put(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.startswith(NOTICE):
            return sha256(put(value.removeprefix(NOTICE)).encode()).hexdigest()[:32]
        named = value.replace(part.case_id, new_id).replace(part.code, new_code)
        return f"{part.number:02x}{number:06x}/{named[9:]}" if named.startswith("scenario/") else named

    return [[(sql, [put(value) for value in values]) for sql, values in commit] for commit in part.commits]


def _open(url: str) -> tuple[Callable[[list[Write]], None], Callable[[], None]]:
    """A function that writes one commit through the bare driver, and one that ends the connection."""
    if url.startswith("sqlite"):
        return _open_sqlite(unquote(url.partition("///")[2]))
    connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))

    def run(commit: list[Write]) -> None:
        for sql, values in commit:
            connection.execute(sql, values)
        connection.commit()

    return run, connection.close


def _open_sqlite(file: str) -> tuple[Callable[[list[Write]], None], Callable[[], None]]:
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")

    def run(commit: list[Write]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for sql, values in commit:
            connection.execute(sql.replace("%s", "?"), [_sqlite(value) for value in values])
        connection.execute("COMMIT")

    return run, connection.close


def _sqlite(value: Any) -> Any:
    """An instant as the columns of SQLite hold it."""
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
