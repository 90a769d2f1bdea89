"""Plays the scenarios of the catalog folder, each on an empty database, and says where a case went astray."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.adapters.catalog_files import FileCatalog
from engine.adapters.catalog_shared import SHARED
from engine.adapters.clock import SteppedClock
from engine.bootstrap import App, build
from engine.commands.bus import Bus
from engine.commands.messages import DeployProcedure
from engine.commands.worker import Worker
from engine.coverage import Condition, Flow, Seen, WatchedForms, expected, summary
from engine.domain.actor import Actor, system
from engine.domain.errors import DomainError, FormInvalidError
from engine.domain.procedure import Procedure
from engine.scenarios import Player, Scenario, ScenarioError, read
from engine.settings import Settings

Entries = Sequence[tuple[Path, Procedure]]


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


def rehearse(settings: Settings, chosen: Entries, seen: Seen | None = None) -> Iterator[Played]:
    """Play every scenario of the chosen folders in turn; nothing is left of it. CatalogError when one cannot run.

    What they reach is noted in `seen`.
    """
    noted = Seen() if seen is None else seen
    with tempfile.TemporaryDirectory(prefix="motcua-") as name:
        home = Path(name)
        stage = replace(settings, home=home, database_url=f"sqlite:///{home / 'stage.db'}")
        _deploy(stage, [procedure for _, procedure in chosen])
        for folder, procedure in chosen:
            for path in sorted(folder.glob("tests/*.toml")):
                yield _played(stage, path, procedure, noted)


def _deploy(stage: Settings, procedures: Sequence[Procedure]) -> None:
    app = build(stage)
    for each in procedures:
        key = f"deploy/{each.code}/{each.version}"
        app.handle(DeployProcedure(procedure=each), system(stage.unit), key)
    app.store.close()


def _played(stage: Settings, path: Path, procedure: Procedure, seen: Seen) -> Played:
    blank = Played(folder=path.parent.parent.name, file=path.name, name="")
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
        player = _player(app, clock, procedure, blank.folder, seen)
        problems = _problems(app, player, scenario, procedure.code)
        for _, case_id in app.store.case_ids():
            seen.walked(blank.folder, processes(app, procedure), app.store.events(case_id))
        return replace(blank, name=scenario.name, problems=problems)


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
        app = build(replace(settings, home=home, database_url=f"sqlite:///{home / 'stage.db'}"), migrate=False)
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
