"""Axe on every page in every state: each branch of each template, each answer of each address that a test brings about.

Run: python -m tests.docs.page_states [--from FOLDER] [--keep FOLDER] [TESTS …]; it runs the tests with the plugin
`tests.support.page_states`, chooses the fewest pages in which every branch is rendered, lays each out in Chromium,
light and dark, asks axe, and writes docs/page-states.md. `--from` takes pages that an earlier run kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from playwright.sync_api import Page

from tests.support import page_states
from tests.support.axe import LAPTOP, PHONE, lay_out, too_wide, violations
from tests.support.browser import chromium
from tests.support.desk import ROOT, desk_on_stage
from tests.support.standins import standing
from web.app import create_app

TEMPLATES = ROOT / "web" / "templates"
PAPER = ROOT / "docs" / "page-states.md"
OTHER_ROOTS = re.compile(r'((?:href|src)=")/\w+/static/')  # where stand-ins have the same files
TESTS = ("tests/integration", "tests/unit/web", "tests/e2e", "tests/docs")


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was sent to a test, and the branches and the answer in it."""

    path: str
    hits: frozenset[str]
    html: str
    forced: bool  # no test brings it about: a condition of it was turned

    @property
    def whole(self) -> bool:
        """Not only a part that is put into a page."""
        return "<html" in self.html


def all_branches() -> list[str]:
    """Every branch of every template of the house."""
    names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    trees = ((name, Environment().parse((TEMPLATES / name).read_text(encoding="utf-8"))) for name in names)
    return [state for name, tree in trees for state in page_states.branches(tree, name, mark=False)]


def gathered(folder: Path, tests: Sequence[str]) -> None:
    """Run the tests; the pages they are sent are kept in the folder."""
    options = ["-q", "-n", "2", "--dist", "worksteal", "-p", page_states.__name__]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    subprocess.run(command, check=True, env=os.environ | {page_states.FOLDER: str(folder)})


def chosen(folder: Path) -> list[Kept]:
    """The fewest pages (as a greedy choice finds them) that have every state of all the pages in the folder."""
    read = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))
    pages = [Kept(one["path"], frozenset(one["hits"]), one["html"], one["forced"]) for one in read]
    left, found = set[str]().union(*(page.hits for page in pages)), list[Kept]()
    while left:
        fits = [page for page in pages if page.hits & left]
        best = max(fits, key=lambda page: (not page.forced, page.whole, len(page.hits & left)))
        found.append(best)
        left -= best.hits
    return found


def faults(page: Page, kept: Kept) -> Iterator[str]:
    """What is wrong with the page as it was sent: too wide for a phone or a laptop, or what axe finds."""
    text = kept.html if kept.whole else f'<html lang="vi"><title>-</title><main>{kept.html}</main></html>'
    text = OTHER_ROOTS.sub(r"\1/static/", text)
    home = lay_out(page, text)
    for width in (LAPTOP + PHONE - home, home):
        if (wide := too_wide(page, width)) and kept.whole:
            yield f"{kept.path} {wide}"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        yield from (f"{kept.path} {scheme}: {one}" for one in violations(page))


def walked(pages: Sequence[Kept], home: Path) -> list[str]:
    """All that is wrong with the pages."""
    wrong = list[str]()
    with desk_on_stage(home) as desk, standing(create_app(desk.app)) as address, chromium() as browser:
        page = browser.new_context(base_url=address, reduced_motion="reduce").new_page()
        page.goto("/")
        for number, kept in enumerate(pages, 1):
            print(f"\r{number} / {len(pages)}", end="", file=sys.stderr)
            wrong += faults(page, kept)
    return wrong


def paper(pages: Sequence[Kept], wrong: Sequence[str]) -> str:
    """What docs/page-states.md says."""
    wanted = all_branches()
    real = frozenset[str]().union(*(page.hits for page in pages if not page.forced))
    hits = real.union(*(page.hits for page in pages))
    missing = [state for state in wanted if state not in hits]
    answers = sorted(hit for hit in real if hit.rpartition(" ")[2].isdigit())
    return "\n".join(
        (
            "# Every page in every state",
            "",
            "Made by `make states`: the tests run, each page they are sent is looked at, and the fewest pages with",
            "each branch of each template and each answer of each address are laid out in Chromium and given to axe",
            "(WCAG 2.0 to 2.2, A and AA), light and dark, at 360 and 1366 px.",
            "",
            f"- Branches of templates in which something stands: {len(wanted)}.",
            f"- Shown by a page that a test was sent: {len(real.intersection(wanted))}.",
            f"- Shown by such a page with one condition turned: {len(hits.intersection(wanted) - real)}.",
            f"- Answers with a page (address and status): {len(answers)}.",
            f"- Pages laid out: {len(pages)}; faults: {len(wrong)}.",
            "",
            "## Branches that were not shown",
            "",
            *(f"- `{state.rpartition(' #')[0]}`" for state in missing),
            "",
        )
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--from", dest="kept", type=Path)
    options.add_argument("--keep", type=Path)
    options.add_argument("tests", nargs="*", default=TESTS)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.kept or asked.keep or Path(scratch) / "pages"
        folder.mkdir(parents=True, exist_ok=True)
        if asked.kept is None:
            gathered(folder, asked.tests)
        pages = chosen(folder)
        wrong = walked(pages, Path(scratch))
    said = paper(pages, wrong)
    PAPER.write_text(said, encoding="utf-8")
    print(said, *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
