"""Pictures show what the viewer shows, the same each time; the judge measures texts as the viewer sets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.docs import draw_catalog
from tests.docs.draw_catalog import CATALOG, OUT, clear, diagrams, stale
from tests.docs.drawn import read
from tests.docs.listing import page
from tests.docs.picture import Draughtsman, DrawingError, drawing

INTAKE = (CATALOG / "_shared" / "processes" / "intake.bpmn").read_bytes()


@pytest.fixture(scope="module")
def draughtsman() -> Iterator[Draughtsman]:
    """Somebody who draws."""
    with drawing() as one:
        yield one


@pytest.mark.browser
def test_a_picture_is_whole_and_the_same_each_time(draughtsman: Draughtsman) -> None:
    picture = draughtsman.draw(INTAKE)
    assert picture == draughtsman.draw(INTAKE)
    root = ElementTree.fromstring(picture.svg.encode())
    texts = " ".join(text for one in root.iter("{http://www.w3.org/2000/svg}text") for text in one.itertext())
    for name in {shape.name for shape in read(INTAKE).shapes.values() if shape.name}:
        assert "".join(name.split()) in "".join(texts.split())
    wide, high = (int(root.get(key, "0")) for key in ("width", "height"))
    assert picture.png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture.png[16:20]), int.from_bytes(picture.png[20:24])) == (wide, high)
    assert [one for one in re.findall(r"url\((?:&quot;|['\"])?([^)&'\"]+)", picture.svg) if one[0] != "#"] == []


@pytest.mark.browser
def test_what_the_viewer_cannot_show_is_an_error(draughtsman: Draughtsman) -> None:
    with pytest.raises(DrawingError):
        draughtsman.draw(b"<definitions/>")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["_fee", "xac-nhan-tinh-trang-hon-nhan"])
def test_labels_stand_where_the_judge_believes_them(draughtsman: Draughtsman, name: str) -> None:
    diagram = diagrams()[name].read_bytes()
    drawn = draughtsman.labels(diagram)
    labels = read(diagram).labels
    assert labels
    for label in labels:
        left, top, right, bottom = drawn[label.of]
        believed = (label.box.left, label.box.top, label.box.right, label.box.bottom)
        assert believed == pytest.approx((left, top, right, bottom), abs=4), label.text


def test_a_changed_diagram_is_drawn_anew_and_the_picture_of_a_gone_one_removed(tmp_path: Path) -> None:
    folder = tmp_path / "catalog" / "mot"
    folder.mkdir(parents=True)
    (folder / "process.bpmn").write_bytes(INTAKE)
    out = tmp_path / "out"
    out.mkdir()
    assert set(stale(out, tmp_path / "catalog")) == {"mot"}
    (out / "mot.svg").write_text(f"<!-- diagram sha256 {draw_catalog.digest(INTAKE)} -->")
    assert stale(out, tmp_path / "catalog") == {}
    (folder / "process.bpmn").write_bytes(INTAKE + b"\n")
    assert set(stale(out, tmp_path / "catalog")) == {"mot"}
    (out / "other.svg").write_text("<svg/>")
    for name in ("mot.png", "other.png"):
        (out / name).touch()
    (folder / "process.bpmn").unlink()
    clear(out, tmp_path / "catalog")
    assert sorted(file.name for file in out.iterdir()) == ["other.png", "other.svg"]


def test_the_page_lists_every_procedure_once_in_a_row() -> None:
    rows = [line for line in page(CATALOG).splitlines() if re.match(r"\| `\d", line)]
    folders = [path.parent.name for path in CATALOG.glob("*/procedure.toml")]
    assert len(rows) == len(folders) > 0
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {9}
    assert [name for name in folders if sum(f"[SVG]({name}.svg)" in row for row in rows) != 1] == []


def test_every_diagram_has_a_picture_of_what_it_is_today() -> None:
    assert sorted(stale(OUT)) == [], "make docs"
    assert [name for name in diagrams() if not (OUT / f"{name}.png").is_file()] == []
    gone = [svg.name for svg in OUT.glob("*.svg") if svg.stem not in diagrams()]
    assert gone == [], "make docs"


def test_the_page_of_procedures_is_what_the_catalog_says() -> None:
    assert (OUT / "README.md").read_text(encoding="utf-8") == page(CATALOG), "make docs"
