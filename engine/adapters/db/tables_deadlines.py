"""Tables of terms: those that run, as a projection of cases; and reminders, which are written once and for all."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

TERM = Table(
    "term",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("case_id", String(32), primary_key=True),
    Column("case_code", String(60), nullable=False),
    Column("procedure", String(40), nullable=False),
    Column("applicant_name", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("moved", String(20), nullable=False),
    Column("apology", String(60), nullable=False),
    Column("apologised", Boolean, nullable=False),
    Index("ix_term_due", "unit", "due_at"),
    Index("ix_term_list", "unit", "apologised", "due_at", "case_id"),
    Index("ix_term_procedure", "unit", "procedure", "apologised", "due_at", "case_id"),
)


def _which() -> list[Column[object]]:
    return [
        Column("unit", String(60), primary_key=True),
        Column("case_id", String(32), primary_key=True),
        Column("due_at", Instant, primary_key=True),
        Column("threshold", String(40), primary_key=True),
    ]


REMINDER = Table(
    "reminder",
    metadata,
    *_which(),
    Column("case_code", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recipients", Text, nullable=False),
)

REMINDER_FOR = Table(
    "reminder_for",
    metadata,
    *_which(),
    Column("recipient", String(100), primary_key=True),
    Column("in_stead_of", String(80), primary_key=True),
    Column("leader", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_reminder_for_recipient", "unit", "recipient", "at", "case_id"),
    Index("ix_reminder_for_at", "unit", "at"),
)
