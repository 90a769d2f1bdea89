"""Tables of cash drawers: the drawers themselves, and the cash of cases by drawer."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Text, text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

STILL_OPEN = text("closed_at IS NULL")

CASH_DRAWER = Table(
    "cash_drawer",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("officer", String(80), nullable=False),
    Column("day", Date, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opening", Text, nullable=False),
    Column("closed_at", Instant, nullable=True),
    Column("closed_by", String(80), nullable=False),
    Column("closing", Text, nullable=False),
    Column("expected", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_cash_drawer_day", "unit", "day"),
    Index("uq_cash_drawer_open", "unit", "officer", unique=True, sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
)

# A function of the folded case, as all rows of open things are.
CASH_MOVE = Table(
    "cash_move",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("case_id", String(32), primary_key=True),
    Column("key", String(400), primary_key=True),
    Column("case_code", String(60), nullable=False),
    Column("procedure", String(60), nullable=False),
    Column("way", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("officer", String(80), nullable=False),
    Column("drawer", String(40), nullable=False),
    Column("receipt", String(120), nullable=False),
    Index("ix_cash_move_drawer", "unit", "drawer", "at"),
)
