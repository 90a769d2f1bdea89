"""One real case in Chromium, from filing to result, by the people who do it; the case page shows each step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from engine.bootstrap import App
from engine.replay import replay
from engine.scenarios import read
from tests.support.browser import Person
from tests.support.desk import ROOT

pytestmark = pytest.mark.browser
FOLDER = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan@2"


def application() -> dict[str, Any]:
    """The application of the catalog's own scenario, without the files that a browser uploads itself."""
    data = dict(read(FOLDER / "tests" / "06_qua_20_ngay_khong_tra_loi.toml").application)
    data.update(hinh_thuc_nhan_ket_qua="dien_tu", mien_le_phi="khong")
    data.pop("dia_chi_nhan", None)
    return {k: v for k, v in data.items() if not (isinstance(v, list) and v and "sha256" in v[0])}


def test_a_case_goes_from_filing_to_signed_result(browser: Browser, served: tuple[App, str]) -> None:
    app, base = served
    citizen = Person(browser, base, "Nguyễn Thị Lan", width=360)
    code = file_case(citizen)
    clerk = Person(browser, base, "Lê Thị Mai")
    clerk.work_on("Kiểm tra thành phần hồ sơ", {"originals_compared": True, "decision": "accepted"}, code)
    justice = Person(browser, base, "Phạm Văn Đức")
    justice.work_on("Thẩm tra", VERIFY, code)
    answer_of_the_other_commune(justice, code)
    nothing_is_to_be_paid(citizen)
    justice.work_on("Soạn Giấy xác nhận", {"contents_checked": True, "signer_note": "Kính trình"}, code)
    agree_to_the_draft(citizen)
    chairman = Person(browser, base, "Nguyễn Văn Bình")
    chairman.work_on("Xem và ký kết quả", {"decision": "signed"}, code)
    records = Person(browser, base, "Bùi Thị Ngọc")
    records.work_on("Vào sổ, đóng dấu", {"checked": True, "entered": True, "sealed": True}, code)
    case_page_shows_each_step(records, code)
    result_is_a_signed_pdf(citizen, app, code)
    everybody_was_spared_errors(citizen, clerk, justice, chairman, records)


VERIFY = {
    "registers_searched": True,
    "competence_checked": True,
    "decision": "verify",
    "verify_commune": "UBND xã Bình Lợi",
    "verify_period": "01/2010 đến 12/2018",
}


def file_case(citizen: Person) -> str:
    """Find the procedure, fill the form, check, send; the confirmation names the code."""
    page = citizen.page
    page.goto("/")
    citizen.press("Cấp Giấy xác nhận tình trạng hôn nhân")
    citizen.press("Nộp hồ sơ trực tuyến")
    citizen.page.get_by_label("Có", exact=True).check()
    citizen.page.get_by_label("Tôi thuộc diện được nộp").check()
    citizen.press("Tiếp tục")
    citizen.page.wait_for_url("**/nop*")
    picture = [{"sha256": "", "name": "cccd.png"}]
    citizen.write(page.url.split("/nop")[0].split("/")[-1], {**application(), "tep_giay_to_tuy_than": picture})
    citizen.page.get_by_text("Nguyễn Thị Lan").first.wait_for()
    citizen.page.get_by_text("cccd.png").first.wait_for()
    citizen.send()
    return page.locator(".big.code").inner_text().strip()


def answer_of_the_other_commune(officer: Person, code: str) -> None:
    """The other commune's letter has come: the officer enters it."""
    open_case(officer, code)
    officer.see("Nhập thông tin")
    officer.press("Nhập thông tin")
    officer.fill({"verification_result": "confirmed", "verification_text": "Công văn 12/UBND-HT: chưa kết hôn."})
    officer.press("Ghi nhận")
    officer.page.wait_for_load_state()


def open_case(person: Person, code: str) -> None:
    """Find the case by its code."""
    person.page.goto(f"/can-bo/ho-so?q={code}")
    person.page.get_by_role("link", name=code).first.click()


def nothing_is_to_be_paid(citizen: Person) -> None:
    """Filed online the certificate costs nothing: no page asks for money."""
    citizen.page.goto("/ho-so")
    citizen.page.locator("ul.cards a").first.click()
    citizen.see("Đang xử lý")
    assert "Nộp phí trực tuyến" not in citizen.page.inner_text("main")


def agree_to_the_draft(citizen: Person) -> None:
    """The applicant checks the draft result."""
    citizen.page.goto("/ho-so")
    citizen.page.locator("ul.cards a").first.click()
    citizen.see("Làm ngay")
    citizen.press("Làm ngay")
    citizen.fill({"decision": "agreed"})
    citizen.press("Gửi")


def case_page_shows_each_step(officer: Person, code: str) -> None:
    """History in words, diagram marked, result offered."""
    open_case(officer, code)
    officer.see("Đã trả kết quả")
    text = officer.page.inner_text("main")
    for step in ("Kiểm tra thành phần hồ sơ", "Chờ xã cũ trả lời", "Ký", "Trả kết quả"):
        assert step in text, step
    officer.page.locator(".djs-container svg").first.wait_for(timeout=10_000)


def result_is_a_signed_pdf(citizen: Person, app: App, code: str) -> None:
    """The applicant downloads the signed result; the history proves the case unchanged."""
    citizen.page.goto("/ho-so")
    citizen.page.locator("ul.cards a").first.click()
    citizen.see("Tải")
    with citizen.page.expect_download() as waiting:
        citizen.page.get_by_role("link", name="Tải").first.click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    unit, case_id = next((u, i) for u, i in app.store.case_ids() if i == app.models.find_code(code))
    case = app.store.case(unit, case_id)
    assert case is not None
    assert case.status == 10
    assert [s["role"] for s in case.results[-1]["signatures"]] == ["leader", "agency"]
    assert app.ports.signing.verify(content, case.results[-1]["signatures"][-1]["signature"]) is not None
    assert replay(app.ports, unit, case_id) == []


def everybody_was_spared_errors(*people: Person) -> None:
    """No script error, nothing refused by the policy of the page."""
    assert [p.problems for p in people if p.problems] == []
