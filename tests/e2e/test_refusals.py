"""What the pages refuse, and how they say it: late completions, double clicks, wrong data, strangers, forgeries."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.domain.case import Case
from engine.scenarios import read
from tests.support.browser import People, Person
from tests.support.desk import ROOT

pytestmark = pytest.mark.browser
CODE = "1.004873"
CHECK = "Kiểm tra thành phần hồ sơ"
TYPED = "Thiếu bản sao trích lục ghi chú ly hôn."
SCENARIO = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan@2" / "tests" / "01_truc_tuyen.toml"


def cases(people: People) -> list[Case]:
    """Every case of the house."""
    found = [people.app.store.case(unit, case_id) for unit, case_id in people.app.store.case_ids()]
    return [case for case in found if case is not None]


def waiting_for_check(people: People) -> Case:
    """The demonstration's case that nobody has looked at yet."""
    return next(c for c in cases(people) if not c.ended and any(t.name == CHECK for t in c.tasks.values()))


def to_check_page(citizen: Person) -> None:
    """Fill the form and come to the check before sending."""
    citizen.write(CODE, read(SCENARIO).application)
    citizen.page.get_by_role("heading", name="Kiểm tra trước khi nộp").wait_for()


def refused(page: Any, code: str) -> str:
    """The text of the error page, which names this code below."""
    page.get_by_text(f"Mã lỗi: {code}").wait_for()
    return str(page.inner_text("main"))


def test_who_completes_a_task_that_a_colleague_completed_is_told_so_and_keeps_what_was_typed(people: People) -> None:
    case = waiting_for_check(people)
    slow, quick = people["Lê Thị Mai"], people["Võ Minh Tâm"]
    slow.take(CHECK, case.code)
    early, late, quitting = (slow.page, *(slow.context.new_page() for _ in range(2)))
    for page in (late, quitting):
        page.goto(early.url)
    for page in (early, late):
        slow.page = page
        slow.fill({"originals_compared": True, "decision": "supplement", "reason": TYPED})
    quitting.get_by_text("Trả lại hoặc chuyển việc").click()
    quitting.get_by_role("button", name="Trả về hàng chờ").click()
    quick.take(CHECK, case.code)
    quick.fill({"originals_compared": True, "decision": "accepted"})
    slow.page = early
    slow.press("Hoàn thành")  # while the colleague is still at it
    assert "Chưa ghi nhận" in early.locator(".summary").inner_text()
    assert TYPED in early.inner_text("main")
    quick.press("Hoàn thành")
    quick.page.get_by_text(f"Đã hoàn thành: {CHECK}").first.wait_for()
    slow.page = late
    slow.press("Hoàn thành")  # and after the colleague is done
    text = refused(slow.page, "task_not_open")
    slow.page.get_by_text("Nội dung anh/chị vừa nhập").click()
    assert TYPED in slow.page.inner_text("main")
    assert "Chưa thực hiện được" in text
    assert people.problems() == []


def test_sending_twice_makes_one_case(people: People) -> None:
    citizen = people["Nguyễn Thị Lan"]
    to_check_page(citizen)
    before = len(cases(people))
    form = citizen.page.url
    fields = citizen.page.locator("[data-once]").evaluate("form => Object.fromEntries(new FormData(form))")
    citizen.page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    citizen.page.wait_for_url("**/da-nop")
    assert len(cases(people)) == before + 1
    again = citizen.context.request.post(form, form={**fields, "_action": "submit"})  # back, and sent once more
    assert again.url == citizen.page.url
    assert len(cases(people)) == before + 1


def test_double_click_without_javascript_makes_one_case(people: People) -> None:
    citizen = people.newcomer("Nguyễn Thị Lan", width=360, scripts=False)
    to_check_page(citizen)
    before = len(cases(people))
    citizen.page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    citizen.page.wait_for_url("**/da-nop")
    assert len(cases(people)) == before + 1


