"""Plays the scenarios of the catalog folder, each on an empty database, and says where a case went astray."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from engine.adapters.catalog_files import FileCatalog
from engine.adapters.catalog_shared import SHARED
from engine.adapters.clock import SteppedClock
from engine.bootstrap import App, build
from engine.commands.bus import Bus
from engine.commands.worker import Worker
from engine.coverage import Condition, Flow, Seen, WatchedForms, expected, summary
from engine.domain.actor import Actor
from engine.domain.errors import DomainError, FormInvalidError
from engine.domain.procedure import Procedure
from engine.scenarios import Player, Scenario, ScenarioError, read
from engine.settings import Settings

Entries = Sequence[tuple[Path, Procedure]]
BATCH = 8  # scenarios handed to a process at a time: neighbours mostly share a procedure, which is then compiled once
DATABASE = "stage.db"
FRESH = get_context("spawn")  # a forked process lacks the threads that typesetting has begun, and would wait for them
BESIDE = ("", "-wal", "-shm")  # what SQLite may have left of a database


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A scenario that was played, and what differed, line by line; nothing: it went its way."""

    folder: str
    file: str
    name: str
    problems: tuple[str, ...] = ()


def entries(settings: Settings, slugs: Sequence[str] = ()) -> list[tuple[Path, Procedure]]:
    """Folders of the catalog with their procedures, or those with a slug or folder name in `slugs`; CatalogError."""
    catalog = FileCatalog.load(settings.catalog)
    chosen = [path for path in catalog.folders() if not slugs or {path.name, path.name.partition("@")[0]} & {*slugs}]
    return [(path, catalog.read(path)) for path in chosen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A scenario file to be played, and the procedure version it belongs to."""

    path: Path
    code: str
    version: int

    @property
    def folder(self) -> str:
        """The name of the procedure's folder."""
        return self.path.parent.parent.name


def turns(chosen: Entries) -> list[Turn]:
    """The scenarios of these folders, in order."""
    return [
        Turn(path=path, code=procedure.code, version=procedure.version)
        for folder, procedure in chosen
        for path in sorted(folder.glob("tests/*.toml"))
    ]


def rehearse(settings: Settings, chosen: Entries, seen: Seen | None = None, *, jobs: int = 1) -> Iterator[Played]:
    """Play every scenario of the chosen folders; nothing is left of it. CatalogError when one cannot be deployed.

    They are told in order, though up to `jobs` processes play at the same time. What they reach is noted in `seen`.
    """
    noted = Seen() if seen is None else seen
    with tempfile.TemporaryDirectory(prefix="motcua-") as name:
        stage = _moved(settings, Path(name))
        deploy(stage, [procedure for _, procedure in chosen])
        for played, reached in _outcomes(stage, turns(chosen), jobs):
            noted.add(reached)
            yield played


def _outcomes(deployed: Settings, waiting: Sequence[Turn], jobs: int) -> Iterator[tuple[Played, Seen]]:
    processes = min(jobs, -(-len(waiting) // BATCH))
    if processes < 2:
        with closing(Stage(deployed)) as stage:
            yield from map(stage.play, waiting)
        return
    with ProcessPoolExecutor(processes, mp_context=FRESH) as pool:
        yield from pool.map(partial(_elsewhere, deployed), waiting, chunksize=BATCH)


def _elsewhere(deployed: Settings, turn: Turn) -> tuple[Played, Seen]:
    """In a process of the pool: play on its own stage."""
    return _own_stage(deployed).play(turn)


@cache
def _own_stage(deployed: Settings) -> Stage:
    return Stage(deployed)


def _moved(settings: Settings, home: Path) -> Settings:
    """The settings with home and database in another folder, and nobody outside to be reached."""
    return replace(settings, home=home, database_url=f"sqlite:///{home / DATABASE}", demo=False, connectors=None)


def deploy(stage: Settings, procedures: Sequence[Procedure]) -> None:
    """Make the database and deploy into it; CatalogError."""
    app = build(stage)
    for each in procedures:
        app.deploy(each)
    app.store.close()


class Stage:
    """An engine for one scenario after the other, each on a fresh copy of a database with the catalog deployed.

    What it has read and compiled of the catalog it keeps; cases and numbers of a scenario go with its database.
    """

    def __init__(self, deployed: Settings) -> None:
        self._deployed = deployed.home / DATABASE
        self.home = deployed.home / f"play-{os.getpid()}"
        self._clock = SteppedClock(datetime.min.replace(tzinfo=UTC))
        self._lay_out()
        self._app = build(_moved(deployed, self.home), clock=self._clock, migrate=False)

    def play(self, turn: Turn) -> tuple[Played, Seen]:
        """Play a scenario from the beginning: how it went, and what it reached."""
        seen, blank = Seen(), Played(folder=turn.folder, file=turn.path.name, name="")
        try:
            scenario = read(turn.path)
            self._clear(scenario.start_at)
        except Exception as error:  # whatever a person may write into a file is a finding, not a crash
            return replace(blank, problems=(f"{turn.path.name}: {type(error).__name__}: {error}",)), seen
        app, procedure = self._app, self._app.catalog.procedure(turn.code, turn.version)
        player = _player(app, self._clock, procedure, turn.folder, seen)
        problems = _problems(app, player, scenario, procedure.code)
        for _, case_id in app.store.case_ids():
            seen.walked(turn.folder, processes(app, procedure), app.store.events(case_id))
        return replace(blank, name=scenario.name, problems=problems), seen

    def close(self) -> None:
        """Give the database back."""
        self._app.store.close()

    def _clear(self, start_at: datetime) -> None:
        self._clock.restart(start_at)
        self.close()
        self._lay_out()

    def _lay_out(self) -> None:
        """The database as it is after deploying, in the place of the one that was played on."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for end in BESIDE:
            (self.home / f"{DATABASE}{end}").unlink(missing_ok=True)
        shutil.copyfile(self._deployed, self.home / DATABASE)


def _player(app: App, clock: SteppedClock, procedure: Procedure, folder: str, seen: Seen) -> Player:
    forms = WatchedForms(app.forms, app.ports.expressions, folder, seen)
    ports = replace(app.ports, forms=forms)
    bus = Bus(ports)
    return Player(
        ports,
        bus,
        Worker(ports, bus, "rehearsal"),
        clock,
        member=lambda group: _member(app, group),
        watch=lambda case: forms.assessed(procedure, case),
    )


def processes(app: App, procedure: Procedure) -> dict[str, bool]:
    """The processes of a procedure by their ids, and whether they are shared."""
    shared = {data for name, data in procedure.files.items() if name.startswith(f"{SHARED}/")}
    return {d.id: d.xml in shared for d in app.diagrams.library(procedure).definitions.values()}


def coverage(settings: Settings, chosen: Entries, seen: Seen, *, shared: bool) -> dict[str, Any]:
    """{flows, conditions} of procedures, each {walked, total, missing}; what is shared only when asked for."""
    with tempfile.TemporaryDirectory(prefix="motcua-") as name:
        home = Path(name)
        app = build(replace(settings, home=home, database_url=f"sqlite:///{home / 'stage.db'}"))
        conditions: set[Condition] = set()
        flows: set[Flow] = set()
        for folder, procedure in chosen:
            conditions |= expected(folder.name, procedure, app.forms)
            kinds = processes(app, procedure)
            for definition in app.diagrams.library(procedure).definitions.values():
                home_of = SHARED if kinds[definition.id] else folder.name
                flows |= {(home_of, definition.id, flow) for flow in definition.flows}
        app.store.close()
    if not shared:
        conditions = {each for each in conditions if not each[0].startswith(SHARED)}
        flows = {each for each in flows if each[0] != SHARED}
    both = {True, False}
    return {
        "flows": summary(flows, lambda flow: flow in seen.flows, lambda flow: "{}: {}/{}".format(*flow)),
        "conditions": summary(
            conditions, lambda c: seen.truths.get(c, set()) == both, lambda c: _unseen(c, seen.truths.get(c, set()))
        ),
    }


def _unseen(condition: Condition, values: set[bool]) -> str:
    file, where, text = condition
    never = " or ".join(word for value, word in ((True, "true"), (False, "false")) if value not in values)
    return f"{file}: {where or 'top'}: {text}: never {never}"


def _problems(app: App, player: Player, scenario: Scenario, code: str) -> tuple[str, ...]:
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
