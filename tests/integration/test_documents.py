"""Results become PDFs: whole Vietnamese text, the same bytes every time, and what people typed stays text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from engine.adapters.documents import TemplateError, TypstDocuments

CATALOG = Path(__file__).parents[2] / "catalog"
MAKER = TypstDocuments()
ADDRESS = {
    "chi_tiet": "Số 12, ấp 3",
    "phuong_xa": "Xã Tân Nhựt",
    "quan_huyen": "Huyện Bình Chánh",
    "tinh_thanh": "Thành phố Hồ Chí Minh",
}
DATA: Mapping[str, Any] = {
    "case": {"code": "000.05.12.H29-221219-0001"},
    "application": {},
    "variables": {},
    "result": {"number": "07/2022", "year": 2022, "date": "2022-12-05"},
    "unit": {"name": "Ủy ban nhân dân xã Tân Nhựt", "parent": "Ủy ban nhân dân huyện Bình Chánh", "place": "Tân Nhựt"},
    "signer": {"name": "Trần Văn Hưởng", "title": "Phó Chủ tịch", "acting": "Chủ tịch"},
}
FUNERAL = {
    "application": {
        "nguoi_chet_ho_ten": "Huỳnh Thị Ữ",
        "nguoi_chet_ngay_sinh": "1938-01-02",
        "ngay_chet": "2022-12-01",
        "nguoi_chet_thuong_tru": ADDRESS,
        "dien_doi_tuong": "tu_80_tuoi",
        "loai_nguoi_mai_tang": "ho_gia_dinh",
        "ca_nhan_ho_ten": "Nguyễn Văn Lễ",
        "ca_nhan_thuong_tru": ADDRESS,
    },
    "variables": {
        "so_tien": 7_200_000,
        "so_tien_de_nghi": 7_200_000,
        "so_quyet_dinh": "1234/QĐ-UBND",
        "ngay_quyet_dinh": "2022-12-15",
        "co_quan_quyet_dinh": "Ủy ban nhân dân huyện Bình Chánh",
        "nguoi_ky_quyet_dinh": "Võ Đức Thắng",
    },
}
BIRTH = {"application": {"con_ho_ten": "Lê Ngọc Bảo Uyển", "con_ngay_sinh": "2022-04-05", "me_nam_sinh": "1995-03"}}
MARITAL = {
    "application": {
        "nguoi_duoc_cap_ho_ten": "Nguyễn Thị Lan",
        "tinh_trang": "da_ly_hon",
        "nguoi_duoc_cap_noi_cu_tru": ADDRESS,
        "muc_dich": "muc_dich_khac",
        "muc_dich_chi_tiet": "vay vốn ngân hàng",
    }
}
COPIES = {
    "application": {"nguoi_yeu_cau_ho_ten": "Nguyễn Thị Lan", "loai_ban_sao": "ban_giay"},
    "variables": {"so_chung_thuc": [{"ten_giay_to": "Bằng tốt nghiệp", "so_trang": 1, "so_ban": 3, "so": "15/2022"}]},
}
RESULTS: Mapping[str, tuple[Mapping[str, Any], list[str]]] = {
    "ho-tro-chi-phi-mai-tang": (
        FUNERAL,
        ["HUỲNH THỊ Ữ", "7.200.000 đồng", "Bảy triệu hai trăm nghìn đồng", "1234/QĐ-UBND", "ngày 15 tháng 12 năm 2022"],
    ),
    "dang-ky-khai-sinh": (
        BIRTH,
        ["GIẤY KHAI SINH", "LÊ NGỌC BẢO UYỂN", "05/04/2022", "Ngày năm tháng tư năm hai nghìn không trăm hai mươi hai"],
    ),
    "xac-nhan-tinh-trang-hon-nhan": (
        MARITAL,
        ["NGUYỄN THỊ LAN", "đã ly hôn", "Số 12, ấp 3, Xã Tân Nhựt", "vay vốn ngân hàng", "06 tháng kể từ ngày cấp"],
    ),
    "chung-thuc-ban-sao": (COPIES, ["LỜI CHỨNG", "Bằng tốt nghiệp", "15/2022", "quyển số 01/2022-SCT/BS"]),
}
SHARED = {"_shared/templates/letter.typ": (CATALOG / "_shared/templates/letter.typ").read_bytes()}


def _files(slug: str) -> dict[str, bytes]:
    return SHARED | {path.name: path.read_bytes() for path in (CATALOG / slug).glob("*.typ")}


def _one(source: str) -> dict[str, bytes]:
    return {"a.typ": source.encode(), "process.bpmn": b"<x/>"}


ECHO = _one('#set text(font: "Liberation Serif")\n#let d = json(bytes(sys.inputs.data))\n[#d.case.code]')


def _text(pdf: bytes) -> str:
    """The text of all pages in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("slug", sorted(RESULTS))
def test_every_result_shows_its_facts_and_the_official_head(slug: str) -> None:
    data, expected = RESULTS[slug]
    text = _text(MAKER.render("result.typ", _files(slug), {**DATA, **data}))
    head = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "07/2022", "Trần Văn Hưởng"]
    assert [part for part in head + expected if part not in text] == []


