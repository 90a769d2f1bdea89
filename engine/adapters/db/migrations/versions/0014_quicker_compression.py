"""Long texts are compressed by LZ4 on PostgreSQL, where it was built with it: its own way took a tenth of its CPU"""

import logging

from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LOG = logging.getLogger("motcua.migrate")
LONG = (("case_file", "state"), ("event", "data"))


def upgrade() -> None:
    """What is kept already stays as it is; both ways are read."""
    if op.get_bind().dialect.name != "postgresql":
        return
    try:
        with op.get_bind().begin_nested():
            for table, column in LONG:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4")
    except DBAPIError as error:
        LOG.warning("long texts are compressed PostgreSQL's own way: %s", str(error.orig).strip())


def downgrade() -> None:
    """Where it was not set, nothing changes."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in LONG:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION default")
