"""An applicant follows a case on a phone: pages without a fault, and a supplement answered without JavaScript."""

from __future__ import annotations

import pytest

from engine.domain.case import Case
from tests.e2e.test_pages import PHONE, check
from tests.support.browser import People

pytestmark = pytest.mark.browser
LAN, CLERK = "Nguyễn Thị Lan", "Lê Thị Mai"


def case_of(people: People, task: str) -> Case:
    """A demo case of Lan's with this task open."""
    store = people.app.store
    cases = [store.case(None, case_id) for _, case_id in store.case_ids()]
    mine = [case for case in cases if case and case.applicant.get("name") == LAN]
    return next(case for case in mine if any(one.element_id == task for one in case.tasks.values()))


def test_pages_of_following_have_no_fault(people: People) -> None:
    page = people[LAN].page
    page.goto("/ho-so?loc=dang")
    check(page)
    page.locator("ul.cards a").first.click()
    address = page.url
    for part in ("", "/cach-nhan", "/rut", "/so-do"):
        page.goto(address + part)
        check(page)
    page.goto(f"/phan-anh?ho_so={address.rpartition('/')[2]}")
    check(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.locator(".summary").wait_for()
    check(page)
    desk = people[CLERK].page
    desk.goto("/can-bo/phan-anh")
    check(desk)
    for look in ("large", "contrast"):
        page.goto(f"/hien-thi/{look}?next=/huong-dan")
        check(page)
    page.goto("/hien-thi/plain")


def test_a_supplement_is_asked_for_and_answered_at_its_place_without_javascript(people: People) -> None:
    clerk = people[CLERK]
    case = case_of(people, "check_documents")
    task = next(one for one in case.tasks.values() if one.element_id == "check_documents")
    clerk.page.goto(f"/can-bo/ho-so/{case.id}/viec?key={task.key.replace('#', '%23')}")
    clerk.claim()
    page = clerk.page
    page.get_by_label("Yêu cầu bổ sung").check()
    page.locator("[name='reason']").fill("Chưa rõ")
    page.locator("[name='missing_documents']").fill("Số điện thoại")
    page.locator("button[value='add:asked']").click()
    choice = page.locator("select[name='asked.0.field']")
    value = next(
        str(one.get_attribute("value")) for one in choice.locator("option").all() if "iện thoại" in one.inner_text()
    )
    choice.select_option(value)
    page.locator("[name='asked.0.remark']").fill("Số này không gọi được")
    check(page)
    page.locator("[data-complete]").click()
    page.wait_for_load_state()
    lan = people.newcomer(LAN, width=PHONE, scripts=False)
    lan.page.goto(f"/ho-so/{case.id}")
    lan.press("Làm ngay")
    assert "Cán bộ ghi: Số này không gọi được" in lan.page.inner_text("main")
    lan.page.locator(f"[name='application.{value}']").fill("12")
    lan.press("Gửi")
    assert lan.page.locator(".summary").count() == 1
    lan.page.locator(f"[name='application.{value}']").fill("0903 000 999")
    lan.press("Gửi")
    lan.page.goto(f"/ho-so/{case.id}")
    assert "được sửa, bổ sung" in lan.page.inner_text("main")
    clerk.page.goto(f"/can-bo/ho-so/{case.id}")
    assert "0903000999" in clerk.page.locator(".amended").first.inner_text()
