"""What all tests share: databases of their own, and no network but this machine."""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from engine.adapters.db import upgrade
from tests.support.desk import open_desk, stage
from tests.support.postgres import cluster, drop_database, fresh_database

settings.register_profile(
    "house",
    deadline=None,  # a busy machine is no failure
    print_blob=True,
    derandomize=not os.environ.get("SEED"),  # as tests.support.seeds
)
settings.load_profile("house")
TEMPLATE = "motcua_template"
LOCAL = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOCAL):
            raise OSError(f"tests may not reach {address[0]}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A PostgreSQL that lives as long as the test run, with a migrated template database."""
    with cluster() as url:
        template = f"{TEMPLATE}_{uuid.uuid4().hex[:8]}"
        upgrade(fresh_database(url, template))
        yield f"{url}#{template}"
        drop_database(url, template)


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    url, template = postgres_cluster.split("#")
    name = f"t_{uuid.uuid4().hex}"
    yield fresh_database(url, name, template)
    drop_database(url, name)


@pytest.fixture(scope="session")
def postgres_stage(postgres_cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a PostgreSQL database in which the whole catalog is deployed, to be copied."""
    url, template = postgres_cluster.split("#")
    name = f"stage_{uuid.uuid4().hex[:8]}"
    home = tmp_path_factory.mktemp("stage")
    open_desk(home, fresh_database(url, name, template)).app.store.close()
    yield name
    drop_database(url, name)


@pytest.fixture
def deployed_postgres_url(postgres_cluster: str, postgres_stage: str) -> Iterator[str]:
    """A fresh PostgreSQL database with the whole catalog deployed."""
    url = postgres_cluster.split("#")[0]
    name = f"d_{uuid.uuid4().hex}"
    yield fresh_database(url, name, postgres_stage)
    drop_database(url, name)


@pytest.fixture
def deployed_sqlite_url(tmp_path: Path) -> str:
    """A fresh SQLite file with the whole catalog deployed."""
    shutil.copyfile(stage(), tmp_path / "deployed.db")
    return f"sqlite:///{tmp_path / 'deployed.db'}"


@pytest.fixture
def empty_postgres_url(postgres_cluster: str) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    url = postgres_cluster.split("#")[0]
    name = f"e_{uuid.uuid4().hex}"
    yield fresh_database(url, name)
    drop_database(url, name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh SQLite file."""
    return f"sqlite:///{tmp_path / 'motcua.db'}"
