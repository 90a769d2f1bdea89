"""What citizens see."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from engine.commands.messages import AddComment, WithdrawCase
from tests.unit.web.fake_house import NOW, task


def test_procedures_are_found_with_and_without_marks(browser):
    for words in ("chứng thực", "CHUNG THUC", unicodedata.normalize("NFD", "chứng thực"), "ban sao chung"):
        assert "Chứng thực bản sao từ bản chính" in browser().get(f"/?q={words}")
    page = browser().get("/?q=khai+tử&level=4")
    assert "Không có thủ tục nào khớp với “khai tử”" in page
    for way_out in ("bỏ từ cần tìm", 'href="/?level=4"', "xem tất cả 1 thủ tục", "028 3888 0000"):
        assert way_out in page
    assert "bỏ chọn mức độ" not in page  # would leave nothing either


def test_the_list_is_narrowed_by_addresses_and_keeps_what_was_chosen(browser):
    page = browser().get("/?q=sao&level=4&field=chung-thuc")
    assert 'href="/?q=sao&amp;field=chung-thuc"' in page  # any level
    assert '<input type="hidden" name="level" value="4">' in page
    assert "Tìm thấy 1 trong 1 thủ tục." in page
    assert '<span lang="vi">Chứng thực</span>' in browser().get("/?lang=en")


def test_a_procedure_page_has_all_its_parts(browser):
    page = browser().get("/thu-tuc/2.000815")
    for part in (
        "Mức độ 4 (toàn trình)",
        "Trong ngày",
        "Bản chính giấy tờ",
        "2.000 đồng/trang",
        "Nghị định 23/2015/NĐ-CP",
    ):
        assert part in page
    browser().get("/thu-tuc/khong-co", 404)


def test_look_up_shows_the_status_and_nothing_personal(browser):
    page = browser().get("/tra-cuu?code=000.05.12.h29-260803-0001")
    assert "Mới đăng ký" in page
    for secret in ("Lan", "079190001234", "8.000"):
        assert secret not in page
    assert "Không tìm thấy hồ sơ có mã này" in browser().get("/tra-cuu?code=<b>x", 404)


def test_english_is_remembered(browser):
    one = browser()
    one.client.get("/ngon-ngu/en?next=/")
    assert "What would you like to apply for?" in one.get("/")
    assert "Certified copies" in one.get("/thu-tuc/2.000815")
    one.get("/ngon-ngu/xx", 404)


def test_ones_own_tasks_and_open_payments_are_on_the_case_page(browser, house):
    supply = task("Bổ sung giấy tờ", "supply#1", groups=("applicant",), due=NOW)
    payment = {"order": "O1", "provider": "standin", "amount": 8000, "url": "/standins/payment?x=1", "paid": False}
    case = house.cases_["case1"]
    house.cases_["case1"] = replace(case, tasks={**case.tasks, "supply#1": supply}, payments=(payment,))
    page = browser("id-lan").get("/ho-so/case1")
    assert "Bổ sung giấy tờ" in page
    assert "Kiểm tra hồ sơ" not in page.split("Các bước")[0]  # what others do is no work of the applicant
    assert 'href="/standins/payment?x=1"' in page


SIGNED = ({"role": "leader"},)
OWN, INTERNAL = "Bản sao có chứng thực", "Văn bản đề nghị"


@pytest.mark.parametrize(
    ("status", "signatures", "name", "offered"),
    [(4, SIGNED, OWN, False), (9, (), OWN, False), (9, SIGNED, INTERNAL, False), (9, SIGNED, OWN, True)],
)
def test_the_own_result_is_offered_once_signed_and_finished(browser, house, status, signatures, name, offered):
    sha = house.files.put(b"%PDF-1.7 result")
    result = {"document": "d", "name": name, "number": "01/CT", "sha256": sha, "size": 9, "signatures": signatures}
    house.cases_["case1"] = replace(house.cases_["case1"], status=status, results=(result,))
    lan = browser("id-lan")
    assert (sha in lan.get("/ho-so/case1")) is offered
    answer = lan.client.get(f"/ho-so/case1/tep/{sha}")
    assert answer.status_code == (200 if offered else 404)
    if offered:
        assert answer.mimetype == "application/pdf"
        assert ".pdf" in answer.headers["Content-Disposition"]


def test_withdrawing_and_writing_to_the_officers(browser, house):
    lan = browser("id-lan")
    assert "Anh/chị chưa nộp tiền nào" in lan.get("/ho-so/case1/rut")
    assert "Hãy ghi lý do rút hồ sơ" in lan.post("/ho-so/case1/rut", {"reason": " "}, status=422).text
    assert house.handled == []
    lan.post("/ho-so/case1/rut", {"reason": "Đổi ý", "_version": "7"})
    assert house.handled[-1] == WithdrawCase(unit="xa-mau", case_id="case1", version=7, reason="Đổi ý")
    lan.get("/ho-so/case1")
    lan.post("/ho-so/case1/lam", {"_action": "comment", "text": "Xin hỏi"})
    assert house.handled[-1] == AddComment(unit="xa-mau", case_id="case1", text="Xin hỏi", public=True)
    browser("id-hung").get("/ho-so")
