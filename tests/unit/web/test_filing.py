"""A clerk files for somebody on one page: form, check, once."""

from __future__ import annotations

import html
import re
from io import BytesIO

from engine.commands.messages import SubmitCase
from engine.domain.errors import FormInvalidError, StaleVersionError
from tests.unit.web.fake_house import FORM

FILE = "/can-bo/tiep-nhan/2.000815"
GOOD = {
    "_applicant.name": "Cụ Tư",
    "_applicant.id_number": "079190001234",
    "ho_ten": "Nguyễn Thị Lan",
    "loai": "bang",
    "so_ban": "2",
    "_rows.danh_sach": "0",
    "danh_sach.0.ten": "Trang 1",
    "cam_doan": "true",
    "ngay_sinh": "3/8/1990",
    "_delivery": "post",
}


def carried(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    form = page[page.index("data-once") :]
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def test_form_check_and_sending_make_one_case_also_after_a_double_click(browser, house):
    mai = browser("id-mai")
    mai.get(FILE)
    checked = mai.post(FILE, {**GOOD, "_action": "check"}, 200).text
    assert "Kiểm tra trước khi nộp" in checked
    assert "03/08/1990" in checked
    assert "Nhận qua bưu chính" in checked
    sent = {**carried(checked), "_action": "submit"}
    first = mai.client.post(FILE, data=sent)
    second = mai.client.post(FILE, data=sent)
    assert first.location == second.location == "/can-bo/ho-so/case2"
    commands = [one for one in house.handled if isinstance(one, SubmitCase)]
    assert len(commands) == 1
    assert commands[0].application["so_ban"] == 2
    assert commands[0].application["danh_sach"] == [{"ten": "Trang 1", "mau": False}]
    assert commands[0].delivery == "post"
    assert commands[0].applicant["account"] is None


def test_errors_come_with_a_summary_and_the_input_is_kept(browser, house):
    mai = browser("id-mai")
    mai.get(FILE)
    page = mai.post(
        FILE, {"_action": "check", "ho_ten": 'Lan "<i>', "so_ban": "8.000", "ngay_sinh": "31/02/2020"}, 422
    ).text
    assert 'role="alert"' in page
    assert '<a href="#f-so_ban">' in page
    assert 'value="8.000"' in page
    assert 'value="31/02/2020"' in page
    assert 'value="Lan &#34;&lt;i&gt;"' in page
    assert "<i>" not in page
    assert page.count("Chỉ nhập chữ số, không dùng dấu chấm") == 2
    assert house.handled == []


def test_a_file_survives_errors_and_reaches_the_case(browser, house):
    mai = browser("id-mai")
    mai.get(FILE)
    upload = {"_upload.tep": (BytesIO(b"%PDF-1.7 x"), "bản chính.pdf"), "_action": "check"}
    page = mai.post(FILE, upload, 422).text
    assert "bản chính.pdf" in page
    token = mai.hidden("tep")
    checked = mai.post(FILE, {**GOOD, "tep": token, "_action": "check"}, 200).text
    mai.client.post(FILE, data={**carried(checked), "_action": "submit"})
    documents = house.handled[-1].documents
    assert [(one["key"], one["name"]) for one in documents] == [("ban_chinh", "bản chính.pdf")]
    download = mai.client.get(f"/can-bo/ho-so/case2/tep/{documents[0]['sha256']}")
    assert download.data == b"%PDF-1.7 x"
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download.headers["Content-Security-Policy"]
    browser("id-hung").get(f"/ho-so/case2/tep/{documents[0]['sha256']}", 404)
    mai.get(f"/can-bo/ho-so/case1/tep/{documents[0]['sha256']}", 404)


def test_a_refused_file_is_said_at_its_field_at_once(browser):
    mai = browser("id-mai")
    mai.get(FILE)
    upload = {"_upload.tep": (BytesIO(b"MZ"), "a.pdf"), "_action": "update", "ho_ten": "Lan"}
    page = mai.post(FILE, upload, 422).text
    assert "không phải là tệp PDF, PNG hợp lệ" in page
    assert 'value="Lan"' in page


def test_more_files_than_allowed_are_refused(browser):
    mai = browser("id-mai")
    mai.get(FILE)
    files = [(BytesIO(b"%PDF-1.7" + bytes([n])), f"{n}.pdf") for n in range(3)]
    assert "nhiều nhất 2 tệp. Hãy xóa" in mai.post(FILE, {"_upload.tep": files, "_action": "update"}, 422).text


def test_rows_are_added_and_removed_without_scripts(browser):
    mai = browser("id-mai")
    mai.get(FILE)
    rows = {"_rows.danh_sach": ["0", "1"], "danh_sach.0.ten": "Một", "danh_sach.1.ten": "Hai"}
    page = mai.post(FILE, {**rows, "_action": "add:danh_sach"}, 200).text
    assert page.count('name="_rows.danh_sach"') == 3
    page = mai.post(FILE, {**rows, "_action": "remove:danh_sach.0"}, 200).text
    assert 'value="Một"' not in page
    assert 'value="Hai"' in page
    page = mai.post(FILE, {"_action": "add:dia_chi.nguoi"}, 200).text
    assert 'name="dia_chi.nguoi.0.ten"' in page


def test_strange_buttons_do_no_harm(browser):
    mai = browser("id-mai")
    for action in ("add:nothing", "remove:danh_sach.99", "remove:x", "unfile:tep:9", "unfile:", "edit", "zzz", ""):
        mai.get(FILE)
        mai.post(FILE, {"_action": action}, 200)


def test_a_conditional_question_appears_after_update(browser):
    mai = browser("id-mai")
    assert "Tên giấy tờ" not in mai.get(FILE)
    assert "Tên giấy tờ" in mai.post(FILE, {"loai": "khac", "_action": "update"}, 200).text


def test_going_back_from_the_check_keeps_every_answer(browser):
    mai = browser("id-mai")
    mai.get(FILE)
    checked = mai.post(FILE, {**GOOD, "dan_toc": "__other__", "_other.dan_toc": "Ba-na", "_action": "check"}, 200).text
    again = mai.client.post(FILE, data={**carried(checked), "_action": "edit"}).text
    assert 'value="Ba-na"' in again
    assert 'value="Trang 1"' in again
    assert 'id="delivery-post" name="_delivery" value="post" checked' in again


def test_a_form_that_asks_for_the_delivery_itself_is_not_asked_again(browser, house, monkeypatch):
    question = {
        "type": "radio",
        "id": "x",
        "key": "nhan",
        "label": "Nhận kết quả",
        "properties": {"optionSet": "hinh_thuc_nhan_ket_qua"},
        "values": [{"value": "truc_tiep", "label": "A"}, {"value": "buu_chinh", "label": "B"}],
    }
    monkeypatch.setitem(FORM, "components", [*FORM["components"], question])
    mai = browser("id-mai")
    assert "_delivery" not in mai.get(FILE)
    checked = mai.post(FILE, {**GOOD, "_delivery": "desk", "nhan": "buu_chinh", "_action": "check"}, 200).text
    mai.client.post(FILE, data={**carried(checked), "_action": "submit"})
    assert house.handled[-1].delivery == "post"


def test_warnings_are_shown_and_do_not_block(browser):
    mai = browser("id-mai")
    mai.get(FILE)
    assert "Trên 10 bản" in mai.post(FILE, {**GOOD, "so_ban": "11", "_action": "check"}, 200).text


def test_what_the_engine_refuses_at_sending_is_shown_in_the_form(browser, house):
    mai = browser("id-mai")
    for refusal, status in ((FormInvalidError({"ho_ten": ["Sai tên"]}), 422), (StaleVersionError(), 409)):
        mai.get(FILE)
        house.refuse = refusal
        page = mai.post(FILE, {**GOOD, "_action": "submit"}, status).text
        assert 'value="Nguyễn Thị Lan"' in page
    assert "vừa được người khác cập nhật" in page


def test_a_form_without_its_key_is_not_taken(browser, house):
    mai = browser("id-mai")
    mai.get(FILE)
    mai.post(FILE, {**GOOD, "_action": "submit", "_key": ""}, 400)
    mai.post(FILE, {**GOOD, "_action": "submit", "_key": "../../x"}, 400)
    assert house.handled == []


def test_the_desk_files_for_somebody_who_came_in(browser, house):
    mai, path = browser("id-mai"), "/can-bo/tiep-nhan/2.000815"
    mai.get(path)
    page = mai.post(path, {**GOOD, "_applicant.name": "", "_action": "check"}, 422).text
    assert '<a href="#own-1">Nhập họ và tên người nộp.</a>' in page
    assert 'id="own-1"' in page
    person = {"_applicant.name": "Cụ Tư", "_applicant.id_number": "079190001234"}
    checked = mai.post(path, {**GOOD, **person, "_action": "check"}, 200).text
    answer = mai.client.post(path, data={**carried(checked), "_action": "submit"})
    assert answer.location == "/can-bo/ho-so/case2"
    assert house.handled[-1].applicant == {
        "account": None,
        "name": "Cụ Tư",
        "id_number": "079190001234",
        "phone": "",
        "email": "",
        "address": "",
    }
    assert house.handled[-1].channel == "desk"
