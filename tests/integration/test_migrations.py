"""Migrations give the very tables the code declares, once, whoever runs them, and never lose rows on the way."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from engine.adapters.db import SqlReadModels, at_head, open_store, upgrade
from engine.adapters.db.migrate import SCRIPTS, config
from engine.adapters.db.tables import metadata
from tests.support.cases import START, case, deadline, keep, task, with_open
from tests.support.postgres import drop_database, fresh_database
from tests.support.threads import at_once

EVERY = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
INDEXES_OF_WORDS = {"ix_task_search", "ix_case_file_search"}
NOT_OF_A_UNIT = {"deployment", "attempt"}


@pytest.fixture(params=EVERY)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'một cửa 100%.db'}"
        return
    url = request.getfixturevalue("postgres_cluster").split("#")[0]
    name = f"m_{abs(hash(request.node.nodeid))}"
    yield fresh_database(url, name)
    drop_database(url, name)


def child(url: str) -> int:
    """A process that migrates; its number."""
    number = os.fork()
    if number == 0:
        status = 1
        try:
            upgrade(url)
            status = 0
        finally:
            os._exit(status)
    return number


def declared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether every database has it; the indexes of words are only where PostgreSQL's extension may be had."""
    return kind != "index" or name not in INDEXES_OF_WORDS


def indexes_of_words(url: str) -> set[str]:
    store = open_store(url)
    seen = inspect(store.engine)
    found = {str(index["name"]) for table in seen.get_table_names() for index in seen.get_indexes(table)}
    store.close()
    return found & INDEXES_OF_WORDS


@pytest.mark.postgres
def test_postgresql_gets_indexes_of_words_and_loses_them_on_the_way_down(empty_postgres_url: str) -> None:
    upgrade(empty_postgres_url)
    assert indexes_of_words(empty_postgres_url) == INDEXES_OF_WORDS
    command.downgrade(config(empty_postgres_url), "0004")
    assert indexes_of_words(empty_postgres_url) == set()


@pytest.mark.postgres
def test_long_texts_are_compressed_by_lz4_where_the_server_knows_it(empty_postgres_url: str) -> None:
    known = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    kept = (
        "SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute "
        "WHERE attcompression = 'l' AND attname IN ('state', 'data') AND NOT attisdropped"
    )
    upgrade(empty_postgres_url)
    with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
        has = connection.execute(known).fetchone() == (True,)
        found = {name for (name,) in connection.execute(kept)}
        assert {"case_file.state", "event.data"} & found == ({"case_file.state", "event.data"} if has else set())
        command.downgrade(config(empty_postgres_url), "0013")
        assert {"case_file.state", "event.data"} & {name for (name,) in connection.execute(kept)} == set()


@pytest.mark.postgres
def test_who_may_not_make_the_extension_gets_all_tables_and_searches_without_it(empty_postgres_url: str) -> None:
    name = f"plain_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"GRANT CREATE, USAGE ON SCHEMA public TO {name}")
    url = empty_postgres_url.replace("//postgres@", f"//{name}@")
    upgrade(url)
    assert indexes_of_words(url) == set()
    store = open_store(url)
    begun = keep(store, with_open(case(), tasks=(task(),)))
    found = SqlReadModels(store).cases(begun.unit, {"search": begun.code}, after=None, limit=5)
    assert [row["case_id"] for row in found] == [begun.id]
    store.close()
    with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {name}")
        connection.execute(f"DROP ROLE {name}")


def test_migrations_make_the_declared_tables_and_nothing_else(empty_url: str) -> None:
    upgrade(empty_url)
    store = open_store(empty_url)
    with store.engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": declared}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    store.close()


def test_an_empty_database_is_not_at_head_and_a_migrated_one_is(empty_url: str) -> None:
    store = open_store(empty_url)
    assert not at_head(store.engine)
    upgrade(empty_url)
    assert at_head(store.engine)
    assert SqlReadModels(store).health()["migrated"] is True
    store.close()


