"""Notices to citizens and their delivery: a queue that is the inbox, too, what was tried, what people want"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _text(name: str, size: int | None = None) -> "sa.Column[Any]":
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False)


def _instant(name: str, null: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, Instant(timezone=True), nullable=null)


def upgrade() -> None:
    op.create_table(
        "notice",
        _text("unit", 60), _text("id", 32), _text("key", 600), _text("case_id", 32), _text("account", 80),
        _text("event", 80), _text("template", 80), _text("phone"), _text("email"), _text("wish", 20), _text("data"),
        _text("attachments"), _instant("created_at", False), _instant("expires_at"), _instant("run_at"),
        _instant("lease_until"),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("state", sa.String(20), nullable=False, server_default="open"),
        _instant("finished_at"), _instant("read_at"),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_notice")),
    )  # fmt: skip
    op.create_index("ix_notice_run_at", "notice", ["run_at"])
    op.create_index("ix_notice_account", "notice", ["unit", "account", "created_at", "id"])
    op.create_index("ix_notice_case", "notice", ["unit", "case_id"])
    op.create_index("ix_notice_state", "notice", ["unit", "state", "created_at"])
    op.create_table(
        "notice_try",
        _text("unit", 60), _text("notice_id", 32),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        _text("channel", 20), _instant("at", False), _text("outcome", 20), _text("provider_id", 200), _text("error"),
        sa.Column("forgiven", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("unit", "notice_id", "number", name=op.f("pk_notice_try")),
    )  # fmt: skip
    op.create_index("ix_notice_try_provider", "notice_try", ["channel", "provider_id"])
    op.create_table(
        "notice_preference",
        _text("unit", 60), _text("account", 80),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("email", "sms", "zalo")),
        _text("lang", 2), _text("quiet_from", 5), _text("quiet_to", 5), _instant("changed_at", False),
        sa.PrimaryKeyConstraint("unit", "account", name=op.f("pk_notice_preference")),
    )  # fmt: skip
    op.create_table(
        "channel_token",
        _text("unit", 60), _text("channel", 20), _text("access"), _text("refresh"), _instant("expires_at", False),
        sa.Column("version", sa.Integer(), nullable=False), _instant("renewing_until"),
        sa.PrimaryKeyConstraint("unit", "channel", name=op.f("pk_channel_token")),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("channel_token", "notice_preference", "notice_try", "notice"):
        op.drop_table(table)
