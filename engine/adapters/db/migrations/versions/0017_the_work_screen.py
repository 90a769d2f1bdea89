"""What officers keep beside a case: what each has seen of it, and unfinished forms"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_seen",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "account", name=op.f("pk_case_seen")),
    )
    op.create_table(
        "unfinished_form",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "key", "account", name=op.f("pk_unfinished_form")),
    )
    op.create_index("ix_unfinished_form_at", "unfinished_form", ["unit", "at"])


def downgrade() -> None:
    for table in ("unfinished_form", "case_seen"):
        op.drop_table(table)
