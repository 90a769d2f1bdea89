"""The tables of notices: the queue that is also the inbox, tries, preferences, and tokens of channels."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant
from engine.domain.codec import dumps
from engine.domain.notice import Notice

NOTICE = Table(
    "notice",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("key", String(600), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("account", String(80), nullable=False),
    Column("event", String(80), nullable=False),
    Column("template", String(80), nullable=False),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("wish", String(20), nullable=False),
    Column("data", Text, nullable=False),
    Column("attachments", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=True),
    Column("run_at", Instant, nullable=True),
    Column("lease_until", Instant, nullable=True),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("state", String(20), nullable=False, server_default="open"),
    Column("finished_at", Instant, nullable=True),
    Column("read_at", Instant, nullable=True),
    Index("ix_notice_run_at", "run_at"),
    Index("ix_notice_account", "unit", "account", "created_at", "id"),
    Index("ix_notice_case", "unit", "case_id"),
    Index("ix_notice_state", "unit", "state", "created_at"),
)

NOTICE_TRY = Table(
    "notice_try",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("notice_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("provider_id", String(200), nullable=False),
    Column("error", Text, nullable=False),
    Column("forgiven", Boolean, nullable=False, server_default="0"),
    Index("ix_notice_try_provider", "channel", "provider_id"),
)

NOTICE_PREFERENCE = Table(
    "notice_preference",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("account", String(80), primary_key=True),
    Column("email", Boolean, nullable=False),
    Column("sms", Boolean, nullable=False),
    Column("zalo", Boolean, nullable=False),
    Column("lang", String(2), nullable=False),
    Column("quiet_from", String(5), nullable=False),
    Column("quiet_to", String(5), nullable=False),
    Column("changed_at", Instant, nullable=False),
)

CHANNEL_TOKEN = Table(
    "channel_token",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("access", Text, nullable=False),
    Column("refresh", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("renewing_until", Instant, nullable=True),
)


def notice_row(notice: Notice) -> dict[str, Any]:
    """The row of a notice that waits to be delivered; NUL, which PostgreSQL's text cannot hold, is left out."""
    files = [{"sha256": f.sha256, "name": f.name, "media_type": f.media_type} for f in notice.attachments]
    row = {
        "unit": notice.unit,
        "id": notice.id,
        "key": notice.key[:600],
        "case_id": notice.case_id,
        "account": notice.account,
        "event": notice.event,
        "template": notice.template,
        "phone": notice.phone,
        "email": notice.email,
        "wish": notice.wish,
        "data": dumps(notice.data),
        "attachments": dumps(files),
        "created_at": notice.created_at,
        "expires_at": notice.expires_at,
        "run_at": notice.run_at,
    }
    return {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in row.items()}
