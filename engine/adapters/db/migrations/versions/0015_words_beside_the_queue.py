"""How a task's search text begins stands in the index of the queue, too: a search that walks need not look it up"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WORDS = 200
NAME, COLUMNS = "ix_task_group_queue", ["unit", "group_id", "order_at", "case_id", "key"]
OF_ITS_TASK = (
    f"UPDATE task_group SET words = coalesce((SELECT substr(t.search_text, 1, {WORDS}) FROM task t"
    " WHERE t.unit = task_group.unit AND t.case_id = task_group.case_id AND t.key = task_group.key), '')"
)


def upgrade() -> None:
    op.drop_index(NAME, "task_group")
    with op.batch_alter_table("task_group") as table:
        table.add_column(sa.Column("words", sa.Text(), nullable=True))
    op.execute(OF_ITS_TASK)
    with op.batch_alter_table("task_group") as table:
        table.alter_column("words", existing_type=sa.Text(), nullable=False)
    op.create_index(NAME, "task_group", COLUMNS, postgresql_include=["words"])


def downgrade() -> None:
    op.drop_index(NAME, "task_group")
    with op.batch_alter_table("task_group") as table:
        table.drop_column("words")
    op.create_index(NAME, "task_group", COLUMNS)
