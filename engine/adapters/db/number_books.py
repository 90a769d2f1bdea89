"""Books of numbers in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy import case as sql_case

from engine.adapters.db.connection import race_is_refusal
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import CASE, COMMAND_LOG, COUNTER
from engine.adapters.db.tables_books import BOOK_CLOSING, BOOK_NUMBER
from engine.domain.books import year_of
from engine.domain.errors import BookClosedError, NotFoundError, OpenNumbersError
from engine.ports.books import BookHead, Closing, Line

SHOWN = 5  # numbers that a refusal names
own = BOOK_NUMBER.c


class SqlNumberBooks:
    """Implements the NumberBooks port. A closed book's counter is turned below zero, where nothing draws from it."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def of(self, unit: str, year: int) -> list[BookHead]:
        """All books of a year, by name."""
        query = select(COUNTER.c.name).where(COUNTER.c.unit == unit, COUNTER.c.name.like(f"%/{year}"))
        with self._store.reading() as connection:
            names = [name for name in connection.execute(query).scalars() if year_of(name) == year]
            heads = [_head(connection, unit, name) for name in sorted(names)]
        return [head for head in heads if head]

    def head(self, unit: str, book: str) -> BookHead | None:
        """One book; None where no number was drawn from it."""
        with self._store.reading() as connection:
            return _head(connection, unit, book) if year_of(book) else None

    def lines(self, unit: str, book: str, first: int, last: int) -> list[Line]:
        """Every number from `first` to `last` that was drawn."""
        with self._store.reading() as connection:
            head = _head(connection, unit, book)
            end = min(last, head.last if head else 0)
            there = _there(connection, unit, book, (first, end))
            gaps = set(range(first, end + 1)) - there.keys()
            reserved = _reserved(connection, unit, book) if gaps else {}
        found = {**{gap: reserved.get(gap, Line(number=gap, state="missing")) for gap in gaps}, **there}
        return [found[number] for number in sorted(found)]

    def close(self, closing: Closing) -> Closing:
        """The counter is locked first: who draws at this instant is through already, or finds the book closed."""
        unit, book = closing.unit, closing.book
        counter = (COUNTER.c.unit == unit) & (COUNTER.c.name == book)
        with self._store.engine.begin() as connection, race_is_refusal():
            turned = update(COUNTER).where(counter, COUNTER.c.value >= 0).values(value=-1 - COUNTER.c.value)
            value = connection.execute(turned.returning(COUNTER.c.value)).scalar()
            if value is None:
                raise (BookClosedError(book=book) if _head(connection, unit, book) else NotFoundError(what="sổ", id=""))
            last = -1 - value
            there = _there(connection, unit, book, (1, last))
            if gaps := sorted(set(range(1, last + 1)) - there.keys()):
                raise OpenNumbersError(numbers=", ".join(map(str, gaps[:SHOWN])), count=len(gaps))
            struck = sum(line.state == "cancelled" for line in there.values())
            done = replace(closing, last=last, struck=struck, digest=digest([there[n] for n in sorted(there)]))
            connection.execute(insert(BOOK_CLOSING).values(_row(done)))
        return done


def digest(lines: list[Line]) -> str:
    """SHA-256 in hex over numbers, cases, papers and what became of them."""
    text = "\n".join(f"{x.number}|{x.case_code}|{x.written}|{x.state}|{x.note}" for x in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def _head(connection: Connection, unit: str, book: str) -> BookHead | None:
    query = select(COUNTER.c.value).where(COUNTER.c.unit == unit, COUNTER.c.name == book)
    value = connection.execute(query).scalar()
    if value is None:
        return None
    struck = func.sum(sql_case((own.state == "cancelled", 1), else_=0))
    counted = select(func.count(own.number.distinct()), struck).where(own.unit == unit, own.book == book)
    (used, crossed), last = connection.execute(counted).one(), value if value >= 0 else -1 - value
    row = connection.execute(
        select(BOOK_CLOSING).where(BOOK_CLOSING.c.unit == unit, BOOK_CLOSING.c.book == book)
    ).first()
    closed = _closing(row) if row else None
    return BookHead(book=book, last=last, struck=int(crossed or 0), open=last - used, closing=closed)


def _there(connection: Connection, unit: str, book: str, between: tuple[int, int]) -> dict[int, Line]:
    query = select(BOOK_NUMBER).where(own.unit == unit, own.book == book, own.number.between(*between))
    names = ("number", "state", "case_id", "case_code", "written", "kind", "name", "at", "note")
    rows = connection.execute(query).mappings()
    return {row["number"]: Line(**{name: row[name] for name in names}, by=row["given_by"]) for row in rows}


def _reserved(connection: Connection, unit: str, book: str) -> dict[int, Line]:
    """What jobs have drawn for papers that they have not issued yet, or never will."""
    log, prefix = COMMAND_LOG.c, f"number/{book}/"
    query = select(log.key, log.result, log.at).where(log.unit == unit, log.key.startswith(prefix, autoescape=True))
    drawn = [(row, *_job_of(row.key[len(prefix) :])) for row in connection.execute(query)]
    codes = dict(_codes(connection, unit, [case_id for _, case_id, _ in drawn]))
    return {
        number: Line(
            number=number, state="reserved", case_id=case_id, case_code=codes.get(case_id, ""), at=row.at, job=job
        )
        for row, case_id, job in drawn
        for number in (int(json.loads(row.result)["number"]),)
    }


def _job_of(text: str) -> tuple[str, str]:
    case_id, _, job = text.partition("/")
    return case_id, job


def _codes(connection: Connection, unit: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        query = select(CASE.c.id, CASE.c.code).where(CASE.c.unit == unit, CASE.c.id.in_(some))
        yield from ((row.id, row.code) for row in connection.execute(query))


def _row(closing: Closing) -> dict[str, Any]:
    same = {name: getattr(closing, name) for name in ("unit", "book", "year", "last", "struck", "digest")}
    return {**same, "closed_by": closing.by, "closed_name": closing.by_name, "closed_at": closing.at}


def _closing(row: Row[Any]) -> Closing:
    same = {name: getattr(row, name) for name in ("unit", "book", "year", "last", "struck", "digest")}
    return Closing(**same, by=row.closed_by, by_name=row.closed_name, at=row.closed_at)
