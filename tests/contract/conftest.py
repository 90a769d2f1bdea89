"""Every contract runs on the in-memory twin, on SQLite and on PostgreSQL; a test finds its database empty."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.adapters.db import SqlStore, open_store, upgrade
from engine.adapters.db.tables import metadata
from engine.adapters.memory import MemoryStore
from engine.ports import Store
from tests.support.postgres import drop_database, fresh_database

KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "motcua.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_store(migrated_file: Path, sqlite_url: str) -> Iterator[SqlStore]:
    shutil.copy(migrated_file, sqlite_url.removeprefix("sqlite:///"))
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def shared_postgres(postgres_cluster: str) -> Iterator[SqlStore]:
    url, template = postgres_cluster.split("#")
    name = f"t_{uuid.uuid4().hex}"
    store = open_store(fresh_database(url, name, template))
    yield store
    store.close()
    drop_database(url, name)


@pytest.fixture
def postgres_store(shared_postgres: SqlStore) -> SqlStore:
    with shared_postgres.engine.begin() as connection:  # quicker than a database for each test
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}"))
    return shared_postgres


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
