"""Plays the scenarios of the catalog folder, each on an empty database, and says where a case went astray."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from engine.adapters.catalog_files import FileCatalog
from engine.adapters.clock import SteppedClock
from engine.bootstrap import App, build
from engine.commands.messages import DeployProcedure
from engine.domain.actor import Actor, system
from engine.domain.errors import DomainError, FormInvalidError
from engine.domain.events import Recorded
from engine.domain.procedure import Procedure
from engine.scenarios import Player, Scenario, ScenarioError, read
from engine.settings import Settings

Entries = Sequence[tuple[Path, Procedure]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A scenario that was played: what differed, line by line (nothing: it went its way), and the case's history."""

    folder: str
    file: str
    name: str
    procedure: Procedure
    problems: tuple[str, ...]
    history: tuple[Recorded, ...] = ()


def entries(settings: Settings, slugs: Sequence[str] = ()) -> list[tuple[Path, Procedure]]:
    """Folders of the catalog with their procedures, or those with a slug or folder name in `slugs`; CatalogError."""
    catalog = FileCatalog.load(settings.catalog)
    chosen = [path for path in catalog.folders() if not slugs or {path.name, path.name.partition("@")[0]} & {*slugs}]
    return [(path, catalog.read(path)) for path in chosen]


def rehearse(settings: Settings, chosen: Entries) -> Iterator[Played]:
    """Play every scenario of the chosen folders in turn; nothing is left of it. CatalogError when one cannot run."""
    with tempfile.TemporaryDirectory(prefix="motcua-") as name:
        home = Path(name)
        stage = replace(settings, home=home, database_url=f"sqlite:///{home / 'stage.db'}")
        _deploy(stage, [procedure for _, procedure in chosen])
        for folder, procedure in chosen:
            for path in sorted(folder.glob("tests/*.toml")):
                yield _played(stage, path, procedure)


def _deploy(stage: Settings, procedures: Sequence[Procedure]) -> None:
    app = build(stage)
    for each in procedures:
        key = f"deploy/{each.code}/{each.version}"
        app.handle(DeployProcedure(procedure=each), system(stage.unit), key)
    app.store.close()


def _played(stage: Settings, path: Path, procedure: Procedure) -> Played:
    blank = Played(folder=path.parent.parent.name, file=path.name, name="", procedure=procedure, problems=())
    try:
        scenario = read(path)
        clock = SteppedClock(scenario.start_at)
    except Exception as error:  # whatever a person may write into a file is a finding, not a crash
        return replace(blank, problems=(f"{path.name}: {type(error).__name__}: {error}",))
    with ExitStack() as closing:
        database = stage.home / "one.db"
        shutil.copyfile(stage.home / "stage.db", database)
        app = build(replace(stage, database_url=f"sqlite:///{database}"), clock=clock, migrate=False)
        closing.callback(database.unlink)
        closing.callback(app.store.close)
        problems = _problems(app, clock, scenario, procedure.code)
        cases = app.store.case_ids()
        history = tuple(link for _, case_id in cases for link in app.store.events(case_id))
        return replace(blank, name=scenario.name, problems=problems, history=history)


def _problems(app: App, clock: SteppedClock, scenario: Scenario, code: str) -> tuple[str, ...]:
    player = Player(app.ports, app.bus, app.worker, clock, member=lambda group: _member(app, group))
    try:
        case = player.play(scenario, code)
    except FormInvalidError as error:
        lines = [f"{path}: {' '.join(said)}" for path, said in error.errors.items()]
        return (f"{_where(error)}{error.message}", *lines)
    except DomainError as error:
        return (f"{_where(error)}{error.message} ({error.code})",)
    except ScenarioError as error:
        return (str(error),)
    except Exception as error:  # a slip in the file, such as a step without `by`, is told like a difference
        return (f"{_where(error)}{type(error).__name__}: {error}",)
    different = app.auditor.differences(case.id)
    return tuple(f"replay: {each['what']}: expected {each['expected']}, found {each['found']}" for each in different)


def _where(error: Exception) -> str:
    return "".join(f"{note}: " for note in getattr(error, "__notes__", ()))


def _member(app: App, group: str) -> Actor:
    """Somebody of the group; a group that does not exist has nobody."""
    if group not in app.file_catalog.groups:
        raise ScenarioError(f"there is no group {group}")
    return Actor(id=f"officer-{group}", name=group, kind="officer", unit=app.settings.unit, groups=frozenset({group}))
