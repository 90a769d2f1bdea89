"""Every main page in its states: axe finds nothing, no sideways scroll, no script error, no other host is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from engine.bootstrap import player
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.scenarios import read
from tests.support.axe import LAPTOP, PHONE, too_wide, violations
from tests.support.browser import People, Person
from tests.support.desk import ROOT

pytestmark = pytest.mark.browser
CERTIFICATE = "xac-nhan-tinh-trang-hon-nhan@2/tests/01_truc_tuyen.toml"
COPIES = "chung-thuc-ban-sao/tests/01_ban_dien_tu.toml"
LAN, HUNG, CLERK, JUSTICE = "Nguyễn Thị Lan", "Trần Quốc Hùng", "Lê Thị Mai", "Phạm Văn Đức"
CHAIR, DISTRICT, AUDITOR, ADMIN = "Nguyễn Văn Bình", "Lý Hoàng Nam", "Cao Minh Trí", "Quản trị viên"
NOBODY = ""


class Tour:
    """The pages of one house, with the cases that show their states."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._nobody: Page | None = None
        self.draft = self.played(CERTIFICATE, 3)  # the applicant has to look at the draft

    def played(self, scenario: str, steps: int, **dates: int) -> Case:
        """A case of this scenario after so many steps; `dates` move fields of its application along."""
        accounts = self.people.app.accounts.all("xa-mau")
        members = {
            group: Actor(id=one.id, name=one.name, kind="officer", unit=one.unit, groups=one.groups)
            for one in reversed(accounts)
            for group in one.groups
        }
        return player(self.people.app, {"scenario": scenario, "steps": steps, "dates": dates}, members)

    def page(self, name: str) -> Page:
        """The page of this person, or of nobody."""
        if name:
            return self.people[name].page
        if self._nobody is None:
            context = self.people.browser.new_context(base_url=self.people.base, locale="vi-VN")
            self._nobody = context.new_page()
        return self._nobody

    def cases(self) -> list[Case]:
        """Every case of the house."""
        store = self.people.app.store
        return [case for unit, one in store.case_ids() if (case := store.case(unit, one)) is not None]

    def case(self, fits: Callable[[Case], bool]) -> Case:
        """The first case that fits."""
        return next(case for case in self.cases() if fits(case))


@pytest.fixture(scope="module")
def tour(people: People) -> Tour:
    """A house to walk through."""
    return Tour(people)


def check(page: Page) -> None:
    """At both widths nothing sticks out; axe finds nothing where the page is at home: citizens' at a phone's width."""
    home = LAPTOP if page.evaluate("document.documentElement.matches('.desk')") else PHONE
    for width in (PHONE, LAPTOP):
        wide = too_wide(page, width)
        assert not wide, f"{page.url} {wide}"
        if width == home:
            assert violations(page) == [], f"{page.url} at {width}"


