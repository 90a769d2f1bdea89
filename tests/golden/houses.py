"""Databases as a release left them: every table's rows as text, and back into a database of any kind."""

from __future__ import annotations

import base64
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, LargeBinary, MetaData, Table, inspect

from engine.adapters.db import SqlStore, open_store, upgrade
from engine.adapters.db.migrate import config

FOLDER = Path(__file__).parent
LEFT_OUT = frozenset({"alembic_version", "session", "attempt"})  # of no use to whoever comes later
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A small installation with one case: `done` steps of its scenario were played, at `now` by the clock."""

    name: str
    now: str
    done: int
    case_id: str
    scenario: Mapping[str, Any]
    rows: Rows
    files: Mapping[str, str]  # stored files by digest, in base64


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What all houses of a release share: the revision of their tables and the deployed procedures."""

    release: str
    revision: str
    deployments: list[dict[str, Any]]


def releases() -> list[str]:
    """The releases that have left something, oldest first."""
    return sorted(path.name for path in FOLDER.iterdir() if (path / "houses.jsonl.xz").exists())


def write(path: Path, release: Release, houses: Iterable[House]) -> None:
    """Write the file of a release; one that is there already is never written again (FileExistsError)."""
    path.parent.mkdir(exist_ok=True)
    lines = [json.dumps(asdict(each), ensure_ascii=False, sort_keys=True) for each in (release, *houses)]
    with path.open("xb") as file:
        file.write(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))


def read(name: str) -> tuple[Release, dict[str, House]]:
    """A release and its houses by name."""
    text = lzma.decompress((FOLDER / name / "houses.jsonl.xz").read_bytes()).decode()
    first, *others = (json.loads(line) for line in text.split("\n"))
    return Release(**first), {each["name"]: House(**each) for each in others}


def dump(url: str) -> tuple[str, Rows]:
    """The revision and all rows of an SQLite database, as the driver gives them; bytes in base64."""
    store = open_store(url)
    with store.reading() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        names = sorted(set(inspect(connection).get_table_names()) - LEFT_OUT)
        found = {name: list(_dumped(connection, name)) for name in names}
    store.close()
    assert revision
    return revision, {name: rows for name, rows in found.items() if rows}


def _dumped(connection: Connection, name: str) -> Iterator[dict[str, Any]]:
    for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings():
        yield {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in row.items()}


def put_back(url: str, release: Release, house: House) -> SqlStore:
    """Make a database as the release had it, fill it, and bring it to the present form."""
    command.upgrade(config(url), release.revision)
    store = open_store(url)
    with store.engine.begin() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for name, rows in {**house.rows, "deployment": release.deployments}.items():
            _fill(connection, metadata.tables[name], rows)
    store.close()
    upgrade(url)
    return open_store(url)


def _fill(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        connection.execute(table.insert().values({k: _typed(table.c[k], v) for k, v in row.items()}))


def _typed(column: Column[Any], value: Any) -> Any:
    """A dumped value as the reflected column takes it."""
    if value is None:
        return None
    match column.type:
        case LargeBinary():
            return base64.b64decode(value)
        case Boolean():
            return bool(value)
        case DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
    return value
