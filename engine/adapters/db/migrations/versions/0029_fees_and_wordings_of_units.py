"""Fees that units charge by resolutions of their own and their wordings of notices, each with its day"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_fee",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("procedure", sa.String(60), nullable=False),
        sa.Column("fee", sa.String(80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("over", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit", "procedure", "fee", "valid_from", name=op.f("pk_unit_fee")),
    )
    op.create_table(
        "fee_edition",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_fee_edition")),
    )
    op.create_table(
        "unit_wording",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit", "template", "edition", name=op.f("pk_unit_wording")),
    )
    op.create_table(
        "wording_edition",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_wording_edition")),
    )


def downgrade() -> None:
    for table in ("wording_edition", "unit_wording", "fee_edition", "unit_fee"):
        op.drop_table(table)
