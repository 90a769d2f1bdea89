"""Signed results and their public verification"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_file",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("token", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "document", "sha256", name=op.f("pk_result_file")),
    )
    op.create_index("ix_result_file_token", "result_file", ["token"])
    op.create_index("ix_result_file_sha256", "result_file", ["sha256"])


def downgrade() -> None:
    op.drop_table("result_file")
