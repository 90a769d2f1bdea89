"""Finding by words: what a typed text matches, and whether so few rows hold it that their index should lead the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, or_
from sqlalchemy.exc import DBAPIError

from engine.adapters.db.connection import planning
from engine.adapters.db.projections import fold_text
from engine.domain.errors import SearchTooWideError

SHORT = 2  # so few letters begin a word; in the middle of words they are everywhere, and no index knows them
FEW = 5_000  # rows that are fetched and put in order faster than a queue is walked for a page of them
LONG = 16  # letters
SECONDS = 3
CANCELLED = "57014"
_CODE = re.compile(r"[\w.]+-\d{6}-\d{4,}")  # a whole case code: who types or scans it wants that case and no other


def needle(text: str) -> str:
    """What is looked for: without marks and capitals."""
    return fold_text(text).replace("\0", "")


def whole_code(text: str) -> str | None:
    """The case code that was typed, as it is stored; None where it is none, or only a part of one."""
    plain = text.strip()
    return plain.upper() if _CODE.fullmatch(plain) else None


def found_in(search_text: str, text: str) -> bool:
    """Whether a row with this search text is found by what was typed."""
    sought = needle(text)
    if whole_code(text):
        return search_text.partition(" ")[0] == sought.strip()
    return f" {sought}" in f" {search_text}" if _short(sought) else sought in search_text


def _short(sought: str) -> bool:
    return len(sought) <= SHORT and sought.isalnum()


def _escaped(sought: str) -> str:
    return "".join(f"\\{c}" if c in "\\%_" else c for c in sought)


def patterns(text: str) -> list[str]:
    """What the index of words is asked for with LIKE, one of them: no more than the end of a long text.

    Each further letter is another list to read, and the beginnings of codes are the same in all rows.
    """
    plain = _escaped(needle(text)[-LONG:])
    return [f"{plain}%", f"% {plain}%"] if _short(plain) else [f"%{plain}%"]


def sought(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """The condition on a search text; the whole of a long text is asked of the rows that hold its end."""
    ends = or_(*(column.like(pattern, escape="\\") for pattern in patterns(text)))
    whole = needle(text)
    return and_(ends, (column + "").like(f"%{_escaped(whole)}%", escape="\\")) if len(whole) > LONG else ends


@contextmanager
def searching(engine: Engine) -> Iterator[Connection]:
    """A connection for a search; one that takes longer than SECONDS is SearchTooWideError."""
    with planning(engine, SECONDS) as connection:
        try:
            yield connection
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == CANCELLED:
                raise SearchTooWideError() from error
            raise


def few(connection: Connection, table: Table, unit: str, text: str) -> bool:
    """Whether the index of words can be used, and PostgreSQL, from its statistics, expects few rows with them."""
    if connection.dialect.name != "postgresql":
        return False
    wanted = patterns(text)
    likes = " OR ".join(["search_text LIKE %s"] * len(wanted))
    query = f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {table.name} WHERE unit = %s AND ({likes})"
    ((plan,),) = connection.exec_driver_sql(query, (unit, *wanted)).all()
    return f"ix_{table.name}_search" in json.dumps(plan) and plan[0]["Plan"]["Plan Rows"] <= FEW