def test_migrating_twice_keeps_every_row(empty_url: str) -> None:
    upgrade(empty_url)
    store = open_store(empty_url)
    begun = keep(store, with_open(case(), tasks=(task(),)))
    rows = store.rows(begun.id)
    upgrade(empty_url)
    assert store.rows(begun.id) == rows
    assert len(store.events(begun.id)) == 1
    store.close()


def test_terms_of_cases_that_are_there_already_are_filled_in(empty_url: str) -> None:
    upgrade(empty_url)
    store = open_store(empty_url)
    running = keep(store, case(1, deadline=deadline(START + timedelta(days=9))))
    over = keep(store, case(2, deadline=replace(deadline(START), finished_at=START)))
    rows = store.rows(running.id)
    command.downgrade(config(empty_url), "0023")
    upgrade(empty_url)
    assert store.rows(running.id) == rows
    assert [row["case_code"] for row in rows["term"]] == [running.code]
    assert list(store.rows(over.id)["term"]) == []
    store.close()


def test_several_threads_that_start_together_migrate_once(empty_url: str) -> None:
    assert at_once([lambda: upgrade(empty_url)] * 3) == [None, None, None]


def test_several_processes_that_start_together_migrate_once(empty_url: str) -> None:
    children = [child(empty_url) for _ in range(3)]
    assert [os.waitpid(each, 0)[1] for each in children] == [0, 0, 0]
    store = open_store(empty_url)
    assert at_head(store.engine)
    store.close()


def test_the_way_down_leaves_nothing_behind(empty_url: str) -> None:
    upgrade(empty_url)
    command.downgrade(config(empty_url), "base")
    store = open_store(empty_url)
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    store.close()
    upgrade(empty_url)


def test_migrations_form_one_line() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_what_belongs_to_a_commune_has_the_unit_first_in_its_key() -> None:
    firsts = {name: next(iter(table.primary_key.columns)).name for name, table in metadata.tables.items()}
    assert {name for name, first in firsts.items() if first != "unit"} == NOT_OF_A_UNIT


NEXT = """
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "9999", "{last}", None, None


def upgrade():
    op.create_table("half_made", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM case_file")
    {end}
"""
STRAY = """op.execute('CREATE TABLE child (id INTEGER REFERENCES half_made (id))')
    op.execute('INSERT INTO child VALUES (7)')"""


def with_another_migration(tmp_path: Path, url: str, end: str) -> Config:
    """The migrations of this release and one more, which ends as told."""
    folder = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, folder)
    made = config(url)
    made.set_main_option("script_location", str(folder))
    last = ScriptDirectory.from_config(config()).get_current_head()
    (folder / "versions" / "9999_more.py").write_text(NEXT.format(last=last, end=end))
    return made


def test_a_migration_that_breaks_off_half_way_leaves_everything_as_it_was(empty_url: str, tmp_path: Path) -> None:
    upgrade(empty_url)
    store = open_store(empty_url)
    begun = keep(store, with_open(case(), tasks=(task(),)))
    with pytest.raises(ZeroDivisionError):
        command.upgrade(with_another_migration(tmp_path, empty_url, "1 / 0"), "head")
    assert "half_made" not in inspect(store.engine).get_table_names()
    assert store.case(None, begun.id) == begun
    assert at_head(store.engine)
    store.close()


def test_migrations_that_break_off_on_an_empty_database_leave_it_empty(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        command.upgrade(with_another_migration(tmp_path, empty_url, "1 / 0"), "head")
    store = open_store(empty_url)
    assert inspect(store.engine).get_table_names() == []
    store.close()
    upgrade(empty_url)


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'motcua.db'}"
    upgrade(url)
    with pytest.raises(RuntimeError, match="nowhere"):
        command.upgrade(with_another_migration(tmp_path, url, STRAY), "head")
    store = open_store(url)
    assert at_head(store.engine)
    with store.reading() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    store.close()