def test_wrong_data_is_named_in_a_summary_with_focus_and_beside_the_field_and_input_is_kept(people: People) -> None:
    citizen = people["Trần Quốc Hùng"]
    citizen.begin(CODE)
    citizen.page.get_by_role("link", name="Người được cấp").first.click()
    citizen.fill({"nguoi_duoc_cap_ho_ten": "Trần Quốc Hùng", "nguoi_duoc_cap_ngay_sinh": "31/02/1990"})
    citizen.press("Tiếp tục")
    summary = citizen.page.locator(".summary")
    summary.wait_for()
    assert citizen.page.evaluate("document.activeElement.matches('.summary')")
    assert citizen.field("nguoi_duoc_cap_ho_ten").input_value() == "Trần Quốc Hùng"
    assert citizen.field("nguoi_duoc_cap_ngay_sinh").input_value() == "31/02/1990"
    beside = citizen.page.locator("#f-nguoi_duoc_cap_ngay_sinh-error p").inner_text()
    words = beside.removeprefix("Lỗi:").strip()
    assert words
    link = summary.locator("a[href='#f-nguoi_duoc_cap_ngay_sinh']")
    assert words in link.inner_text()
    link.click()
    assert citizen.page.evaluate("document.activeElement.name") == "nguoi_duoc_cap_ngay_sinh"
    for one in summary.locator("a").all():
        assert citizen.page.locator(one.get_attribute("href") or "#").count() == 1


def test_a_stranger_finds_neither_somebodys_case_nor_its_files(people: People) -> None:
    case = next(c for c in cases(people) if c.applicant.get("account") == "citizen1" and c.results)
    path = f"/ho-so/{case.id}"
    file = f"{path}/tep/{case.results[-1]['sha256']}"
    owner, stranger = people["Nguyễn Thị Lan"], people["Trần Quốc Hùng"]
    assert owner.context.request.get(file).status == 200
    for address in (path, file, f"{path}/da-nop", f"/can-bo{path}", f"/kiem-tra/{case.id}"):
        answer = stranger.page.goto(address)
        assert answer is not None
        assert answer.status in ((404,) if not address.startswith(("/can-bo", "/kiem-tra")) else (403, 404))
        assert case.applicant["name"] not in stranger.page.inner_text("main")
    nobody = people.browser.new_context(base_url=people.base)
    assert "/dang-nhap" in nobody.request.get(path).url
    nobody.close()


def test_a_forged_payment_notice_is_refused_and_books_nothing(people: People) -> None:
    case = next(c for c in cases(people) if any(not p["paid"] for p in c.payments) or c.payments)
    payment = case.payments[-1]
    forged = {
        "order": payment["order"],
        "amount": str(payment["amount"]),
        "case_code": case.code,
        "paid": "true",
        "reference": "FORGED",
        "signature": "0" * 128,
    }
    request = people["Trần Quốc Hùng"].context.request
    for fields in (forged, {**forged, "signature": ""}, {k: v for k, v in forged.items() if k != "signature"}):
        answer = request.post("/api/payments/notice", form=fields)
        assert answer.status == 403
        assert answer.json()["error"] == "forbidden"
    pay_page = request.post("/standins/payment", form={**forged, "return_url": "/", "_action": "pay"})
    assert pay_page.status in (400, 403)
    after = next(c for c in cases(people) if c.id == case.id)
    assert after.version == case.version
    assert after.payments == case.payments


def test_a_form_without_its_token_is_refused_with_a_page(people: People) -> None:
    citizen = people["Trần Quốc Hùng"]
    citizen.begin(CODE)
    citizen.press("Tiếp tục")
    citizen.fill({"nguoi_yeu_cau_ho_ten": "Trần Quốc Hùng"})
    citizen.page.locator("[data-form] [name=csrf_token]").evaluate("e => e.remove()")
    before = len(cases(people))
    citizen.press("Tiếp tục")
    text = refused(citizen.page, "csrf")
    assert "Hãy tải lại trang rồi gửi lại." in text
    assert re.search(r"Số tham chiếu: [0-9A-Z]{10}", text)
    citizen.page.get_by_text("Nội dung anh/chị vừa nhập").click()
    assert "Trần Quốc Hùng" in citizen.page.inner_text("main")
    assert len(cases(people)) == before
