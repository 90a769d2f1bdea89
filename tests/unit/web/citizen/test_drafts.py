"""A citizen writes an application: begun, saved page by page, taken up again, checked, sent once."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from engine.commands.messages import SubmitCase
from engine.domain.errors import DatabaseUnavailableError, FormInvalidError, StaleVersionError
from tests.unit.web import fake_house
from tests.unit.web.fake_house import FORM, PROCEDURE

CODE = PROCEDURE.code
BEGIN = f"/thu-tuc/{CODE}/nop"
PERSON = {"ho_ten": "Nguyễn Thị Lan", "ngay_sinh": "3/8/1990"}
PAPERS = {
    "loai": "bang",
    "so_ban": "2",
    "_rows.danh_sach": "0",
    "danh_sach.0.ten": "Trang 1",
    "cam_doan": "true",
}
PDF = b"%PDF-1.7 x"


class Writer:
    """Somebody who writes an application."""

    def __init__(self, client: Any, **who: str) -> None:
        self.client = client
        client.get(BEGIN)
        self.home = client.post(BEGIN, {"_for": "self", **who}).location
        self.id = self.home.rpartition("/")[2]
        client.get(self.home)

    def open(self, page: str, status: int = 200) -> str:
        return str(self.client.get(f"{self.home}/{page}".rstrip("/"), status))

    def press(self, page: str, fields: dict[str, Any], action: str = "next", status: int = 302) -> Any:
        return self.client.post(f"{self.home}/{page}", {**fields, "_action": action}, status)

    def write(self, page: str, fields: dict[str, Any], action: str = "next", status: int = 302) -> Any:
        self.open(page)
        return self.press(page, fields, action, status)

    def fill(self) -> None:
        self.write("phan/nguoi", PERSON)
        self.write("phan/giay", PAPERS)
        self.write("nhan-ket-qua", {"_delivery": "desk"})

    def send(self, status: int = 302) -> Any:
        self.open("kiem-tra")
        return self.press("kiem-tra", {"_declared": "true"}, "submit", status)


@pytest.fixture
def lan(browser: Any) -> Writer:
    return Writer(browser("id-lan"))


def draft_of(house: Any, writer: Writer) -> Any:
    return house.filing.kept.get("xa-mau", writer.id)


def submitted(house: Any) -> list[SubmitCase]:
    return [one for one in house.handled if isinstance(one, SubmitCase)]


def test_an_application_is_written_page_by_page_and_sent_once_though_clicked_twice(lan: Writer, house: Any) -> None:
    assert "Chưa làm" in lan.open("")
    first = lan.write("phan/nguoi", PERSON)
    assert first.location == f"{lan.home}/phan/giay"
    assert lan.write("phan/giay", PAPERS).location == f"{lan.home}/nhan-ket-qua"
    assert lan.write("nhan-ket-qua", {"_delivery": "post", "_address": "12 ấp 3"}).location == f"{lan.home}/kiem-tra"
    checked = lan.open("kiem-tra")
    for words in ("03/08/1990", "Nhận qua bưu chính", "12 ấp 3", "Trang 1", "4.000 đồng", "Trong ngày", "Không có"):
        assert words in checked, words
    click = _fields(lan)
    one, two = (lan.client.client.post(f"{lan.home}/kiem-tra", data=click) for _ in range(2))
    assert one.location == two.location == "/ho-so/case2/da-nop"
    (command,) = submitted(house)
    assert command.application["so_ban"] == 2
    assert command.delivery == "post"
    assert command.applicant["account"] == "id-lan"
    assert command.applicant["address"] == "12 ấp 3"
    assert "000.05.12.H29-260803-0002" in lan.client.get("/ho-so/case2/da-nop")
    for page in ("", "/kiem-tra", "/phan/nguoi"):  # back button: the case it has become
        assert lan.client.client.get(f"{lan.home}{page}").location == "/ho-so/case2/da-nop"
    assert lan.id not in lan.client.get("/ho-so")


def test_the_overview_says_in_words_where_each_part_stands(lan: Writer) -> None:
    lan.write("phan/nguoi", {"ho_ten": "Lan"})
    lan.write("phan/giay", {"loai": "bang"}, status=422)
    page = re.sub(r"<[^>]+>", " ", lan.open(""))
    assert re.search(r"Người yêu cầu\s+Đã xong", page)
    assert re.search(r"Giấy tờ\s+Cần sửa", page)
    assert re.search(r"Nhận kết quả\s+Chưa làm", page)


def test_what_was_typed_is_there_on_another_device_after_signing_out(lan: Writer, browser: Any) -> None:
    lan.write("phan/nguoi", PERSON, "later")
    lan.client.get("/ho-so")
    lan.client.post("/dang-xuat", {})
    elsewhere = browser("id-lan")
    assert "Hồ sơ đang soạn" in elsewhere.get("/ho-so")
    assert f'href="{lan.home}"' in elsewhere.page
    assert 'value="03/08/1990"' in elsewhere.get(f"{lan.home}/phan/nguoi")


def test_errors_come_with_a_summary_and_the_input_is_kept_and_saved(lan: Writer, house: Any) -> None:
    page = lan.write("phan/giay", {"so_ban": "8.000", "ghi_chu": 'a "<i>'}, status=422).text
    assert "<title>Lỗi: " in page
    assert 'role="alert"' in page
    assert '<a href="#f-so_ban">' in page
    assert 'value="8.000"' in page
    assert "<i>" not in page
    assert draft_of(house, lan).data["so_ban"] == "8.000"
    assert "Họ và tên" not in html.unescape(page.split('class="summary"')[1].split("</div>")[0]), "only of this page"


def test_the_check_page_names_what_is_missing_and_leads_there_and_back(lan: Writer, house: Any) -> None:
    page = lan.open("kiem-tra")
    assert "Còn mục cần điền" in page
    assert 'value="submit"' not in page
    assert f'href="{lan.home}/phan/nguoi?ve=kiem-tra' in page
    lan.press("kiem-tra", {"_declared": "true"}, "submit", 422)
    lan.client.get(f"{lan.home}/phan/giay?ve=kiem-tra")
    assert "Bắt buộc nhập." in lan.client.page
    assert submitted(house) == []


def test_a_change_from_the_check_page_returns_there_unless_it_opens_a_question(lan: Writer) -> None:
    lan.fill()
    lan.open("kiem-tra")
    assert f'href="{lan.home}/phan/nguoi?ve=kiem-tra"' in lan.client.page
    lan.client.get(f"{lan.home}/phan/nguoi?ve=kiem-tra")
    back = lan.client.post(f"{lan.home}/phan/nguoi?ve=kiem-tra", {**PERSON, "_action": "next"})
    assert back.location == f"{lan.home}/kiem-tra"
    lan.client.get(f"{lan.home}/phan/giay?ve=kiem-tra")
    opened = lan.client.post(f"{lan.home}/phan/giay?ve=kiem-tra", {**PAPERS, "loai": "khac", "_action": "next"}, 422)
    assert "Tên giấy tờ" in opened.text


def test_an_answer_that_a_change_in_another_part_calls_for_is_asked_before_the_check(
    lan: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    triggered = {
        "type": "group",
        "id": "them",
        "label": "Thêm",
        "components": [
            {
                "type": "textfield",
                "id": "t",
                "key": "ly_do",
                "label": "Lý do",
                "conditional": {"hide": '=loai != "khac"'},
                "validate": {"required": True},
            }
        ],
    }
    monkeypatch.setitem(FORM, "components", [*FORM["components"], triggered])
    lan.fill()
    assert "Thêm" not in lan.open(""), "a part in which nothing is asked is no page"
    lan.client.get(f"{lan.home}/phan/giay?ve=kiem-tra")
    answers = {**PAPERS, "loai": "khac", "ten_khac": "Sổ", "_action": "next"}
    asked = lan.client.post(f"{lan.home}/phan/giay?ve=kiem-tra", answers)
    assert asked.location == f"{lan.home}/phan/them?ve=kiem-tra"


def test_rows_and_files_in_rows_are_kept_while_rows_come_and_go(
    lan: Writer, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = next(c for c in FORM["components"][2]["components"] if c.get("path") == "danh_sach")
    picker = {"type": "filepicker", "id": "p", "key": "anh", "label": "Ảnh", "multiple": True}
    monkeypatch.setitem(rows, "components", [*rows["components"], picker])
    lan.open("phan/giay")
    upload = {"_upload.danh_sach.0.anh": (BytesIO(PDF), "một.pdf"), "danh_sach.0.ten": "Một", "_rows.danh_sach": "0"}
    lan.press("phan/giay", upload, "add:danh_sach", 200)
    assert [len(row.get("anh", ())) for row in draft_of(house, lan).data["danh_sach"]] == [1, 0]
    token = lan.client.hidden("danh_sach.0.anh")
    two = {"_rows.danh_sach": ["0", "1"], "danh_sach.0.anh": token, "danh_sach.1.ten": "Hai"}
    upload = {"_upload.danh_sach.1.anh": (BytesIO(PDF + b"2"), "hai.pdf")}
    lan.press("phan/giay", {**two, **upload}, "remove:danh_sach.0", 200)
    (row,) = draft_of(house, lan).data["danh_sach"]
    assert (row["ten"], row["anh"][0]["name"]) == ("Hai", "hai.pdf")
    assert "hai.pdf" in lan.open("phan/giay")


def test_values_of_hidden_questions_are_dropped(lan: Writer, house: Any) -> None:
    lan.write("phan/giay", {**PAPERS, "loai": "khac", "ten_khac": "Sổ"})
    assert draft_of(house, lan).data["ten_khac"] == "Sổ"
    page = lan.write("phan/giay", PAPERS).location
    assert page
    assert "ten_khac" not in draft_of(house, lan).data


def test_names_that_are_not_of_this_page_are_not_saved(lan: Writer, house: Any) -> None:
    lan.write("phan/nguoi", {**PERSON, "so_ban": "7", "la": "lạ", "_la": "x"})
    data = draft_of(house, lan).data
    assert "la" not in data
    assert "so_ban" not in data


def test_two_tabs_on_different_pages_keep_both(lan: Writer, browser: Any, house: Any) -> None:
    other = browser("id-lan")
    other.get(f"{lan.home}/phan/giay")
    lan.write("phan/nguoi", PERSON)
    other.post(f"{lan.home}/phan/giay", {**PAPERS, "_action": "next"})
    data = draft_of(house, lan).data
    assert (data["ho_ten"], data["so_ban"]) == ("Nguyễn Thị Lan", 2)
    assert draft_of(house, lan).overwritten == ()


def test_two_tabs_on_the_same_page_warn_and_the_one_replaced_can_be_used_again(
    lan: Writer, browser: Any, house: Any
) -> None:
    other = browser("id-lan")
    other.get(f"{lan.home}/phan/nguoi")
    lan.write("phan/nguoi", {"ho_ten": "Thứ nhất"})
    answer = other.post(f"{lan.home}/phan/nguoi", {"ho_ten": "Thứ hai", "_action": "next"})
    assert "vừa được sửa trên thiết bị" in other.get(answer.location)
    assert draft_of(house, lan).data["ho_ten"] == "Thứ hai"
    assert "Bản được giữ lại" in other.get(lan.home)
    other.post(f"{lan.home}/dung-lai", {"_copy": "0"})
    assert draft_of(house, lan).data["ho_ten"] == "Thứ nhất"
    other.get(lan.home)
    other.post(f"{lan.home}/dung-lai", {"_copy": "99"})
    assert draft_of(house, lan).data["ho_ten"] == "Thứ nhất"


def test_autosave_answers_with_the_new_version_and_warns_too(lan: Writer, browser: Any, house: Any) -> None:
    lan.open("phan/nguoi")
    saved = lan.press("phan/nguoi", {"ho_ten": "Nử"}, "autosave", 200).json
    assert saved["version"] == draft_of(house, lan).version
    assert saved["said"].startswith("Đã lưu lúc ")
    other = browser("id-lan")
    other.get(f"{lan.home}/phan/nguoi")
    other.post(f"{lan.home}/phan/nguoi", {"ho_ten": "Khác", "_action": "autosave"}, 200)
    late = lan.client.client.post(
        f"{lan.home}/phan/nguoi",
        data={"csrf_token": lan.client.hidden("csrf_token"), "_version": saved["version"], "ho_ten": "Nửa"}
        | {"_action": "autosave"},
    )
    assert late.status_code == 400 or late.json["unseen"]


def test_a_text_too_long_for_a_draft_is_said_and_kept_on_the_page(lan: Writer, house: Any) -> None:
    page = lan.write("phan/giay", {**PAPERS, "ghi_chu": "x" * 30_000}, status=422).text
    assert "đã quá dài" in page
    assert "x" * 30_000 in page
    assert "ghi_chu" not in draft_of(house, lan).data


def test_who_changed_it_elsewhere_after_the_check_is_shown_the_change_first(
    lan: Writer, browser: Any, house: Any
) -> None:
    lan.fill()
    lan.open("kiem-tra")
    Other = browser("id-lan")
    Other.get(f"{lan.home}/phan/nguoi")
    Other.post(f"{lan.home}/phan/nguoi", {"ho_ten": "Đổi", "_action": "next"})
    page = lan.press("kiem-tra", {"_declared": "true"}, "submit", 409).text
    assert "Hồ sơ vừa thay đổi" in page
    assert "Đổi" in page
    assert submitted(house) == []


def test_without_the_declaration_nothing_is_sent_where_the_form_has_none(
    lan: Writer, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = FORM["components"][2]["components"][-1]
    monkeypatch.setitem(box, "properties", {})
    lan.fill()
    lan.open("kiem-tra")
    page = lan.press("kiem-tra", {}, "submit", 422).text
    assert '<a href="#own-_declared">' in page
    assert submitted(house) == []
    lan.press("kiem-tra", {"_declared": "true"}, "submit")
    assert len(submitted(house)) == 1


def test_after_a_503_the_same_click_again_makes_one_case(lan: Writer, house: Any) -> None:
    lan.fill()
    lan.open("kiem-tra")
    house.refuse = DatabaseUnavailableError()
    lan.client.client.post(f"{lan.home}/kiem-tra", data=_fields(lan))
    house.refuse = None
    again = lan.client.client.post(f"{lan.home}/kiem-tra", data=_fields(lan))
    assert again.location == "/ho-so/case2/da-nop"
    assert len(submitted(house)) == 1


def _fields(lan: Writer) -> dict[str, str]:
    own = {name: lan.client.hidden(name) for name in ("csrf_token", "_version")}
    return {**own, "_declared": "true", "_action": "submit"}


@pytest.mark.parametrize(
    ("refusal", "status"), [(FormInvalidError({"ho_ten": ["Sai tên"]}), 422), (StaleVersionError(), 409)]
)
def test_what_the_engine_refuses_at_sending_is_said_and_may_be_mended(
    lan: Writer, house: Any, refusal: Exception, status: int
) -> None:
    lan.fill()
    house.refuse = refusal
    assert 'role="alert"' in lan.send(status).text
    house.refuse = None
    assert lan.send().location == "/ho-so/case2/da-nop"


def test_warnings_of_rules_are_shown_and_do_not_block(lan: Writer) -> None:
    lan.fill()
    lan.write("phan/giay", {**PAPERS, "so_ban": "11"})
    assert "Trên 10 bản" in lan.open("kiem-tra")
    assert lan.send().location == "/ho-so/case2/da-nop"


def test_a_form_that_asks_for_the_delivery_itself_is_not_asked_again(
    lan: Writer, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = {
        "type": "radio",
        "id": "x",
        "key": "nhan",
        "label": "Nhận kết quả",
        "properties": {"optionSet": "hinh_thuc_nhan_ket_qua"},
        "values": [{"value": "truc_tiep", "label": "A"}, {"value": "buu_chinh", "label": "B"}],
    }
    own = {"type": "group", "id": "nhan", "label": "Cách nhận", "components": [question]}
    monkeypatch.setitem(FORM, "components", [*FORM["components"], own])
    lan.write("phan/nguoi", PERSON)
    lan.write("phan/giay", PAPERS)
    assert "nhan-ket-qua" not in lan.open("")
    lan.write("phan/nhan", {"nhan": "buu_chinh"})
    lan.send()
    assert submitted(house)[0].delivery == "post"


def test_the_way_of_delivery_is_asked_with_an_address_for_the_post(lan: Writer) -> None:
    assert "Chọn cách nhận kết quả" in lan.write("nhan-ket-qua", {"_delivery": "zzz"}, status=422).text
    assert "Nhập địa chỉ" in lan.write("nhan-ket-qua", {"_delivery": "post"}, status=422).text


def test_a_newer_version_of_the_form_keeps_what_still_fits_and_says_so(
    lan: Writer, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan.fill()
    newer = replace(PROCEDURE, version=2)
    monkeypatch.setattr(house.catalog, "current", lambda code, day: newer)
    monkeypatch.setitem(FORM, "components", [c for c in FORM["components"] if c["id"] != "nguoi"])
    assert lan.client.client.get(f"{lan.home}/kiem-tra").location == lan.home
    page = lan.client.get(lan.home)
    assert "phiên bản 2" in page
    assert "không còn phù hợp" in page
    kept = draft_of(house, lan)
    assert kept.procedure_version == 2
    assert kept.data["so_ban"] == 2
    assert "ho_ten" not in kept.data


def test_known_answers_are_filled_in_said_to_be_so_and_may_be_changed(
    browser: Any, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = {"fields": ["ho_ten"], "from": "profile.name"}
    monkeypatch.setitem(house.filing.rules, "prefill", [rule])
    writer = Writer(browser("id-lan"))
    page = writer.open("phan/nguoi")
    assert 'value="Nguyễn Thị Lan"' in page
    assert "Đã điền sẵn" in page
    assert 'aria-describedby="f-ho_ten-hint f-ho_ten-from"' in page
    writer.press("phan/nguoi", {"ho_ten": "Lan khác"})
    assert "Đã điền sẵn" not in writer.open("phan/nguoi")
    assert draft_of(house, writer).data["ho_ten"] == "Lan khác"


def test_filing_for_somebody_else_is_recorded_apart_and_the_account_stays_owner(browser: Any, house: Any) -> None:
    lan = browser("id-lan")
    lan.get(BEGIN)
    page = lan.post(BEGIN, {"_for": "person"}, 200).text
    assert "Người đó là ai của anh/chị?" in page
    wrong = lan.post(BEGIN, {"_for": "person", "_name": "", "_id_number": "12"}, 422).text
    assert all(f'href="#own-{name}"' in wrong for name in ("_name", "_id_number", "_relation"))
    who = {"_for": "person", "_name": "Cụ Tư", "_id_number": "079150001234", "_relation": "cha_me"}
    writer = Writer(browser("id-lan"), **who)
    assert "Cụ Tư" in writer.client.page
    writer.fill()
    checked = writer.open("kiem-tra")
    assert "Người nộp thay" in checked
    assert "Cha hoặc mẹ" in checked
    writer.send()
    applicant = submitted(house)[0].applicant
    assert applicant["account"] == "id-lan"
    assert (applicant["name"], applicant["id_number"]) == ("Cụ Tư", "079150001234")
    assert (applicant["submitted_by"], applicant["relation"]) == ("Nguyễn Thị Lan", "Cha hoặc mẹ")
    assert applicant["phone"] == "0903000111"


def test_filing_for_an_organisation_names_it_and_who_files(browser: Any, house: Any) -> None:
    who = {"_for": "organisation", "_name": "Công ty Mẫu", "_relation": "Giám đốc"}
    writer = Writer(browser("id-lan"), **who)
    writer.fill()
    writer.send()
    applicant = submitted(house)[0].applicant
    assert (applicant["name"], applicant["kind"]) == ("Công ty Mẫu", "organisation")
    assert (applicant["submitted_by"], applicant["relation"]) == ("Nguyễn Thị Lan", "Giám đốc")


def test_what_nobody_may_file_for_another_is_not_offered(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(PROCEDURE, info={"authorization_allowed": False})
    monkeypatch.setattr(fake_house, "PROCEDURE", own)
    lan = browser("id-lan")
    assert 'value="person"' not in lan.get(BEGIN)
    lan.post(BEGIN, {"_for": "person"}, 422)
    lan.post(BEGIN, {"_for": "zzz"}, 422)


def test_open_drafts_of_a_procedure_are_offered_before_a_new_one(lan: Writer) -> None:
    assert f'href="{lan.home}"' in lan.client.get(BEGIN)


def test_a_draft_is_deleted_after_asking(lan: Writer, house: Any) -> None:
    assert "không lấy lại được" in lan.open("xoa")
    lan.client.post(f"{lan.home}/xoa", {})
    assert draft_of(house, lan) is None
    lan.client.get(lan.home, 404)


@pytest.mark.parametrize(
    "page", ["", "/phan/nguoi", "/kiem-tra", "/nhan-ket-qua", "/xoa", "/ban-in", "/tep/tep?key=12345678"]
)
def test_a_draft_of_somebody_else_is_missing_as_one_that_never_was(lan: Writer, browser: Any, page: str) -> None:
    hung = browser("id-hung")
    own = hung.get(f"{lan.home}{page}", 404)
    never = hung.get(f"/nop/{'f' * 32}{page}", 404)
    strip = re.compile(r"Số tham chiếu: \w+|/nop/\w+|%2Fnop%2F\w+|value=\"[^\"]+\"")
    assert strip.sub("", own) == strip.sub("", never)


@pytest.mark.parametrize("page", ["/phan/nguoi", "/kiem-tra", "/nhan-ket-qua", "/dung-lai", "/xoa"])
def test_nobody_writes_in_a_draft_of_somebody_else(lan: Writer, browser: Any, house: Any, page: str) -> None:
    before = draft_of(house, lan)
    hung = browser("id-hung")
    hung.get(BEGIN)
    for action in ("next", "autosave", "submit"):
        answer = hung.client.post(
            f"{lan.home}{page}", data={"csrf_token": hung.hidden("csrf_token"), "_action": action, "ho_ten": "x"}
        )
        assert answer.status_code in (302, 404)
    assert draft_of(house, lan) == before


def test_a_part_that_the_form_does_not_have_is_missing(lan: Writer) -> None:
    lan.open("phan/zzz", 404)


def test_ones_answers_can_be_printed_before_and_after_filing(lan: Writer, browser: Any) -> None:
    lan.fill()
    assert "Chưa nộp" in lan.open("ban-in")
    assert "Trang 1" in lan.client.page
    lan.send()
    page = lan.client.get("/ho-so/case2/ban-in")
    assert "000.05.12.H29-260803-0002" in page
    assert "Trang 1" in page
    browser("id-hung").get("/ho-so/case2/ban-in", 404)


def test_names_in_any_encoding_of_their_marks_are_one(lan: Writer, house: Any) -> None:
    lan.write("phan/nguoi", {"ho_ten": unicodedata.normalize("NFD", "Nguyễn Thị Lan")})
    assert draft_of(house, lan).data["ho_ten"] == "Nguyễn Thị Lan"


def test_strange_buttons_do_no_harm(lan: Writer) -> None:
    for action in (
        "add:nothing",
        "remove:danh_sach.99",
        "remove:x",
        "unfile:tep:9",
        "unfile:",
        "upfile:x:1",
        "zzz",
        "",
    ):
        lan.write("phan/giay", PAPERS, action, 200)


def test_a_draft_is_kept_until_a_day_that_is_said(lan: Writer) -> None:
    until = fake_house.NOW + timedelta(days=30)
    assert until.strftime("%d/%m/%Y") in lan.open("")


def test_anybody_may_report_a_page_a_few_times_and_administrators_read_it(browser: Any, house: Any) -> None:
    nobody = browser()
    page = nobody.get("/bao-loi?trang=/nop/abc%3Fx=1")
    assert "/nop/abc" in page
    nobody.post("/bao-loi", {"trang": "/nop/abc?x=1", "_text": ""}, 422)
    nobody.post("/bao-loi", {"trang": "/nop/abc?x=1", "_text": "Nút <b>bị</b> che"})
    (report,) = house.filing.reports.newest("xa-mau")
    assert (report.page, report.text, report.account) == ("/nop/abc", "Nút <b>bị</b> che", "")
    assert "Nút &lt;b&gt;bị" in browser("id-quan").get("/dieu-hanh/bao-loi")
    browser("id-mai").get("/dieu-hanh/bao-loi", 403)
    for _ in range(4):
        nobody.get("/bao-loi")
        nobody.post("/bao-loi", {"_text": "nữa"})
    nobody.get("/bao-loi")
    assert "Hãy đợi 15 phút" in nobody.post("/bao-loi", {"_text": "nữa"}, 422).text
