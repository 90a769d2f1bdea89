"""The table of refused attempts."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

ATTEMPT_REFUSED = Table(
    "refused_attempt",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("account", String(80), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("page", String(80), primary_key=True),
    Column("method", String(10), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("path", String(300), nullable=False),
    Column("last_at", Instant, nullable=False),
    Index("ix_refused_attempt_last", "unit", "last_at"),
)
