"""Tables of complaints and suggestions, of looks at cases, and of parcels with the postal service."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant


def _key(name: str, size: int) -> Column[Any]:
    return Column(name, String(size), primary_key=True)


def _text(name: str, size: int, *, null: bool = False) -> Column[Any]:
    return Column(name, String(size), nullable=null)


COMPLAINT = Table(
    "complaint",
    metadata,
    _key("unit", 60),
    _key("id", 40),
    _text("account", 80),
    _text("case_id", 32),
    _text("case_code", 60),
    _text("kind", 20),
    Column("text", Text, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    _text("state", 20),
    Column("answer", Text, nullable=False),
    _text("answered_by", 80),
    Column("answered_at", Instant, nullable=True),
    Index("ix_complaint_account", "unit", "account", "filed_at"),
    Index("ix_complaint_state", "unit", "state", "due_at"),
)

CASE_LOOK = Table(
    "case_look",
    metadata,
    _key("unit", 60),
    _key("case_id", 32),
    _key("account", 80),
    _key("day", 10),
    Column("times", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

PARCEL = Table(
    "parcel",
    metadata,
    _key("unit", 60),
    _key("case_id", 32),
    _key("task", 300),
    _text("number", 60),
    _text("name", 120),
    _text("phone", 20),
    _text("address", 500),
    _text("state", 20),
    Column("at", Instant, nullable=False),
    Index("ix_parcel_number", "unit", "number"),
    Index("ix_parcel_state", "unit", "state", "at"),
)
