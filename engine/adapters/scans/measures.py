"""What can be measured of a page, with Pillow alone: light, ink, sharpness, tilt. Pages are made small first."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter

SIDE = 1200  # pixels of the longer side at which sharpness is measured
SMALL = 400  # and at which tilt is looked for
PAPER = 0.75  # this share of a page's pixels is darker than its paper, or as light
FAINT = 40  # so much darker than the paper is ink
STEPS = [step / 2 for step in range(-24, 25)]  # degrees
EDGES = ImageFilter.Kernel((3, 3), [0, 1, 0, 1, -4, 1, 0, 1, 0], scale=1, offset=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """`side`: pixels of the longer side; `paper`: its grey, 0 to 255; `ink`: share of the page; `edge`: how much of
    the step from paper to ink is taken within a pixel, 0 to about 4; `tilt`: degrees."""

    side: int
    paper: int
    ink: float
    edge: float
    tilt: float


def measure(page: Image.Image) -> Measures:
    """Measure a page."""
    grey = page.convert("L")
    even = _fitted(grey, SIDE)
    counts = even.histogram()
    paper, total = _level(counts, PAPER), sum(counts)
    ink = sum(counts[: max(paper - FAINT, 0)]) / total
    return Measures(side=max(page.size), paper=paper, ink=ink, edge=_edge(even, paper, ink), tilt=_tilt(grey, paper))


def _fitted(grey: Image.Image, side: int) -> Image.Image:
    """No larger than `side`; smaller ones stay as they are."""
    fitted = grey.copy()
    fitted.thumbnail((side, side), Image.Resampling.BOX)
    return fitted


def _level(counts: list[int], share: float) -> int:
    """The grey below which this share of the pixels lies."""
    left = share * sum(counts)
    for level, count in enumerate(counts):
        left -= count
        if left <= 0:
            return level
    return 255


def _edge(grey: Image.Image, paper: int, ink: float) -> float:
    """The strongest edges over the contrast of ink and paper, among as few pixels as a page of few lines has."""
    share = max(min(0.005, ink / 4), 0.00001)
    contrast = max(paper - _level(grey.histogram(), share), 1)
    strongest = _level(grey.filter(EDGES).histogram(), 1 - share)
    return strongest / contrast


def _tilt(grey: Image.Image, paper: int) -> float:
    """The angle at which lines of text lie level: there rows differ most from their neighbours."""
    small = _fitted(grey, SMALL).point([255 if level < paper - FAINT else 0 for level in range(256)])
    scores = {angle: _unevenness(small.rotate(angle, Image.Resampling.BILINEAR)) for angle in STEPS}
    best = max(scores, key=lambda angle: (scores[angle], -abs(angle)))
    return best if scores[best] > 1.15 * scores[0.0] else 0.0


def _unevenness(ink: Image.Image) -> float:
    rows = ink.resize((1, ink.height), Image.Resampling.BOX).tobytes()
    return sum((one - other) ** 2 for one, other in zip(rows, rows[1:], strict=False)) / len(rows)
