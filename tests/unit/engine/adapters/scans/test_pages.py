"""Pages that are read well pass, and each that is not is told what is wrong with it; measured on made-up pages."""

from __future__ import annotations

import tomllib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from engine.adapters.scans import PictureScans
from tests.support import pages
from tests.support.desk import ROOT
from tests.support.scans import pdf, photo

SETTINGS = ROOT / "catalog" / "_shared" / "settings.toml"
SCANS = PictureScans(tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["scans"])


def faults(picture: Image.Image, quality: int = 80) -> list[str]:
    return [one.fault for one in SCANS.judge(pages.as_jpeg(picture, quality), "image/jpeg")]


@pytest.mark.parametrize("height", [1169, 1754, 2339])
def test_a_page_of_text_passes_at_every_usual_resolution(height: int) -> None:
    assert faults(pages.page(height)) == []


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_a_page_with_little_on_it_is_not_called_blank_or_blurred(lines: int) -> None:
    assert faults(pages.page(lines=lines)) == []


def test_a_page_packed_hard_or_a_little_aslant_or_in_poor_light_still_passes() -> None:
    assert faults(pages.page(), quality=30) == []
    assert faults(pages.tilted(2)) == faults(pages.tilted(-2)) == []
    assert faults(pages.dark(0.65)) == []


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (pages.blank(), "blank"),
        (pages.page(lines=0, grain=0), "blank"),
        (pages.page(600), "small"),
        (pages.dark(), "dark"),
        (pages.blurred(), "blurred"),
        (pages.blurred(3), "blurred"),
        (pages.tilted(7), "tilted"),
        (pages.tilted(-5), "tilted"),
        (pages.tilted(15), "tilted"),
    ],
)
def test_a_poor_page_is_told_what_is_wrong_with_it(picture: Image.Image, fault: str) -> None:
    assert faults(picture) == [fault]


def test_pictures_become_the_pages_of_one_document_which_is_judged_page_by_page() -> None:
    bound = SCANS.bind([pages.as_jpeg(one) for one in (pages.page(), pages.blurred(), pages.page())])
    with pikepdf.open(BytesIO(bound)) as document:
        assert len(document.pages) == 3
    assert [(one.page, one.fault) for one in SCANS.judge(bound, "application/pdf")] == [(2, "blurred")]


def test_a_picture_that_lies_on_its_side_stands_upright_in_the_document() -> None:
    with pikepdf.open(BytesIO(SCANS.bind([photo()]))) as document:
        _, _, width, height = (float(one) for one in document.pages[0].mediabox)
    assert height > width


@pytest.mark.parametrize("contents", [[], [b""], [b"no picture at all"]])
def test_what_is_no_picture_is_not_bound(contents: list[bytes]) -> None:
    with pytest.raises(ValueError, match="no picture"):
        SCANS.bind(contents)


def test_a_document_without_pictures_and_a_house_without_thresholds_judge_nothing() -> None:
    assert list(SCANS.judge(pdf(2), "application/pdf")) == []
    assert list(PictureScans({}).judge(pages.as_jpeg(pages.blank()), "image/jpeg")) == []
