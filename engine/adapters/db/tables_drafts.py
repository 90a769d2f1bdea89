"""Tables of unfinished applications, of files on their way, of viewing copies, and of what is said about pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant


def _key(name: str, size: int) -> Column[Any]:
    return Column(name, String(size), primary_key=True)


def _text(name: str, size: int, *, null: bool = False) -> Column[Any]:
    return Column(name, String(size), nullable=null)


DRAFT = Table(
    "draft",
    metadata,
    _key("unit", 60),
    _key("id", 40),
    _text("account", 80),
    _text("procedure", 40),
    Column("procedure_version", Integer, nullable=False),
    _text("channel", 20),
    _text("delivery", 20),
    _text("section", 200),
    Column("data", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sending", Boolean, nullable=False),
    _text("case_id", 32, null=True),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("warned_at", Instant, nullable=True),
    Index("ix_draft_account", "unit", "account", "updated_at"),
    Index("ix_draft_updated", "unit", "updated_at"),
)

INCOMING = Table(
    "incoming_file",
    metadata,
    _key("unit", 60),
    _key("draft", 40),
    _key("key", 80),
    _text("path", 300),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)

PART = Table(
    "incoming_part",
    metadata,
    _key("unit", 60),
    _key("draft", 40),
    _key("key", 80),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

VIEWING_COPY = Table(
    "viewing_copy", metadata, _key("unit", 60), _key("sha256", 64), _text("view_sha256", 64), _text("reason", 20)
)

PAGE_REPORT = Table(
    "page_report",
    metadata,
    _key("unit", 60),
    _key("id", 40),
    Column("at", Instant, nullable=False),
    _text("kind", 20),
    _text("account", 80),
    Column("page", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_page_report_at", "unit", "at"),
)
