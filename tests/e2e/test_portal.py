"""A citizen with a phone: files with papers, pays, mends what was asked, gets the signed result by mail and portal."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from engine.adapters.clock import SteppedClock
from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.case import Case
from engine.scenarios import read
from tests.support.browser import Person
from tests.support.desk import OPENING, ROOT, officer, stage
from tests.support.served_house import EVERYONE, Outside, house_and_standins
from web.demo import add_people

pytestmark = pytest.mark.browser
LAN, PHONE = "Nguyễn Thị Lan", 360
SINGLE, PAID_AT_DESK = "xac-nhan-tinh-trang-hon-nhan", "dang-ky-lai-khai-sinh"
PAPER = [{"sha256": "", "name": "cccd mặt trước.png"}]


class House:
    """A served house with all its stand-ins; officers work by commands, a worker when it is told to."""

    def __init__(self, outside: Outside, clock: SteppedClock, pool: ThreadPoolExecutor) -> None:
        self.outside, self.app, self.clock, self._pool = outside, outside.app, clock, pool
        self._keys = 0

    def apart(self, work: Callable[[], Any]) -> Any:
        """Do it in a thread of its own: Playwright runs a loop in this one."""
        return self._pool.submit(work).result()

    def settle(self) -> None:
        """What is due is done, and what is to be told is told."""
        self.apart(self.app.worker.drain)
        self.apart(self.app.portal.notices.run_due)

    def case(self, code: str) -> Case:
        """The case of a code."""
        case = self.app.store.case(None, self.app.models.find_code(code) or "")
        assert case is not None
        return case

    def work(self, code: str, group: str, element: str, data: Mapping[str, Any]) -> None:
        """An officer of the group takes the task and completes it."""
        self.settle()
        case, actor = self.case(code), officer(group)
        key = next(task.key for task in case.tasks.values() if task.element_id == element)
        for command in (
            ClaimTask(unit=case.unit, case_id=case.id, key=key),
            CompleteTask(unit=case.unit, case_id=case.id, key=key, data=data),
        ):
            self._keys += 1
            self.app.handle(command, actor, f"officer/{self._keys}")
        self.settle()

    def mails(self) -> list[Mapping[str, Any]]:
        """What the stand-in mail server got, oldest first."""
        return [entry.fields for entry in self.outside.book.entries("mail")][::-1]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    shutil.copyfile(stage(), tmp_path / "motcua.db")
    url, clock = f"sqlite:///{tmp_path / 'motcua.db'}", SteppedClock(OPENING)
    with (
        ThreadPoolExecutor(1) as pool,
        house_and_standins(tmp_path, url, clock=clock, prepare=add_people, parties=EVERYONE) as outside,
    ):
        yield House(outside, clock, pool)


def application(slug: str) -> tuple[str, dict[str, Any]]:
    """The code and the application of a procedure's first scenario; files are those that a browser uploads itself."""
    folder = ROOT / "catalog" / slug
    scenario = read(min((folder / "tests").glob("*.toml")))
    data = {
        key: PAPER
        if isinstance(value, list) and value and isinstance(value[0], dict) and "sha256" in value[0]
        else value
        for key, value in scenario.application.items()
    }
    head = (folder / "procedure.toml").read_text(encoding="utf-8")
    return head.split('code = "')[1].split('"')[0], data


def _is_papers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "sha256" in value[0]


def filed(citizen: Person, slug: str, **more: Any) -> str:
    """Fill in page after page, send; the code of the case."""
    code, data = application(slug)
    citizen.write(code, {**data, **more})
    citizen.send()
    return citizen.page.locator(".big.code").inner_text().strip()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_level_four_from_filing_to_a_result_that_anybody_can_check(
    browser: Browser, house: House, scripts: bool
) -> None:
    lan = Person(browser, house.outside.base, LAN, width=PHONE, scripts=scripts)
    code = filed(lan, SINGLE, tep_giay_to_tuy_than=PAPER)
    assert [document["name"] for document in house.case(code).documents] == ["cccd mặt trước.png"]
    supplement_is_answered_where_it_was_asked(lan, house, code)
    house.work(code, "one_stop", "check_documents", {"originals_compared": True, "decision": "accepted"})
    house.work(code, "justice_officer", "review_application", REVIEWED)
    fee_is_paid_by_vnpay(lan, house, code)
    house.work(code, "justice_officer", "draft_certificate", {"contents_checked": True, "signer_note": "Kính trình"})
    lan.page.goto(f"/ho-so/{house.case(code).id}")
    lan.press("Làm ngay")
    lan.fill({"decision": "agreed"})
    lan.press("Gửi")
    lan.page.wait_for_load_state()
    house.clock.set(datetime.now(OPENING.tzinfo))  # certificates and time-stamps go by the wall clock
    house.work(code, "chairman", "sign_result", {"decision": "signed"})
    house.work(code, "records_clerk", "seal_result", {"checked": True, "entered": True, "sealed": True})
    result_is_there_by_portal_and_mail(lan, house, code)
    assert lan.problems == []


