"""What somebody holds: a view of it is told by the index alone"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PLACE = ["unit", "assignee", "order_at", "case_id", "key"]


def upgrade() -> None:
    op.drop_index("ix_task_assignee", "task")
    op.create_index("ix_task_assignee", "task", PLACE, postgresql_include=["follow_up_at", "procedure"])


def downgrade() -> None:
    op.drop_index("ix_task_assignee", "task")
    op.create_index("ix_task_assignee", "task", PLACE)
