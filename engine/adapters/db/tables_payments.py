"""Tables about money: orders as the cases have them, notices as they came, lines of statements, daily accounts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

# A function of the folded case, as all rows of open things are: tries at providers, and whatever has to go back.
PAYMENT_ORDER = Table(
    "payment_order",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("case_id", String(32), primary_key=True),
    Column("key", String(400), primary_key=True),
    Column("case_code", String(60), nullable=False),
    Column("provider", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("begun_at", Instant, nullable=True),
    Column("expires_at", Instant, nullable=True),
    Column("paid_at", Instant, nullable=True),
    Column("reference", Text, nullable=False),
    Column("refund", String(20), nullable=True),
    Column("refund_at", Instant, nullable=True),
    Column("refund_run_at", Instant, nullable=True),
    Index("ix_payment_order_key", "unit", "key"),
    Index("ix_payment_order_state", "unit", "state", "begun_at"),
    Index("ix_payment_order_paid", "unit", "paid_at"),
    Index("ix_payment_order_refund", "unit", "refund", "refund_at"),
)

PAYMENT_NOTICE = Table(
    "payment_notice",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("provider", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("order", String(100), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_payment_notice_at", "unit", "at"),
)

STATEMENT_LINE = Table(
    "statement_line",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("id", String(160), primary_key=True),
    Column("provider", String(40), nullable=False),
    Column("account", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("came_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("order", String(100), nullable=False),
    Column("case_code", String(60), nullable=False),
    Column("by", String(120), nullable=False),
    Column("settled_at", Instant, nullable=True),
    Column("reason", Text, nullable=False),
    Index("ix_statement_line_state", "unit", "state", "at"),
)

PAYMENT_DAY = Table(
    "payment_day",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("provider", String(40), primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("account", Text, nullable=False),
)
