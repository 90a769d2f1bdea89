"""Orders at payment providers, their notices, lines of bank statements, daily accounts"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_order",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("begun_at", Instant(timezone=True), nullable=True),
        sa.Column("expires_at", Instant(timezone=True), nullable=True),
        sa.Column("paid_at", Instant(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("refund", sa.String(20), nullable=True),
        sa.Column("refund_at", Instant(timezone=True), nullable=True),
        sa.Column("refund_run_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("unit", "case_id", "key", name=op.f("pk_payment_order")),
    )
    op.create_index("ix_payment_order_key", "payment_order", ["unit", "key"])
    op.create_index("ix_payment_order_state", "payment_order", ["unit", "state", "begun_at"])
    op.create_index("ix_payment_order_paid", "payment_order", ["unit", "paid_at"])
    op.create_index("ix_payment_order_refund", "payment_order", ["unit", "refund", "refund_at"])
    op.create_table(
        "payment_notice",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("order", sa.String(100), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_payment_notice")),
    )
    op.create_index("ix_payment_notice_at", "payment_notice", ["unit", "at"])
    op.create_table(
        "statement_line",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(160), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("came_at", Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("order", sa.String(100), nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("settled_at", Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_statement_line")),
    )
    op.create_index("ix_statement_line_state", "statement_line", ["unit", "state", "at"])
    op.create_table(
        "payment_day",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "day", "provider", name=op.f("pk_payment_day")),
    )


def downgrade() -> None:
    op.drop_table("payment_day")
    op.drop_table("statement_line")
    op.drop_table("payment_notice")
    op.drop_table("payment_order")
