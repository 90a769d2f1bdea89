"""Office hours of a unit, from a day on"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_hours",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("paper_date", sa.Date(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit", "valid_from", name=op.f("pk_calendar_hours")),
    )


def downgrade() -> None:
    op.drop_table("calendar_hours")
