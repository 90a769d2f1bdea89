"""Implements the Scans port over pictures and over PDFs whose pages are pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, cast

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.adapters.scans.measures import measure
from engine.ports.scans import Fault, PageFault

MOST_PAGES = 20  # of one document that are looked at
DPI = 150
WIDEST = 2480  # pixels of the longer side of a bound page: A4 at 210 dpi is read well, and is a tenth of a photograph


class PictureScans:
    """`rules`: the thresholds, settings `scans`; none of them means that nothing is judged."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self._rules = rules

    def judge(self, content: bytes, media_type: str) -> Sequence[PageFault]:
        """What is wrong with the pages."""
        if not self._rules:
            return []
        pages = _of_pdf(content) if media_type == "application/pdf" else _of_picture(content)
        return [PageFault(page=number, fault=fault) for number, page in pages for fault in self._faults(page)]

    def _faults(self, page: Image.Image) -> Iterator[Fault]:
        """The one that explains the others alone: of a page without ink nothing else can be said."""
        found, rules = measure(page), self._rules
        if found.side < rules["small_side"]:
            yield "small"
        if found.paper < rules["dark_paper"]:
            yield "dark"
        elif found.ink < rules["blank_ink"]:
            yield "blank"
        else:
            if found.edge < rules["blurred_edge"]:
                yield "blurred"
            if abs(found.tilt) > rules["tilted_degrees"]:
                yield "tilted"

    def bind(self, pictures: Sequence[bytes]) -> bytes:
        """Pictures as the pages of one PDF."""
        pages = [_upright(content) for content in pictures]
        if not pages:
            raise ValueError("no picture")
        out = BytesIO()
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
        return out.getvalue()


def _upright(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content)) as opened:
            page = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    page.thumbnail((WIDEST, WIDEST))
    return page


def _of_picture(content: bytes) -> Iterator[tuple[int, Image.Image]]:
    with Image.open(BytesIO(content)) as opened:
        yield 1, ImageOps.exif_transpose(opened)


def _of_pdf(content: bytes) -> Iterator[tuple[int, Image.Image]]:
    """The pages that are one picture, with their numbers."""
    with pikepdf.open(BytesIO(content)) as opened:
        for number, page in enumerate(opened.pages[:MOST_PAGES], start=1):
            pictures = list(page.get_images().values())
            if len(pictures) == 1:
                try:
                    yield number, pikepdf.PdfImage(cast(Any, pictures[0])).as_pil_image()
                except (pikepdf.PdfError, NotImplementedError, OSError, ValueError):
                    continue  # of a kind that is not read here: nobody is told anything about it
