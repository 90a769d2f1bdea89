"""Form II.06a on paper: across A4, every number on it, and whether somebody approved it."""

from __future__ import annotations

import io
from datetime import UTC, date

from pypdf import PdfReader

from engine.adapters.documents import TypstDocuments
from engine.adapters.report_papers import ReportPapers
from engine.adapters.report_rules import read_rules
from engine.domain.report import Approved, Draft
from tests.support.counted import CATALOG
from tests.support.facts import ZONE, at

FIELDS = ("Hộ tịch", "Chứng thực", "")
ROWS = [{"field": x, "numbers": {str(n): 1000 * (y + 1) + n for n in range(3, 14)}} for y, x in enumerate(FIELDS)]
DRAFT = Draft(
    unit="xa-mau",
    kind="ii06a",
    period="2023-Q1",
    first=date(2022, 12, 15),
    last=date(2023, 3, 14),
    formula="II.06a-1",
    figures={"rows": ROWS},
    lines=[],
)
UNIT = {"name": "Ủy ban nhân dân xã Mẫu", "parent": "Ủy ban nhân dân huyện Mẫu", "place": "Mẫu"}
PAPERS = ReportPapers(TypstDocuments(), CATALOG, read_rules(CATALOG))


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def approved(**changes: object) -> Approved:
    values = {"draft": DRAFT, "revision": 1, "digest": DRAFT.digest, "by": "c", "by_name": "Nguyễn Văn Bình"}
    return Approved(**{**values, "at": at("2023-03-16 14:05").astimezone(UTC), **changes})  # type: ignore[arg-type]  # whatever a test changes


def test_the_form_lies_across_a4_with_its_words_period_and_every_number() -> None:
    content = PAPERS.pdf(DRAFT, UNIT, None, zone=ZONE)
    (page,) = pages(content)
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    for text in ("II.06a/VPCP/KSTT", "Quý I năm 2023", "15/12/2022", "14/03/2023", "Ủy ban nhân dân xã Mẫu", "Tổng số"):
        assert text in page, text
    for row in ROWS:
        for number in row["numbers"].values():  # type: ignore[attr-defined]  # numbers by column
            assert f"{number:,}".replace(",", ".") in page
    assert "chưa được duyệt" in page
    assert DRAFT.digest in page


def test_an_approved_one_names_who_and_when_and_a_correction_why() -> None:
    (page,) = pages(PAPERS.pdf(DRAFT, UNIT, approved(), zone=ZONE))
    assert "Duyệt lúc 14:05 ngày 16/03/2023" in page
    assert "Nguyễn Văn Bình" in page
    assert "chưa được duyệt" not in page
    (page,) = pages(PAPERS.pdf(DRAFT, UNIT, approved(revision=2, reason="Đếm sót #hồ sơ* [x]"), zone=ZONE))
    assert "đính chính lần 1: Đếm sót #hồ sơ* [x]" in page


def test_the_same_report_gives_the_same_bytes() -> None:
    assert PAPERS.pdf(DRAFT, UNIT, approved(), zone=ZONE) == PAPERS.pdf(DRAFT, UNIT, approved(), zone=ZONE)


def test_a_report_of_many_fields_goes_on_with_its_heading_and_one_of_none_has_its_total() -> None:
    many = [{"field": f"Lĩnh vực {n}", "numbers": ROWS[0]["numbers"]} for n in range(60)]
    long = Draft(**{**_values(DRAFT), "figures": {"rows": [*many, ROWS[-1]]}})
    found = pages(PAPERS.pdf(long, UNIT, None, zone=ZONE))
    assert len(found) > 1
    assert all("Lĩnh vực giải quyết" in page for page in found[:-1])
    empty = Draft(**{**_values(DRAFT), "period": "2023-01-01..2023-01-02", "figures": {"rows": [ROWS[-1]]}})
    (page,) = pages(PAPERS.pdf(empty, UNIT, None, zone=ZONE))
    assert "Tổng số" in page


def _values(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
