"""Whole journeys in Chromium: three procedures from filing to hand-over, played from the catalog's own scenarios."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.case import Case
from engine.scenarios import Scenario, read
from tests.support.browser import People, Person
from tests.support.desk import ROOT

pytestmark = pytest.mark.browser
CATALOG = ROOT / "catalog"
OFFICERS = {
    "one_stop": "Lê Thị Mai",
    "justice_officer": "Phạm Văn Đức",
    "culture_officer": "Đặng Thu Hà",
    "chairman": "Nguyễn Văn Bình",
    "cashier": "Huỳnh Ngọc Ánh",
    "records_clerk": "Bùi Thị Ngọc",
    "district_liaison": "Lý Hoàng Nam",
}


def file_online(citizen: Person, procedure: str, application: Mapping[str, Any]) -> str:
    """Fill the form as a citizen, check, send; the code of the case."""
    citizen.write(procedure, application)
    citizen.send()
    return citizen.page.locator(".big.code").inner_text().strip()


def case_of(people: People, code: str) -> Case:
    """The case as it is stored."""
    case_id = people.app.models.find_code(code)
    case = people.app.store.case(None, case_id) if case_id else None
    assert case is not None, code
    return case


def waited(people: People, code: str, name: str) -> Case:
    """The case once this task, or the wait for this message, is open: the worker needs a moment."""
    for _ in range(60):
        case = case_of(people, code)
        if any(t.element_id == name for t in case.tasks.values()):
            return case
        if any(s.message == name for s in case.subscriptions.values()):
            return case
        time.sleep(0.25)
    raise AssertionError(f"{name} does not open; open are {[t.element_id for t in case.tasks.values()]}")


def play(people: People, code: str, scenario: Scenario, *, applicant: Person | None = None) -> None:
    """Let everybody do on the pages what the scenario says; waiting steps are left out, the clock is the real one."""
    for step in scenario.steps:
        if "complete" in step:
            case = waited(people, code, step["complete"])
            task = next(t for t in case.tasks.values() if t.element_id == step["complete"])
            people[OFFICERS[step["by"]]].work_on(task.name, step.get("data", {}), code)
        elif step.get("message") == "payment_received":
            assert applicant is not None
            pay(applicant, code)
        elif "message" in step:
            waited(people, code, step["message"])
            tell(people[OFFICERS[step["by"]]], code, step.get("data", {}))


def tell(officer: Person, code: str, data: Mapping[str, Any]) -> None:
    """Enter on the case page what came from outside."""
    open_case(officer, code)
    officer.press("Nhập thông tin")
    officer.fill(data)
    officer.press("Ghi nhận")
    officer.page.get_by_text("Đã ghi nhận thông tin.").wait_for()


def open_case(officer: Person, code: str) -> None:
    """Find a case by its code."""
    officer.page.goto(f"/can-bo/ho-so?q={code}")
    officer.page.get_by_role("link", name=code).first.click()
    officer.page.get_by_role("heading", name=code).wait_for()


def open_mine(citizen: Person, code: str) -> None:
    """Find one's own case in the list of one's cases."""
    citizen.page.goto("/ho-so")
    citizen.page.locator("ul.cards li", has_text=code).get_by_role("link").click()


def pay(citizen: Person, code: str) -> None:
    """Pay at the stand-in of the provider."""
    open_mine(citizen, code)
    citizen.see("Nộp phí trực tuyến")
    citizen.press("Nộp phí trực tuyến")
    citizen.press("Trả tiền")
    citizen.see("Đã quay lại từ trang thanh toán")


def delivered(people: People, code: str) -> Case:
    """The case once it has ended with its result handed over."""
    for _ in range(60):
        case = case_of(people, code)
        if case.ended:
            break
        time.sleep(0.25)
    assert case.ended, [t.element_id for t in case.tasks.values()]
    assert case.status == 10
    assert people.problems() == []
    return case


def scenario_of(path: str) -> Scenario:
    """A scenario of the catalog."""
    return read(CATALOG / path)


def working_day(people: People, days: int) -> str:
    """So many working days from today."""
    return str(people.app.file_catalog.calendar.add_working_days(people.app.clock.now().date(), days).isoformat())


def test_certified_copies_go_from_a_phone_without_javascript_to_the_signed_result(people: People) -> None:
    scenario = scenario_of("chung-thuc-ban-sao/tests/01_ban_dien_tu.toml")
    citizen = people.newcomer("Nguyễn Thị Lan", width=360, scripts=False)
    application = {**scenario.application, "ngay_hen": working_day(people, 2)}
    code = file_online(citizen, "2.000815", application)
    rows = case_of(people, code).application["danh_sach"]
    assert [row["ten_giay_to"] for row in rows] == ["Bằng tốt nghiệp đại học", "Hợp đồng lao động"]
    play(people, code, scenario, applicant=citizen)
    case = delivered(people, code)
    assert case.fee_total == 16000
    assert [s["role"] for s in case.results[-1]["signatures"]] == ["leader", "agency"]
    open_mine(citizen, code)
    citizen.see("Đã trả kết quả")
    with citizen.page.expect_download() as waiting:
        citizen.page.get_by_role("link", name="Tải").first.click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")


def test_a_birth_is_registered_at_the_desk_for_somebody_without_an_account(people: People) -> None:
    scenario = scenario_of("dang-ky-khai-sinh/tests/01_dung_han_truc_tuyen.toml")
    born = (people.app.clock.now().date() - timedelta(days=14)).isoformat()
    clerk = people["Lê Thị Mai"]
    clerk.page.goto("/can-bo/")
    clerk.press("Quầy tiếp nhận")
    clerk.press("Hồ sơ dài: nhập rồi kiểm tra lại")
    clerk.press("Đăng ký khai sinh")
    clerk.fill({"_channel": "desk", "_applicant.name": "Lê Văn Đức", "_applicant.id_number": "079092001234"})
    clerk.fill({"_applicant.phone": "0908000222"})
    clerk.fill({**scenario.application, "con_ngay_sinh": born})
    clerk.press("Tiếp tục: kiểm tra")
    clerk.page.get_by_role("heading", name="Kiểm tra trước khi nộp").wait_for()
    clerk.press("Nộp hồ sơ")
    code = clerk.page.locator("h1.code").inner_text().strip()
    at_desk = [step for step in scenario.steps if step.get("complete") != "confirm_draft"]
    play(people, code, replace(scenario, steps=tuple(signed_today(people, step) for step in at_desk)))
    case = delivered(people, code)
    assert case.applicant["account"] is None
    assert case.channel == "desk"
    assert case.applicant["name"] == "Lê Văn Đức"


def signed_today(people: People, step: Mapping[str, Any]) -> dict[str, Any]:
    """The step with its date of signing on the real day."""
    data = dict(step.get("data", {}))
    if "signed_on" in data:
        data["signed_on"] = people.app.clock.now().date().isoformat()
    return {**step, "data": data}


def test_funeral_support_passes_two_checks_at_once_and_the_district(people: People) -> None:
    scenario = scenario_of("ho-tro-chi-phi-mai-tang/tests/01_ho_tro_tu_80_tuoi.toml")
    code = file_online(people["Nguyễn Thị Lan"], "1.001731", scenario.application)
    play(people, code, scenario)
    case = delivered(people, code)
    done = [row for row in people.app.store.events(case.id) if row.event.tag == "task:completed"]
    assert {row.actor for row in done} >= {"justice1", "culture1"}
    open_case(people["Lý Hoàng Nam"], code)
    people["Lý Hoàng Nam"].page.get_by_role("link", name="Quyết định về việc hỗ trợ chi phí mai táng").wait_for()
    open_mine(people["Nguyễn Thị Lan"], code)
    papers = people["Nguyễn Thị Lan"].page.get_by_role("link", name="Tải")
    assert papers.count() == 1, "the commune's own proposal is no paper for the applicant"
