"""When each routine of the house ran last, so that of many processes one runs it"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routine",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("ran_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "name", name=op.f("pk_routine")),
    )


def downgrade() -> None:
    op.drop_table("routine")
