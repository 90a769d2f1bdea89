"""The result documents of every procedure, read back from their PDFs: whole, composed, and as they were kept."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.document_data import MISSING
from engine.domain.case import Case
from tests.catalog.results import KEPT, PICTURED, PICTURES, Paper, papers, transcript
from tests.support.desk import ROOT, slugs
from tests.support.papers import PDFTOTEXT, by_pdftotext, by_pypdf, text_of
from web.forms.schema import dig
from web.forms.values import spoken_date

NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
FIELD = re.compile(r'(?<![\w-])(?:date-)?field\("(application\.[\w.]*\w)"\)')


@pytest.mark.parametrize("slug", slugs())
def test_results_say_what_was_read_and_kept(slug: str, tmp_path: Path) -> None:
    case, found = papers(slug, tmp_path)
    assert found, "the first scenario comes to no result"
    for each in found:
        check_reading(each)
        check_head(each)
    assert_shown(slug, case, " ".join(text_of(each.pdf) for each in found))
    file = KEPT / f"{slug}.txt"
    assert file.exists(), f"write it: python -m tests.catalog.results --write {slug}; then read it"
    kept = file.read_text("utf-8")
    assert transcript(found) == kept if PDFTOTEXT else signs(transcript(found)) == signs(kept)


def check_reading(paper: Paper) -> None:
    """Two readers find the same signs, composed, and no character that the fonts do not have."""
    text = text_of(paper.pdf)
    assert text == unicodedata.normalize("NFC", text)
    assert [sign for sign in text if unicodedata.combining(sign) or sign == MISSING] == []
    if PDFTOTEXT:
        assert signs(by_pdftotext(paper.pdf)) == signs(by_pypdf(paper.pdf))


def signs(text: str) -> str:
    """The text without blanks: readers differ where a raised sign or a narrow column begins."""
    return "".join(text.split())


def check_head(paper: Paper) -> None:
    """The national title, the number drawn from the register, and whoever signed it."""
    text = " ".join(text_of(paper.pdf).split())
    signers = [one["signer"] for one in paper.record["signatures"] if one["role"] == "leader"]
    wanted = [*NATION, str(paper.record["number"]), *signers]
    assert [part for part in wanted if part not in text] == []


def assert_shown(slug: str, case: Case, text: str) -> None:
    """What the templates ask of the application by name stands in the documents as the applicant wrote it."""
    plain = " ".join(text.split()).casefold()
    asked = {
        path for file in (ROOT / "catalog" / slug).glob("*.typ") for path in FIELD.findall(file.read_text("utf-8"))
    }
    values = {path: dig({"application": case.application}, path) for path in asked}
    lost = {path: value for path, value in values.items() if value is not None and not stands(value, plain)}
    assert lost == {}


def stands(value: Any, plain: str) -> bool:
    """Whether a text or date is in the reading, dates in figures or in words of a letter."""
    if not isinstance(value, str):
        return True
    day = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value)
    forms = [" ".join(value.split()), spoken_date(value)]
    if day:
        month = day[2] if int(day[2]) < 3 else str(int(day[2]))
        forms.append(f"ngày {day[3]} tháng {month} năm {day[1]}")
    return any(form.casefold() in plain for form in forms)


def test_every_kept_text_and_every_picture_belongs_to_a_procedure() -> None:
    known = set(slugs())
    assert {path.stem for path in KEPT.glob("*.txt")} - known == set()
    pictures = {path.stem for path in PICTURES.glob("*.png")}
    assert pictures
    assert pictures <= set(PICTURED) & known


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("Lê Thị Thuỷ", "họ tên: LÊ THỊ THUỶ, nữ", True),
        ("Lê Thị Thuỷ", "họ tên: LÊ THỊ THUY, nữ", False),
        ("2022-02-05", "ngày 05 tháng 02 năm 2022", True),
        ("2022-12-05", "ngày 05 tháng 12 năm 2022", True),
        ("2022-12-05", "05/12/2022", True),
        ("2022-12-05", "05/11/2022", False),
        ("1995-03", "sinh năm 03/1995", True),
    ],
)
def test_a_value_is_found_in_a_reading_by_all_its_signs(value: str, text: str, found: bool) -> None:
    assert stands(value, text.casefold()) is found
