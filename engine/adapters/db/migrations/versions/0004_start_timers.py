"""Start timers: one row for each unit, procedure and start event"""

import sqlalchemy as sa
from alembic import op

import engine.adapters.db.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "start_timer",
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effect", engine.adapters.db.types.Instant(timezone=True), nullable=False),
        sa.Column("covered", engine.adapters.db.types.Instant(timezone=True), nullable=False),
        sa.Column("due", engine.adapters.db.types.Instant(timezone=True), nullable=True),
        sa.Column("run_at", engine.adapters.db.types.Instant(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("lease_until", engine.adapters.db.types.Instant(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("unit", "procedure", "element_id", name=op.f("pk_start_timer")),
    )
    op.create_index("ix_start_timer_run_at", "start_timer", ["run_at"], unique=False)


def downgrade() -> None:
    op.drop_table("start_timer")
