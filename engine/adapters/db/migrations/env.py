"""Runs migrations on the database that the caller names; SQLite's foreign keys are off meanwhile and checked afterwards."""

from alembic import context

from engine.adapters.db.connection import connect
from engine.adapters.db.tables import metadata


def migrate() -> None:
    engine = connect(context.config.attributes["url"])
    with engine.connect() as connection:
        lite = connection.dialect.name == "sqlite"
        if lite:
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")  # a table rebuilt with them on deletes its children
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if lite and raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("the migration left rows that point nowhere")
    engine.dispose()


migrate()
