"""Write down what this release leaves behind, once: python -m tests.golden.record RELEASE

Each scenario of the catalog leaves two installations: one with its case at the end, one with its case half-way.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.domain.codec import plain
from engine.scenarios import read
from tests.golden import steps as control
from tests.golden.houses import FOLDER, House, Release, dump, write
from tests.support.desk import open_desk, scenario_paths


def played(path: Path, home: Path, steps: int | None) -> tuple[House, Release]:
    """Play a scenario in an installation of its own and write that down."""
    url = f"sqlite:///{home / 'house.db'}"
    scenario = read(path)
    desk = open_desk(home, url, at=scenario.start_at)
    case = desk.play(path, steps=steps)
    now = desk.clock.now().isoformat()
    desk.app.store.close()
    revision, rows = dump(url)
    deployments = rows.pop("deployment")
    stored = [file for file in (home / "files").rglob("*") if file.is_file()]
    kept = ("name", "start_at", "channel", "delivery", "applicant", "application", "steps", "end")
    house = House(
        name=f"{path.parent.parent.name}/{path.stem}/{'end' if steps is None else steps}",
        now=now,
        done=len(scenario.steps) if steps is None else steps,
        case_id=case.id,
        scenario=plain({name: getattr(scenario, name) for name in kept}),
        rows=rows,
        files={file.name: base64.b64encode(file.read_bytes()).decode() for file in stored if steps is not None},
    )
    return house, Release(release="", revision=revision, deployments=deployments)


def all_houses() -> Iterator[tuple[House, Release]]:
    """Every scenario to its end, and half-way."""
    for path in scenario_paths():
        for steps in (None, len(read(path).steps) // 2):
            with tempfile.TemporaryDirectory() as folder:
                yield played(path, Path(folder), steps)


def main(name: str) -> None:
    """Write the file of a release."""
    found = list(all_houses())
    first = found[0][1]
    release = Release(release=name, revision=first.revision, deployments=first.deployments)
    path = FOLDER / name / "houses.jsonl.xz"
    write(path, release, [house for house, _ in found])
    print(f"{len(found)} installations, {control.record(name)} processes")


if __name__ == "__main__":
    main(sys.argv[1])
