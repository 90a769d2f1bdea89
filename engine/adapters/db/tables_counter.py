"""Tables of the counter: tickets of people who wait."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

QUEUE_TICKET = Table(
    "queue_ticket",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Column("called_at", Instant, nullable=True),
    Column("window", String(40), nullable=False),
    Column("by", String(120), nullable=False),
    Column("done_at", Instant, nullable=True),
    Column("case_id", String(32), nullable=False),
    Index("ix_queue_ticket_case", "unit", "case_id"),
)
