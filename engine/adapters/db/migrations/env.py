"""Runs migrations on the database that the caller names, one process at a time, all or nothing."""

from alembic import context
from sqlalchemy import Connection, text

from engine.adapters.db.catching_up import catch_up
from engine.adapters.db.connection import connect
from engine.adapters.db.outage import patience
from engine.adapters.db.tables import metadata

LOCK = 6_211_047  # any number, the same in every release: who migrates PostgreSQL holds it


@patience()
def migrate() -> None:
    """SQLite's foreign keys are off meanwhile, since a table rebuilt with them on deletes its children."""
    engine = connect(context.config.attributes["url"])
    try:
        with engine.connect() as connection:
            lite = connection.dialect.name == "sqlite"
            if lite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")  # outside any transaction
            context.configure(
                connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
            )
            with context.begin_transaction():
                if not lite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                before = context.get_context().get_current_revision()
                context.run_migrations()
                catch_up(connection, before, context.get_context().get_current_revision())
                if lite:
                    check(connection)
    finally:
        engine.dispose()


def check(connection: Connection) -> None:
    """Before anything is committed: no row points nowhere."""
    if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError("the migration left rows that point nowhere")


migrate()
