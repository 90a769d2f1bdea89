"""Leaders: signatures that wait for a PIN are found by an index of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WHICH = "run_at IS NULL AND type = 'document.sign'"


def upgrade() -> None:
    which = sa.text(WHICH)
    op.create_index("ix_job_awaited", "job", ["unit", "case_id"], postgresql_where=which, sqlite_where=which)


def downgrade() -> None:
    op.drop_index("ix_job_awaited", table_name="job")