REVIEWED = {
    "registers_searched": True,
    "identity_checked": True,
    "competence_checked": True,
    "decision": "certify",
    "signer_note": "Chưa đăng ký kết hôn.",
}


def supplement_is_answered_where_it_was_asked(lan: Person, house: House, code: str) -> None:
    field = "nguoi_yeu_cau_dien_thoai"
    asked = {
        "originals_compared": False,
        "decision": "supplement",
        "reason": "Số điện thoại không gọi được",
        "missing_documents": "Số điện thoại",
        "asked": [{"field": field, "remark": "Số này không gọi được"}],
    }
    house.work(code, "one_stop", "check_documents", asked)
    lan.page.goto(f"/ho-so/{house.case(code).id}")
    lan.press("Làm ngay")
    assert "Số này không gọi được" in lan.page.inner_text("main")
    lan.page.locator(f"[name='application.{field}']").fill("0903 000 999")
    lan.press("Gửi")
    lan.page.wait_for_load_state()
    assert house.case(code).application[field] == "0903000999"


def fee_is_paid_by_vnpay(lan: Person, house: House, code: str) -> None:
    lan.page.goto(f"/ho-so/{house.case(code).id}/thanh-toan")
    assert "3.000 đồng" in lan.page.inner_text("main")
    lan.page.get_by_label("VNPAY").check()
    lan.press("Tiếp tục")
    lan.problems.clear()
    lan.page.get_by_role("link", name="Sang trang VNPAY").click()
    lan.page.get_by_role("button", name="Thanh toán").click()
    lan.page.get_by_role("heading", name="Đã nhận tiền", exact=True).wait_for(timeout=30_000)
    lan.problems[:] = [problem for problem in lan.problems if house.outside.standins not in problem]
    house.settle()
    assert [payment["provider"] for payment in house.case(code).payments if payment["paid"]] == ["vnpay"]


def result_is_there_by_portal_and_mail(lan: Person, house: House, code: str) -> None:
    case = house.case(code)
    result = case.results[-1]
    assert case.status == 10
    lan.page.goto("/dang-nhap")  # years have gone by since she signed in
    lan.page.get_by_role("button", name=LAN).click()
    lan.page.goto(f"/ho-so/{case.id}")
    with lan.page.expect_download() as download:
        lan.page.locator(f"main a[href*='{result['sha256']}']").first.click()
    told = subprocess.run(["pdfsig", str(download.value.path())], capture_output=True, text=True).stdout
    assert told.count("Signature is Valid") == 2, told
    attached = {file["sha256"]: file["name"] for mail in house.mails() for file in mail["files"]}
    assert attached[result["sha256"]].endswith(".pdf")
    lan.page.goto(f"/ket-qua/{result['token']}")
    text = lan.page.inner_text("main")
    assert "Có hiệu lực" in text, text
    assert LAN not in text


def test_level_three_is_paid_and_collected_at_the_desk(browser: Browser, house: House) -> None:
    lan = Person(browser, house.outside.base, LAN, width=PHONE, scripts=False)
    code = filed(lan, PAID_AT_DESK)
    scenario = read(min((ROOT / "catalog" / PAID_AT_DESK / "tests").glob("*.toml")))
    for step in scenario.steps:
        if step.get("complete") == "collect_fee_at_desk":
            break
        house.work(code, step["by"], step["complete"], step["data"])
    case = house.case(code)
    lan.page.goto(f"/ho-so/{case.id}/thanh-toan")
    assert "tại Bộ phận" in lan.page.inner_text("main")
    assert lan.page.get_by_label("VNPAY").count() == 0
    house.work(code, "cashier", "collect_fee_at_desk", step["data"])
    assert [payment["provider"] for payment in house.case(code).payments if payment["paid"]] == ["cash"]
    lan.page.goto(f"/ho-so/{case.id}/bien-lai")
    assert "5.000" in lan.page.inner_text("main")
