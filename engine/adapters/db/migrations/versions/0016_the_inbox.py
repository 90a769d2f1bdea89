"""Queues by procedure, of what nobody holds and of what is set aside; who chose which columns and filters; mentions"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.adapters.db.types import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_task_group_queue", ["unit", "group_id", "order_at", "case_id", "key"]
SOME = {"ix_task_group_free": "assignee IS NULL", "ix_task_group_aside": "follow_up_at IS NOT NULL"}
OF_ITS_TASK = "(SELECT t.{0} FROM task t WHERE t.unit = g.unit AND t.case_id = g.case_id AND t.key = g.key)"


def upgrade() -> None:
    op.drop_index(NAME, "task_group")
    with op.batch_alter_table("task_group") as table:
        table.add_column(sa.Column("procedure", sa.String(40), nullable=True))
        table.add_column(sa.Column("assignee", sa.String(80), nullable=True))
        table.add_column(sa.Column("follow_up_at", Instant(timezone=True), nullable=True))
    taken = ", ".join(f"{name} = {OF_ITS_TASK.format(name)}" for name in ("procedure", "assignee", "follow_up_at"))
    op.execute(f"UPDATE task_group AS g SET {taken}")
    op.execute("UPDATE task_group SET procedure = '' WHERE procedure IS NULL")
    with op.batch_alter_table("task_group") as table:
        table.alter_column("procedure", existing_type=sa.String(40), nullable=False)
    op.create_index(NAME, "task_group", COLUMNS, postgresql_include=["words", "follow_up_at"])
    op.create_index("ix_task_group_procedure", "task_group", [*COLUMNS[:2], "procedure", *COLUMNS[2:]])
    for name, which in SOME.items():
        op.create_index(name, "task_group", COLUMNS, postgresql_where=sa.text(which), sqlite_where=sa.text(which))
    op.create_index("ix_account_kind", "account", ["unit", "kind", "id"])
    _make_tables()


def _make_tables() -> None:
    whose = [("unit", 60), ("account", 80)]
    _table("saved_filter", [*whose, ("id", 40)], sa.Column("name", sa.String(80), nullable=False), _words("query"))
    op.create_index("uq_saved_filter_name", "saved_filter", ["unit", "account", "name"], unique=True)
    _table("inbox_choice", whose, _words("columns"), sa.Column("filter", sa.String(40), nullable=False))
    _table(
        "mention",
        [("unit", 60), ("case_id", 32), ("comment", 40), ("account", 80)],
        sa.Column("case_code", sa.String(60), nullable=False),
        _words("text"),
        sa.Column("at", Instant(timezone=True), nullable=False),
    )
    op.create_index("ix_mention_account", "mention", ["unit", "account", "at", "case_id", "comment"])


def _words(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text(), nullable=False)


def _table(name: str, key: list[tuple[str, int]], *columns: "sa.Column[Any]") -> None:
    keys = [sa.Column(each, sa.String(size), nullable=False) for each, size in key]
    op.create_table(name, *keys, *columns, sa.PrimaryKeyConstraint(*(each for each, _ in key), name=op.f(f"pk_{name}")))


def downgrade() -> None:
    for name in ("mention", "inbox_choice", "saved_filter"):
        op.drop_table(name)
    op.drop_index("ix_account_kind", "account")
    for name in (*SOME, "ix_task_group_procedure", NAME):
        op.drop_index(name, "task_group")
    with op.batch_alter_table("task_group") as table:
        for name in ("procedure", "assignee", "follow_up_at"):
            table.drop_column(name)
    op.create_index(NAME, "task_group", COLUMNS, postgresql_include=["words"])
