"""Migrations by alembic, started from code."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from engine.adapters.db.connection import reading

SCRIPTS = Path(__file__).parent / "migrations"
ONE = Lock()  # alembic keeps what it is doing in module globals


def config(url: str | None = None) -> Config:
    """alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["url"] = url
    return made


def upgrade(url: str) -> None:
    """Bring the database to the newest form."""
    with ONE:
        command.upgrade(config(url), "head")


def at_head(engine: Engine) -> bool:
    """Whether the database has the form that this release expects."""
    expected = ScriptDirectory.from_config(config()).get_current_head()
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision() == expected
