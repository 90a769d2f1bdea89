"""Accounts: ways of registration, linked identities, one-time codes"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("subtype", sa.String(20), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("wants", sa.String(20), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("begun_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_registration")),
    )
    op.create_index("ix_registration_expires", "registration", ["expires_at"])
    op.create_table(
        "one_time_code",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sent_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "subject", name=op.f("pk_one_time_code")),
    )
    op.create_index("ix_one_time_code_expires", "one_time_code", ["expires_at"])
    op.create_table(
        "identity",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("account_id", sa.String(80), nullable=False),
        sa.Column("linked_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "issuer", "subject", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_account", "identity", ["unit", "account_id"])
    op.create_table(
        "session_detail",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant(timezone=True), nullable=False),
        sa.Column("raised_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("unit", "token_hash", name=op.f("pk_session_detail")),
    )
    op.create_index("ix_session_detail_token", "session_detail", ["token_hash"])


def downgrade() -> None:
    for table in ("session_detail", "identity", "one_time_code", "registration"):
        op.drop_table(table)
