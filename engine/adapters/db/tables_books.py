"""Tables of the books of numbers: which number which case bears, and books that are closed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

BOOK_NUMBER = Table(
    "book_number",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("case_id", String(32), primary_key=True),
    Column("book", String(400), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("case_code", String(60), nullable=False),
    Column("written", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_book_number_book", "unit", "book", "number"),
)

BOOK_CLOSING = Table(
    "book_closing",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("book", String(400), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("struck", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("closed_by", String(80), nullable=False),
    Column("closed_name", Text, nullable=False),
    Column("closed_at", Instant, nullable=False),
)
