"""Table of mandates: who acts for whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant


def _text(name: str, size: int) -> Column[Any]:
    return Column(name, String(size), nullable=False)


MANDATE = Table(
    "mandate",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("id", String(40), primary_key=True),
    _text("kind", 10),
    _text("principal", 80),
    _text("deputy", 80),
    Column("groups", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("held_until", Instant, nullable=False),  # ends_at, or when it was revoked
    Column("basis", Text, nullable=False),
    Column("acting", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("signer", Text, nullable=False),
    _text("made_by", 80),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant, nullable=True),
    _text("revoked_by", 80),
    Column("reason", Text, nullable=False),
    Index("ix_mandate_deputy", "unit", "deputy", "held_until"),
    Index("ix_mandate_held", "unit", "held_until"),
)