@pytest.mark.parametrize("slug", sorted(RESULTS))
def test_every_result_fits_one_sheet_of_a4_in_liberation_serif(slug: str) -> None:
    reader = PdfReader(io.BytesIO(MAKER.render("result.typ", _files(slug), {**DATA, **RESULTS[slug][0]})))
    (page,) = reader.pages
    assert [round(float(x) * 25.4 / 72) for x in page.mediabox[2:]] == [210, 297]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert all("LiberationSerif" in name for name in fonts)


@pytest.mark.parametrize("slug", sorted(RESULTS))
def test_draft_without_any_data_still_renders_with_dotted_blanks(slug: str) -> None:
    text = _text(MAKER.render("result.typ", _files(slug), {"application": {}, "variables": {}}))
    assert "……" in text


def test_proposal_to_the_district_names_the_sum_and_the_payee() -> None:
    text = _text(MAKER.render("proposal.typ", _files("ho-tro-chi-phi-mai-tang"), {**DATA, **FUNERAL}))
    assert "Kính gửi: Phòng Lao động - Thương binh và Xã hội" in text
    assert "NGUYỄN VĂN LỄ" in text.upper()
    assert "Bảy triệu hai trăm nghìn đồng" in text


def test_same_data_give_the_same_bytes_from_any_maker_and_any_key_order() -> None:
    files = _files("chung-thuc-ban-sao")
    turned = dict(reversed(({**DATA, **COPIES}).items()))
    first = MAKER.render("result.typ", files, {**DATA, **COPIES})
    assert MAKER.render("result.typ", files, turned) == first
    assert TypstDocuments().render("result.typ", files, {**DATA, **COPIES}) == first


def test_pdf_is_dated_by_the_result_and_declares_pdf_a() -> None:
    pdf = MAKER.render("result.typ", _files("chung-thuc-ban-sao"), {**DATA, **COPIES})
    assert PdfReader(io.BytesIO(pdf)).metadata.creation_date == datetime(2022, 12, 5, tzinfo=UTC)  # type: ignore[union-attr]
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


@pytest.mark.parametrize(
    "typed",
    ["#{1+1} *b* $a$ \\n<script>", '#eval("1") ]]) "\'', '#read("/process.bpmn")', "= Heading - item @ref `raw`"],
)
def test_what_people_type_stays_text(typed: str) -> None:
    text = _text(MAKER.render("a.typ", ECHO, {"case": {"code": typed}}))
    assert text == f"[{typed}]"


def test_decomposed_vietnamese_is_shown_like_composed() -> None:
    shown = MAKER.render("a.typ", ECHO, {"case": {"code": "Nguye\u0302\u0303n"}})
    assert _text(shown) == "[Nguyễn]"
    assert shown == MAKER.render("a.typ", ECHO, {"case": {"code": "Nguyễn"}})


def test_what_no_font_shows_becomes_a_box_instead_of_stopping_the_case() -> None:
    assert _text(MAKER.render("a.typ", ECHO, {"case": {"code": "A\x00😀漢\ud800"}})) == "[A□□□]"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_stops_a_document(typed: str) -> None:
    assert MAKER.render("a.typ", ECHO, {"case": {"code": typed}}).startswith(b"%PDF-")


def test_numbers_and_dates_of_the_engine_are_understood() -> None:
    source = '#set text(font: "Liberation Serif")\n#let d = json(bytes(sys.inputs.data))\n#d.case.a|#d.case.b|#d.case.c'
    data = {"case": {"a": Decimal("3000"), "b": Decimal("0.5"), "c": date(2022, 12, 5)}}
    assert _text(MAKER.render("a.typ", _one(source), data)) == "3000|0.5|2022-12-05"


def test_value_that_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        MAKER.render("a.typ", ECHO, {"case": {"code": b"raw"}})


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0"',
        '#import"\\u{40}preview/cetz:0.3.0"',
        '#let p = "@preview/x:1.0.0"\n#import p',
        '#include("/" + "b.typ")',
        '#read("../../../../etc/passwd")',
        "#while true { }",
        "#nothing-here",
        "#panic()",
    ],
)
def test_template_that_reaches_outside_or_fails_is_refused(source: str) -> None:
    with pytest.raises(TemplateError):
        MAKER.render("a.typ", _one(source), DATA)


@pytest.mark.parametrize("name", ["../a.typ", "/tmp/a.typ", "x/../../a.typ"])
def test_file_name_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(TemplateError):
        MAKER.render(name, {name: b"x"}, DATA)


def test_missing_template_and_data_files_are_not_templates() -> None:
    with pytest.raises(TemplateError):
        MAKER.render("process.bpmn", ECHO, DATA)
    with pytest.raises(TemplateError):
        MAKER.render("none.typ", ECHO, DATA)


def test_versions_of_a_template_do_not_mix() -> None:
    blank = '#set text(font: "Liberation Serif")\n'
    assert _text(MAKER.render("a.typ", _one(blank + "Một"), DATA)) == "Một"
    assert _text(MAKER.render("a.typ", _one(blank + "Hai"), DATA)) == "Hai"
    assert _text(MAKER.render("a.typ", _one(blank + "Một"), DATA)) == "Một"


def test_folder_without_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TypstDocuments(tmp_path)
