"""A login is of its unit: communes that share a database do not take names from each other"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_account_login", "account")
    op.create_index("uq_account_login", "account", ["unit", "login"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_account_login", "account")
    op.create_index("uq_account_login", "account", ["login"], unique=True)
