"""Signals between cases: who waits for which, and what is on its way"""

import sqlalchemy as sa
from alembic import op

import engine.adapters.db.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_wait",
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("signal", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "key", name=op.f("pk_signal_wait")),
    )
    op.create_index("ix_signal_wait_match", "signal_wait", ["unit", "signal", "case_id"], unique=False)
    op.create_table(
        "broadcast",
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("signal", sa.String(length=200), nullable=False),
        sa.Column("run_at", engine.adapters.db.types.Instant(timezone=True), nullable=True),
        sa.Column("lease_until", engine.adapters.db.types.Instant(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "key", name=op.f("pk_broadcast")),
    )
    op.create_index("ix_broadcast_run_at", "broadcast", ["run_at"], unique=False)


def downgrade() -> None:
    op.drop_table("broadcast")
    op.drop_table("signal_wait")
