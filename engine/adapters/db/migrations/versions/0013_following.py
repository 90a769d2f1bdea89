"""Complaints, looks at cases, and parcels"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(80), nullable=False),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_account", "complaint", ["unit", "account", "filed_at"])
    op.create_index("ix_complaint_state", "complaint", ["unit", "state", "due_at"])
    op.create_table(
        "case_look",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "account", "day", name=op.f("pk_case_look")),
    )
    op.create_table(
        "parcel",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("task", sa.String(300), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "task", name=op.f("pk_parcel")),
    )
    op.create_index("ix_parcel_number", "parcel", ["unit", "number"])
    op.create_index("ix_parcel_state", "parcel", ["unit", "state", "at"])


def downgrade() -> None:
    op.drop_table("parcel")
    op.drop_table("case_look")
    op.drop_table("complaint")
