"""An engine on a fresh database with the real catalog deployed, and people of every group to act in tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.adapters.clock import SteppedClock
from engine.adapters.process_runner import Library
from engine.bootstrap import App, build
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.procedure import Procedure
from engine.scenarios import Player, read
from engine.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
UNIT = "xa-mau"
NOBODY = ROOT / "tests" / "data" / "no_connectors.toml"  # outside parties of a house that needs none
OPENING = datetime(2022, 12, 19, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


# What was read of the deployed catalog: desks that are opened by the hundred share it, as those of one house do.
LIBRARIES: dict[tuple[str, int, str], Library] = {}
VERSIONS: dict[tuple[str, int], Procedure] = {}


def officer(*groups: str, name: str = "") -> Actor:
    """An officer of the test unit in these groups."""
    return Actor(
        id=name or f"officer-{groups[0]}", name=name or groups[0], kind="officer", unit=UNIT, groups=frozenset(groups)
    )


def citizen(account: str = "citizen1") -> Actor:
    """A citizen of the test unit."""
    return Actor(id=account, name=account, kind="citizen", unit=UNIT)


@dataclass(frozen=True, slots=True)
class Desk:
    """An engine under test with a clock that moves when told."""

    app: App
    clock: SteppedClock

    def play(
        self,
        path: Path,
        *,
        steps: int | None = None,
        watch: Callable[[Case], None] = lambda case: None,
        check: bool = True,
    ) -> Case:
        """Play a scenario of the catalog; ScenarioError when the case goes another way, unless nobody checks."""
        scenario = read(path)
        self.clock.set(max(scenario.start_at, self.clock.now()))
        stage = Player(self.app.ports, self.app.bus, self.app.worker, self.clock, member=officer, watch=watch)
        return stage.play(scenario, procedure_of(path), steps=steps, check=check)


class AnyDay:
    """A clock that may be set back, where each case is filed on the day of its own scenario."""

    def __init__(self) -> None:
        self.instant = OPENING

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self.instant


def open_desk(
    home: Path,
    url: str,
    *,
    at: datetime = OPENING,
    demo: bool = False,
    deployed: bool = False,
    connectors: Path | None = None,
) -> Desk:
    """Build the engine, bring the database up and deploy the catalog, unless the database has been through that.

    Without `connectors` it reaches nobody: no test waits for a stand-in that is not running.
    """
    settings = Settings(
        home=home,
        database_url=url,
        catalog=ROOT / "catalog",
        unit=UNIT,
        demo=demo,
        secure_cookies=False,
        connectors=connectors or NOBODY,
    )
    clock = SteppedClock(at)
    app = build(settings, clock=clock, migrate=not deployed)
    if deployed:
        app.diagrams._libraries = LIBRARIES
        app.catalog._versions = VERSIONS
        app.catalog.refresh()
        VERSIONS.update(app.catalog._versions)
    for procedure in () if deployed else app.file_catalog.procedures:
        app.deploy(procedure)
    return Desk(app, clock)


@cache
def stage() -> Path:
    """A SQLite database in which the whole catalog is deployed; made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-stage-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_desk(folder, f"sqlite:///{folder / 'stage.db'}").app.store.close()
    return folder / "stage.db"


@contextmanager
def desk_on_stage(home: Path, *, connectors: Path | None = None) -> Iterator[Desk]:
    """An engine on a copy of the stage: as good as a fresh one, and much sooner there."""
    shutil.copyfile(stage(), home / "motcua.db")
    desk = open_desk(home, f"sqlite:///{home / 'motcua.db'}", deployed=True, connectors=connectors)
    yield desk
    desk.app.store.close()


def first_scenario(slug: str) -> Path:
    """The happy path of a procedure: the scenario that sorts first."""
    return sorted((ROOT / "catalog" / slug / "tests").glob("*.toml"))[0]


def slugs() -> list[str]:
    """The folders of the catalog that hold a procedure and scenarios."""
    heads = (ROOT / "catalog").glob("*/procedure.toml")
    return sorted(head.parent.name for head in heads if any(head.parent.glob("tests/*.toml")))


def scenario_paths() -> list[Path]:
    """Every scenario of the catalog."""
    return sorted((ROOT / "catalog").glob("*/tests/*.toml"))


def procedure_of(path: Path) -> str:
    """The code of the procedure that a scenario belongs to."""
    for line in (path.parent.parent / "procedure.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("code = "):
            return line.split('"')[1]
    raise AssertionError(f"{path}: no procedure code")
