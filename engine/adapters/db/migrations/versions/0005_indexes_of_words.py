"""Indexes of words on PostgreSQL, where its extension pg_trgm may be had; without them a search walks the list"""

import logging

from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LOG = logging.getLogger("motcua.migrate")
TABLES = ("task", "case_file")
SHARES = 1000  # how finely PostgreSQL remembers what the texts look like: by it a search chooses its way


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql" and _has_trigrams():
        for table in TABLES:
            op.execute(f"CREATE INDEX ix_{table}_search ON {table} USING gin (search_text gin_trgm_ops)")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN search_text SET STATISTICS {SHARES}")


def _has_trigrams() -> bool:
    """Whether the extension is there now; who owns the database may make it, where the package is installed."""
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError as error:
        LOG.warning("no index of words, searching stays slow in long queues: %s", str(error.orig).strip())
        return False
    return True


def downgrade() -> None:
    """The extension stays: others may use it."""
    for table in TABLES:
        op.execute(f"DROP INDEX IF EXISTS ix_{table}_search")
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE {table} ALTER COLUMN search_text SET STATISTICS -1")
