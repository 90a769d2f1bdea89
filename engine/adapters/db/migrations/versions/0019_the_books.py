"""Books of numbers, and their closing"""

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book_number",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("book", sa.String(400), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_code", sa.String(60), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id", "book", "number", name=op.f("pk_book_number")),
    )
    op.create_index("ix_book_number_book", "book_number", ["unit", "book", "number"])
    op.create_table(
        "book_closing",
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("book", sa.String(400), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("struck", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("closed_by", sa.String(80), nullable=False),
        sa.Column("closed_name", sa.Text(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "book", name=op.f("pk_book_closing")),
    )


def downgrade() -> None:
    op.drop_table("book_closing")
    op.drop_table("book_number")
