"""Unfinished applications and their uploads"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("procedure", sa.String(40), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("delivery", sa.String(20), nullable=False),
        sa.Column("section", sa.String(200), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sending", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column("warned_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_account", "draft", ["unit", "account", "updated_at"])
    op.create_index("ix_draft_updated", "draft", ["unit", "updated_at"])
    op.create_table(
        "incoming_file",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("draft", sa.String(40), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "draft", "key", name=op.f("pk_incoming_file")),
    )
    op.create_table(
        "incoming_part",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("draft", sa.String(40), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "draft", "key", "start", name=op.f("pk_incoming_part")),
    )
    op.create_table(
        "viewing_copy",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("view_sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("unit", "sha256", name=op.f("pk_viewing_copy")),
    )
    op.create_table(
        "page_report",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_page_report")),
    )
    op.create_index("ix_page_report_at", "page_report", ["unit", "at"])


def downgrade() -> None:
    for table in ("page_report", "viewing_copy", "incoming_part", "incoming_file", "draft"):
        op.drop_table(table)
