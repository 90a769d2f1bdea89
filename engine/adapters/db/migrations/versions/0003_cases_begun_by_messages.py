"""Cases that a message has begun: one at a time for a correlation value"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "begun",
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("correlation", sa.String(length=400), nullable=False),
        sa.Column("case_code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "key", name=op.f("pk_begun")),
    )
    op.create_index("uq_begun_by", "begun", ["unit", "message", "correlation"], unique=True)


def downgrade() -> None:
    op.drop_table("begun")
