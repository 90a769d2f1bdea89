"""The result documents of a procedure's first scenario: their text, to be read and kept, and pictures of some.

python -m tests.catalog.results SLUG…               # print the text
python -m tests.catalog.results --write SLUG…       # keep it in tests/data/results/<slug>.txt; read it then
python -m tests.catalog.results --pictures          # docs/catalog/results/<slug>.png of those in PICTURED
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.case import Case
from tests.support.desk import ROOT, desk_on_stage, first_scenario
from tests.support.papers import png_of, text_of

KEPT = ROOT / "tests" / "data" / "results"
PICTURES = ROOT / "docs" / "catalog" / "results"
PICTURED = (
    "chung-thuc-ban-sao",
    "dang-ky-khai-sinh",
    "dang-ky-ket-hon",
    "ho-tro-chi-phi-mai-tang",
    "xac-nhan-tinh-trang-hon-nhan",
)


@dataclass(frozen=True)
class Paper:
    """A result document with what its record says of it."""

    record: dict[str, Any]
    pdf: bytes


def papers(slug: str, home: Path) -> tuple[Case, list[Paper]]:
    """Play the first scenario; the case, and the documents that came out of it in their order."""
    with desk_on_stage(home) as desk:
        case = desk.play(first_scenario(slug))
        return case, [Paper(dict(each), desk.app.files.get(each["sha256"])) for each in case.results]


def transcript(found: list[Paper]) -> str:
    """All of them as one text: a line with name and number, then what the document says."""
    parts = [f"== {each.record['name']} · {each.record['number']}\n{text_of(each.pdf)}\n" for each in found]
    return "\n".join(parts)


def main(arguments: list[str]) -> None:
    """Print, keep or picture."""
    if arguments[:1] == ["--pictures"]:
        PICTURES.mkdir(parents=True, exist_ok=True)
        there = [slug for slug in PICTURED if (ROOT / "catalog" / slug / "procedure.toml").exists()]
        for slug in there:
            (PICTURES / f"{slug}.png").write_bytes(png_of(_found(slug)[-1].pdf))
        return
    for slug in arguments:
        if slug == "--write":
            continue
        text = transcript(_found(slug))
        print(text)
        if "--write" in arguments:
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{slug}.txt").write_text(text, "utf-8")


def _found(slug: str) -> list[Paper]:
    with tempfile.TemporaryDirectory() as home:
        return papers(slug, Path(home))[1]


if __name__ == "__main__":
    main(sys.argv[1:])
