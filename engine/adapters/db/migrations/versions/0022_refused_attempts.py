"""Who was refused at what, for those who watch over the house"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_attempt",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("page", sa.String(80), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("last_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "account", "day", "page", "method", name=op.f("pk_refused_attempt")),
    )
    op.create_index("ix_refused_attempt_last", "refused_attempt", ["unit", "last_at"])


def downgrade() -> None:
    op.drop_table("refused_attempt")
