"""Cash drawers, and the cash of cases by drawer"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_drawer",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("officer", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(80), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_cash_drawer")),
    )
    op.create_index("ix_cash_drawer_day", "cash_drawer", ["unit", "day"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_cash_drawer_open",
        "cash_drawer",
        ["unit", "officer"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "cash_move",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("procedure", sa.String(60), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("officer", sa.String(80), nullable=False),
        sa.Column("drawer", sa.String(40), nullable=False),
        sa.Column("receipt", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "key", name=op.f("pk_cash_move")),
    )
    op.create_index("ix_cash_move_drawer", "cash_move", ["unit", "drawer", "at"])


def downgrade() -> None:
    for table in ("cash_move", "cash_drawer"):
        op.drop_table(table)
