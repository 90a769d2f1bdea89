"""Deadlines: terms that run, reminders of them, and in whose list they stand"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("procedure", sa.String(40), nullable=False),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("since_at", Instant(), nullable=False),
        sa.Column("moved", sa.String(20), nullable=False),
        sa.Column("apology", sa.String(60), nullable=False),
        sa.Column("apologised", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", name=op.f("pk_term")),
    )
    op.create_index("ix_term_due", "term", ["unit", "due_at"])
    op.create_index("ix_term_list", "term", ["unit", "apologised", "due_at", "case_id"])
    op.create_index("ix_term_procedure", "term", ["unit", "procedure", "apologised", "due_at", "case_id"])
    _reminders()


def _reminders() -> None:
    key = ["unit", "case_id", "due_at", "threshold"]
    op.create_table(
        "reminder",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("threshold", sa.String(40), nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_reminder")),
    )
    op.create_table(
        "reminder_for",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("threshold", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(100), nullable=False),
        sa.Column("in_stead_of", sa.String(80), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint(*key, "recipient", "in_stead_of", name=op.f("pk_reminder_for")),
    )
    op.create_index("ix_reminder_for_recipient", "reminder_for", ["unit", "recipient", "at", "case_id"])
    op.create_index("ix_reminder_for_at", "reminder_for", ["unit", "at"])


def downgrade() -> None:
    for table in ("reminder_for", "reminder", "term"):
        op.drop_table(table)
