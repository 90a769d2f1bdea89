"""Tasks by the code of their case: what is typed or scanned most often at a desk"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_case_code", "task", ["case_code"])


def downgrade() -> None:
    op.drop_index("ix_task_case_code", table_name="task")