ADDRESSES = {
    "home": (NOBODY, "/", 200),
    "home, nothing found": (NOBODY, "/?q=zzz&level=3", 200),
    "home, narrowed": (NOBODY, "/?q=khai&level=3&field=ho-tich", 200),
    "procedure": (NOBODY, "/thu-tuc/1.001193", 200),
    "procedure, level 4": (NOBODY, "/thu-tuc/1.004873", 200),
    "procedure in English": (NOBODY, "/thu-tuc/1.001193?lang=en", 200),
    "procedure, no such version": (NOBODY, "/thu-tuc/1.001193?version=99", 404),
    "blank form": (NOBODY, "/thu-tuc/1.001193/mau-don", 200),
    "check a result": (NOBODY, "/ket-qua", 200),
    "check a result, unknown code": (NOBODY, "/ket-qua/AbCdEfGhIjKlMnOpQrStUv", 404),
    "blank form with a table": (NOBODY, "/thu-tuc/2.000815/mau-don", 200),
    "sign in": (NOBODY, "/dang-nhap", 200),
    "occasion of life": (NOBODY, "/su-kien/sinh-con", 200),
    "no such occasion": (NOBODY, "/su-kien/khong-co", 404),
    "check before filing": (NOBODY, "/thu-tuc/1.000894/kiem-tra", 200),
    "check, nothing answered": (NOBODY, "/thu-tuc/1.000894/kiem-tra?tiep=1", 422),
    "check, not here": (NOBODY, "/thu-tuc/1.000894/kiem-tra?tiep=1&noi=khong&ai=nop-thay&den=co", 200),
    "guide": (NOBODY, "/huong-dan", 200),
    "look up": (NOBODY, "/tra-cuu", 200),
    "look up, not found": (NOBODY, "/tra-cuu?code=000", 404),
    "no such page": (NOBODY, "/khong-co", 404),
    "for whom": (LAN, "/thu-tuc/1.001193/nop", 200),
    "report a page": (NOBODY, "/bao-loi?trang=/", 200),
    "reports": (ADMIN, "/dieu-hanh/bao-loi", 200),
    "not allowed": (LAN, "/can-bo/", 403),
    "my cases": (LAN, "/ho-so", 200),
    "my cases, none": (HUNG, "/ho-so", 200),
    "queue": (CLERK, "/can-bo/", 200),
    "queue, empty": (ADMIN, "/can-bo/", 200),
    "my tasks, none": (ADMIN, "/can-bo/?mine=1", 200),
    "cases": (CLERK, "/can-bo/ho-so", 200),
    "intake": (CLERK, "/can-bo/tiep-nhan", 200),
    "intake form": (CLERK, "/can-bo/tiep-nhan/2.000815", 200),
    "audit": (AUDITOR, "/kiem-tra/", 200),
    "studio": (ADMIN, "/mo-hinh/", 200),
    "in English": (NOBODY, "/?lang=en", 200),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_page(tour: Tour, name: str) -> None:
    person, address, status = ADDRESSES[name]
    page = tour.page(person)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status
    check(page)
    assert tour.people.problems() == []


def test_forms_with_errors(tour: Tour) -> None:
    citizen = tour.people[LAN]
    citizen.begin("1.004873")
    citizen.press("Tiếp tục")
    citizen.page.get_by_role("button", name="Tiếp tục", exact=True).click()
    citizen.page.locator(".summary").wait_for()
    check(citizen.page)
    for person, address in ((CLERK, "/can-bo/tiep-nhan/1.001193"),):
        page = tour.page(person)
        page.goto(address)
        with page.expect_response(lambda answer: answer.request.method == "POST") as waiting:
            page.get_by_role("button", name="Tiếp tục: kiểm tra").click()
        assert waiting.value.status == 422
        page.locator(".summary").wait_for()
        check(page)
    page = tour.page(NOBODY)
    page.goto("/dang-nhap")
    page.fill("#login", "lan")
    page.fill("#password", "wrong")
    page.locator("button.primary").click()
    page.locator(".summary").wait_for()
    check(page)


def test_check_before_sending_and_confirmation(tour: Tour) -> None:
    person: Person = tour.people[LAN]
    person.begin("1.004873")
    check(person.page)
    person.page.goto(f"{person.page.url}/kiem-tra")  # with much to be mended
    check(person.page)
    person.page.goto(f"{person.page.url.removesuffix('/kiem-tra')}/xoa")
    check(person.page)
    person.page.goto("/ho-so")
    check(person.page)
    person.write("1.004873", read(ROOT / "catalog" / CERTIFICATE).application)
    check(person.page)
    person.press("Xem bản in")
    check(person.page)
    person.page.goto(f"/ho-so/{tour.draft.id}/da-nop")
    check(person.page)


def test_my_case_and_my_task(tour: Tour) -> None:
    page = tour.page(LAN)
    page.goto(f"/ho-so/{tour.draft.id}")
    check(page)
    page.get_by_role("link", name="Làm ngay").click()
    page.get_by_role("button", name="Gửi", exact=True).wait_for()
    check(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.locator(".summary").wait_for()
    check(page)
    page.goto(f"/ho-so/{tour.case(lambda case: bool(case.ended and case.results)).id}")
    page.get_by_role("link", name="Tải").wait_for()
    check(page)
    page.goto(f"/tra-cuu?code={tour.draft.code}")
    check(page)
    page.goto(f"/cases/{tour.draft.code}")
    check(page)


def test_payment_stand_in(tour: Tour) -> None:
    owing = tour.played(COPIES, 1, ngay_hen=2)
    page = tour.page(LAN)
    page.goto(f"/ho-so/{owing.id}")
    page.get_by_role("link", name="Nộp phí trực tuyến").click()
    page.get_by_role("button", name="Trả tiền").wait_for()
    check(page)


def test_task_unclaimed_claimed_and_with_errors(tour: Tour) -> None:
    page = tour.page(CLERK)
    page.goto("/can-bo/")
    page.locator("td.main a").first.click()
    page.get_by_role("button", name="Nhận việc").wait_for()
    check(page)
    page.get_by_role("button", name="Nhận việc").click()
    page.get_by_role("button", name="Hoàn thành").wait_for()
    page.get_by_text("Trả lại hoặc chuyển việc").click()
    check(page)
    page.get_by_role("button", name="Hoàn thành").click()
    page.locator(".summary").wait_for()
    check(page)
    address = page.url
    page = tour.page("Võ Minh Tâm")
    page.goto(address)
    page.get_by_text("Việc này đã có người nhận.").wait_for()
    check(page)


def test_case_pages_with_their_diagram(tour: Tour) -> None:
    case = tour.case(lambda case: bool(case.ended and case.results))
    page = tour.page(CLERK)
    for one in (tour.draft, case):
        page.goto(f"/can-bo/ho-so/{one.id}")
        page.locator(".canvas[data-ready]").first.wait_for()
        page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
        check(page)


def test_message_entry(tour: Tour) -> None:
    waiting = tour.case(lambda case: any(s.message == "personal_id_assigned" for s in case.subscriptions.values()))
    page = tour.page(JUSTICE)
    page.goto(f"/can-bo/ho-so/{waiting.id}")
    page.get_by_role("link", name="Nhập thông tin").click()
    page.get_by_role("button", name="Ghi nhận").wait_for()
    check(page)


def test_audit_case_at_a_step_and_compared(tour: Tour) -> None:
    page = tour.page(AUDITOR)
    page.goto(f"/kiem-tra/{tour.draft.id}?seq=12&verify=1")
    page.locator(".canvas[data-ready]").first.wait_for()
    page.get_by_text("Dữ liệu khớp hoàn toàn với lịch sử.").wait_for()
    check(page)


def test_studio_shows_a_diagram(tour: Tour) -> None:
    page = tour.page(ADMIN)
    page.goto("/mo-hinh/1.001193")
    page.locator(".canvas[data-ready]").first.wait_for()
    check(page)


def test_steering_a_case(tour: Tour) -> None:
    steered = tour.played(CERTIFICATE, 3)
    page = tour.page(ADMIN)
    page.goto(f"/dieu-hanh/{steered.id}")
    check(page)
    page.get_by_label("Lý do tạm ngừng").fill("Kiểm tra sơ đồ")
    page.get_by_role("button", name="Tạm ngừng hồ sơ").click()
    page.get_by_role("button", name="Mở lại hồ sơ").wait_for()
    page.get_by_label("Đặt biến").fill("ghi_chu = [1, 2")
    page.get_by_role("button", name="Thử và gửi đề nghị").click()
    page.locator(".summary").wait_for()
    check(page)
    page.get_by_label("Đặt biến").fill('ghi_chu = "đã sửa"')
    page.locator("textarea[name=change_reason]").fill("Bổ sung cho bước sau")
    page.get_by_role("button", name="Thử và gửi đề nghị").click()
    page.get_by_role("button", name="Rút đề nghị").wait_for()
    check(page)
    page.goto("/dieu-hanh/")
    check(page)
    page = tour.page(CHAIR)
    page.goto(f"/dieu-hanh/{steered.id}")
    page.get_by_role("button", name="Duyệt và thực hiện").click()
    page.get_by_text("Đã duyệt và thực hiện.").wait_for()
    check(page)


def test_axe_would_find_something(tour: Tour) -> None:
    page = tour.page(NOBODY)
    page.goto("/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=\"data:,\">')")
    assert {line.split(":")[0] for line in violations(page)} >= {"label", "image-alt"}


def test_no_page_had_errors_or_asked_another_host(tour: Tour) -> None:
    assert tour.people.problems() == []
