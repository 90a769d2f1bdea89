"""Tickets of people who wait at the counter"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_ticket",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("drawn_at", Instant(timezone=True), nullable=False),
        sa.Column("called_at", Instant(timezone=True), nullable=True),
        sa.Column("window", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("unit", "day", "number", name=op.f("pk_queue_ticket")),
    )
    op.create_index("ix_queue_ticket_case", "queue_ticket", ["unit", "case_id"])


def downgrade() -> None:
    op.drop_table("queue_ticket")
