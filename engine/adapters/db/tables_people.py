"""Tables about people beside their accounts: registrations, what is expected once, identities."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant

REGISTRATION = Table(
    "registration",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("way", String(20), nullable=False),
    Column("subtype", String(20), nullable=False),
    Column("step", String(20), nullable=False),
    Column("wants", String(20), nullable=False),
    Column("given", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_registration_expires", "expires_at"),
)

ONE_TIME_CODE = Table(
    "one_time_code",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Index("ix_one_time_code_expires", "expires_at"),
)

IDENTITY = Table(
    "identity",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("issuer", String(200), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("account_id", String(80), nullable=False),
    Column("linked_at", Instant, nullable=False),
    Index("ix_identity_account", "unit", "account_id"),
)

SESSION_DETAIL = Table(
    "session_detail",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("token_hash", String(64), primary_key=True),
    Column("agent", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("raised_at", Instant, nullable=True),
    Index("ix_session_detail_token", "token_hash"),
)
