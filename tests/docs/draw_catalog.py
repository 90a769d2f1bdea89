"""Draws the catalog's diagrams to docs/catalog and lists all procedures on a page.

Run: python -m tests.docs.draw_catalog [SLUG … | FILE.bpmn …] [--all] [--out DIR]. Without a name: every diagram that is
another than the one in its picture (--all: every diagram), and the page. With names: those.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.docs.listing import page
from tests.docs.picture import Draughtsman, digest, drawing, drawn_from
from tests.support.browser import ROOT

CATALOG = ROOT / "catalog"
OUT = ROOT / "docs" / "catalog"


def diagrams(catalog: Path = CATALOG) -> dict[str, Path]:
    """Every diagram by the name of its picture: procedures by folder, the shared processes by their file."""
    own = {path.parent.name: path for path in sorted(catalog.glob("*/process.bpmn"))}
    return own | {f"_{path.stem}": path for path in sorted(catalog.glob("_shared/processes/*.bpmn"))}


def wanted(names: list[str]) -> dict[str, Path]:
    """The diagrams of these names; a name may also be a file. SystemExit when one is neither."""
    known, found = diagrams(), dict[str, Path]()
    for name in names:
        path = known.get(name, Path(name))
        if not path.is_file():
            sys.exit(f"no diagram {name}: a folder of catalog/, a shared process (_intake) or a .bpmn file")
        found[name if name in known else path.parent.name if path.name == "process.bpmn" else path.stem] = path
    return found


def draw(draughtsman: Draughtsman, diagram: Path, target: Path) -> None:
    """Write `target`.svg and `target`.png."""
    picture = draughtsman.draw(diagram.read_bytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.with_name(f"{target.name}.svg").write_text(picture.svg, encoding="utf-8")
    target.with_name(f"{target.name}.png").write_bytes(picture.png)
    print(target.with_name(f"{target.name}.png"), flush=True)


def stale(out: Path, catalog: Path = CATALOG) -> dict[str, Path]:
    """Diagrams without a picture, or with a picture of what they were before."""
    every = diagrams(catalog)
    return {name: path for name, path in every.items() if drawn_from(out / f"{name}.svg") != digest(path.read_bytes())}


def clear(out: Path, catalog: Path = CATALOG) -> None:
    """Remove pictures of diagrams that the catalog no longer has; nothing else in the folder is touched."""
    every = diagrams(catalog)
    for svg in out.glob("*.svg"):
        if drawn_from(svg) and svg.stem not in every:
            svg.unlink()
            svg.with_suffix(".png").unlink(missing_ok=True)


def main() -> int:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    todo = wanted(options.names) if options.names else diagrams() if options.all else stale(options.out)
    if todo:
        with drawing() as draughtsman:
            for name, path in todo.items():
                draw(draughtsman, path, options.out / name)
    if not options.names:
        clear(options.out)
        (options.out / "README.md").write_text(page(CATALOG), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
