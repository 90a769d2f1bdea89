"""How signatures look on the page (Decree 30/2020/NĐ-CP, Annex I): the hand's in blue, the red seal on its left third.

A paper of the desk that nobody else signs bears its seal as a line at the upper right of its first page, as what an
agency attaches to a document does: name and time, no picture.

Typst draws them: the library's own text stamps space our font wrongly.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.adapters.documents import FONTS

BOOKMARK = "Chữ ký"
HAND = (120.0, 48.0)  # points
SEAL = 102.0  # 36 mm, the true size of a commune's seal
LINE = "line"  # the look of a seal without a picture
_LINE = (300.0, 30.0)
_INNER = 5.0  # what the library leaves free around a stamp
_MARGIN = (29.0, 3.0)  # of the desk's forms on A5: to the right of the line, and above it
_ROOM = (234.0, 62.0)  # what the signer's block leaves free, from where its bookmark points to
_OFFSET = 10.0  # a bookmark points a little above what it means
_HEAD = """
#let data = json(bytes(sys.inputs.data))
#set page(width: data.width * 1pt, height: data.height * 1pt, margin: 0pt, fill: none)
#set text(font: "Liberation Serif", lang: "vi", hyphenate: false)
#set par(leading: 0.35em, spacing: 0.35em)
"""
_HAND = """
#set text(fill: rgb("#1b3fa8"))
#place(center + horizon, dy: -5pt, if data.image { image("picture.png", height: data.height * 1pt - 14pt) } else {
  place(center + horizon, dy: 7pt, curve(stroke: 1.1pt + rgb("#1b3fa8"), curve.move((0pt, 9pt)),
    curve.quad((30pt, -5pt), (55pt, 6pt)), curve.quad((75pt, 14pt), (110pt, 0pt))))
  text(15pt, style: "italic", weight: "bold", data.name)
})
#place(center + bottom, text(5.5pt)[#data.name · #data.at])
"""
_SEAL = """
#let red = rgb("#d0121b")
#set text(fill: red)
#if data.image { place(center + top, image("picture.png", width: data.width * 1pt)) } else {
  place(circle(radius: data.width * 0.5pt - 1pt, stroke: 2pt + red))
  place(dx: 5pt, dy: 5pt, circle(radius: data.width * 0.5pt - 6pt, stroke: 0.6pt + red))
  place(center + horizon, dy: -20pt, polygon(fill: red, ..range(10).map(i => {
    let (angle, r) = (-90deg + i * 36deg, if calc.even(i) { 13pt } else { 5pt })
    (13pt + r * calc.cos(angle), 13pt + r * calc.sin(angle))
  })))
  set align(center)
  place(center + horizon, dy: 8pt, box(width: data.width * 0.72pt, text(7pt, weight: "bold", upper(data.name))))
}
#place(center + bottom, dy: -12pt, text(4.6pt, data.at))
"""
_WORDS = """
#set align(right + horizon)
#text(8pt)[Ký số bởi: #strong(data.name) #linebreak() Thời gian ký: #data.at]
"""
SOURCES = {"leader": _HAND, "agency": _SEAL, LINE: _WORDS}
SIZES = {"agency": (SEAL, SEAL), LINE: (_LINE[0] - 2 * _INNER, _LINE[1] - 2 * _INNER)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where on which page (from 0), in points from its lower left: left, bottom, right, top."""

    page: int
    box: tuple[int, int, int, int]


def place_of(reader: PdfFileReader, role: str) -> Place:
    """Where a role signs: in the room that the paper leaves for it, else at the lower right of the last page."""
    if role == LINE:
        return _above(reader)
    page, (x, y), scale = _middle(reader)
    if role == "leader":
        width, height = (side * scale for side in HAND)
        return Place(page, _box(x, y, width, height))
    side = SEAL * scale
    return Place(page, _box(x - HAND[0] * scale / 2 + HAND[0] * scale / 3 - side / 2, y, side, side))


def _box(x: float, y: float, width: float, height: float) -> tuple[int, int, int, int]:
    left, bottom = round(x - width / 2), round(y - height / 2)
    return left, bottom, left + round(width), bottom + round(height)


def _above(reader: PdfFileReader) -> Place:
    """In the upper margin of the first page, along its right."""
    width, height = _size(reader, 0)
    right, top = round(width - _MARGIN[0]), round(height - _MARGIN[1])
    return Place(0, (right - round(_LINE[0]), top - round(_LINE[1]), right, top))


def _middle(reader: PdfFileReader) -> tuple[int, tuple[float, float], float]:
    """(page, the middle of the signature's room, how much smaller than on A4 everything is)."""
    root: Any = reader.root
    entry = root["/Outlines"]["/First"] if "/Outlines" in root else None
    target = entry["/Dest"] if entry is not None and entry["/Title"] == BOOKMARK else None
    if target is not None:
        reference = target.raw_get(0).reference
        pages = range(int(root["/Pages"]["/Count"]))
        page = next(n for n in pages if reader.find_page_for_modification(n)[0].reference == reference)
        return page, (float(target[2]) + _ROOM[0] / 2, float(target[3]) - _OFFSET - _ROOM[1] / 2), 1.0
    last = int(root["/Pages"]["/Count"]) - 1
    width, height = _size(reader, last)
    small = width < 420
    return last, (width * (0.68 if small else 0.73), height * (0.41 if small else 0.2)), 0.4 if small else 1.0


def _size(reader: PdfFileReader, page: int) -> tuple[float, float]:
    found: Any = reader.find_page_for_modification(page)[0].get_object()
    while "/MediaBox" not in found:
        found = found["/Parent"]
    left, bottom, right, top = (float(side) for side in found["/MediaBox"])
    return right - left, top - bottom


class Stamps:
    """Draws signatures as one-page PDFs, which the library takes from files."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        self._folder = Path(tempfile.mkdtemp(prefix="motcua-stamps-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def draw(self, role: str, name: str, at: datetime, image: bytes = b"") -> Path:
        """A PDF of one page, as large as on A4: it shrinks with its place. The caller deletes its folder."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        source = folder / "stamp.typ"
        source.write_text(_HEAD + SOURCES.get(role, _HAND), "utf-8")
        if image:
            (folder / "picture.png").write_bytes(image)
        width, height = SIZES.get(role, HAND)
        facts = {"width": width, "height": height, "name": name, "at": at.isoformat(timespec="seconds")}
        text = json.dumps({**facts, "image": bool(image)}, ensure_ascii=False)
        compiler = typst.Compiler(source, root=folder, font_paths=self._fonts)
        compiler.compile(output=folder / "stamp.pdf", format="pdf", sys_inputs={"data": text})
        return folder / "stamp.pdf"
