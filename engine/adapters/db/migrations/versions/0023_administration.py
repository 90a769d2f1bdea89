"""Administration: locks, one-time passwords, the log, a unit's facts and days, heartbeats, trials of outside parties"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "administration_log",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "id", name=op.f("pk_administration_log")),
    )
    op.create_table(
        "officer_state",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("account_id", sa.String(80), nullable=False),
        sa.Column("locked_at", Instant(timezone=True), nullable=True),
        sa.Column("locked_by", sa.String(80), nullable=False),
        sa.Column("lock_reason", sa.Text(), nullable=False),
        sa.Column("one_time_hash", sa.Text(), nullable=False),
        sa.Column("one_time_until", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("unit", "account_id", name=op.f("pk_officer_state")),
    )
    op.create_table(
        "unit_facts",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit", "valid_from", name=op.f("pk_unit_facts")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("like", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("paper_date", sa.Date(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("paper_date", sa.Date(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit", "year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "calendar_edition",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_calendar_edition")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("process", sa.String(200), nullable=False),
        sa.Column("release", sa.String(40), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("beat_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "process", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "connector_trial",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("party", sa.String(60), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("well", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("millis", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "party", name=op.f("pk_connector_trial")),
    )


def downgrade() -> None:
    tables = ("connector_trial", "heartbeat", "calendar_edition", "calendar_year", "calendar_day", "unit_facts")
    for table in (*tables, "officer_state", "administration_log"):
        op.drop_table(table)
