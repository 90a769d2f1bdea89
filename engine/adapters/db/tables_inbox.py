"""Tables of what officers chose for their inbox, and of the notes that ask for their eye."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

SAVED_FILTER = Table(
    "saved_filter",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("account", String(80), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("query", Text, nullable=False),
    Index("uq_saved_filter_name", "unit", "account", "name", unique=True),
)

INBOX_CHOICE = Table(
    "inbox_choice",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("account", String(80), primary_key=True),
    Column("columns", Text, nullable=False),
    Column("filter", String(40), nullable=False),
)

MENTION = Table(
    "mention",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("case_id", String(32), primary_key=True),
    Column("comment", String(40), primary_key=True),
    Column("account", String(80), primary_key=True),
    Column("case_code", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_mention_account", "unit", "account", "at", "case_id", "comment"),
)
