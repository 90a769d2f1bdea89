"""Frozen reports and nightly figures"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_figure",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filed_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=True),
        sa.Column("solved_at", Instant(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", name=op.f("pk_case_figure")),
    )
    op.create_index("ix_case_figure_last", "case_figure", ["unit", "last_at"])
    op.create_index("ix_case_figure_received", "case_figure", ["unit", "received_at"])
    op.create_index("ix_case_figure_solved", "case_figure", ["unit", "solved_at"])
    _reports()


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("period", sa.String(30), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("formula", sa.String(60), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=False),
        sa.Column("approved_name", sa.Text(), nullable=False),
        sa.Column("approved_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "kind", "period", "revision", name=op.f("pk_report")),
    )
    op.create_index("ix_report_approved", "report", ["unit", "kind", "approved_at"])
    op.create_table(
        "report_input",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("period", sa.String(30), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(80), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "period", "item", name=op.f("pk_report_input")),
    )
    op.create_table(
        "kept_figures",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("period", sa.String(30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("formula", sa.String(60), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("computed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "kind", "period", "day", name=op.f("pk_kept_figures")),
    )


def downgrade() -> None:
    for table in ("kept_figures", "report_input", "report", "case_figure"):
        op.drop_table(table)
