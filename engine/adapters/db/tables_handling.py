"""Tables of what officers keep beside a case: what each has seen of it, and unfinished forms of tasks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant


def _key(name: str, size: int) -> Column[Any]:
    return Column(name, String(size), primary_key=True)


CASE_SEEN = Table(
    "case_seen",
    metadata,
    _key("unit", 60),
    _key("case_id", 32),
    _key("account", 80),
    Column("version", Integer, nullable=False),
    Column("before", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

UNFINISHED_FORM = Table(
    "unfinished_form",
    metadata,
    _key("unit", 60),
    _key("case_id", 32),
    _key("key", 400),
    _key("account", 80),
    Column("data", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_unfinished_form_at", "unit", "at"),
)
