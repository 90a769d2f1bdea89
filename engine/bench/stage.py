"""What a bench needs to begin: the engine on an empty database, the catalog deployed, one person for every group."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.bootstrap import App, build
from engine.domain.actor import Actor
from engine.domain.errors import DomainError
from engine.scenarios import Scenario, read
from engine.settings import Settings

FILE = Path("_shared") / "bench.toml"
TELLING = '[mail]\nhost = "mail.invalid"\nport = "25"\nsender = "bench@mail.invalid"\n'  # nobody delivers in a bench


class DatabaseInUseError(DomainError):
    """Cơ sở dữ liệu này đã có hồ sơ; hãy dùng một cơ sở dữ liệu trống để đo.
    | This database holds cases already; a bench needs an empty one of its own."""

    code = "database_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is played: a scenario of the catalog and the code of its procedure."""

    scenario: Scenario
    procedure: str


@contextmanager
def stage(settings: Settings, url: str) -> Iterator[App]:
    """The engine on the database `url`, with files of its own that are thrown away; DatabaseInUseError.

    It tells applicants as a house with a mail server does: by rows that a deliverer would find.
    """
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as home:
        connectors = settings.connectors or _connectors(Path(home))
        app = build(replace(settings, home=Path(home), database_url=url, connectors=connectors))
        try:
            if app.store.case_ids():
                raise DatabaseInUseError()
            deploy(app)
            yield app
        finally:
            app.store.close()


def _connectors(home: Path) -> Path:
    path = home / "connectors.toml"
    path.write_text(TELLING, encoding="utf-8")
    return path


def deploy(app: App) -> None:
    """Deploy the catalog folder, as `motcua catalog deploy` does."""
    for procedure in app.file_catalog.procedures:
        app.deploy(procedure)


def plan(catalog: Path) -> dict[str, Any]:
    """What bench.toml of the catalog says."""
    return tomllib.loads((catalog / FILE).read_text(encoding="utf-8"))


def piece(catalog: Path, name: str = "scenario") -> Piece:
    """The scenario that bench.toml names."""
    path = catalog / str(plan(catalog)[name])
    head = tomllib.loads((path.parent.parent / "procedure.toml").read_text(encoding="utf-8"))
    return Piece(scenario=read(path), procedure=str(head["code"]))


def member(unit: str, group: str) -> Actor:
    """The one person of a group."""
    return Actor(id=f"bench-{group}", name=group, kind="officer", unit=unit, groups=frozenset({group}))
