"""The public pages of the whole catalog: found, read on a phone, without JavaScript, printed; axe finds nothing."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader

from tests.e2e.test_pages import PHONE, check
from tests.support.browser import People

pytestmark = pytest.mark.browser
PARTS = (
    "Trình tự thực hiện",
    "Cách thức thực hiện",
    "Thành phần hồ sơ",
    "Số lượng hồ sơ",
    "Thời hạn giải quyết",
    "Đối tượng và cơ quan thực hiện",
    "Phí, lệ phí",
    "Tên mẫu đơn, mẫu tờ khai",
    "Căn cứ pháp lý",
    "Phiên bản và hiệu lực",
)


@pytest.fixture(scope="module")
def phone(browser: Browser, people: People) -> Iterator[BrowserContext]:
    """An old phone: narrow, scripts do not run, and no other host may be asked for anything."""
    asked: list[str] = []
    size = {"width": PHONE, "height": 780}
    context = browser.new_context(base_url=people.base, viewport=size, locale="vi-VN", java_script_enabled=False)  # type: ignore[arg-type]  # a plain dict is a ViewportSize
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith(people.base)] == []


def codes(people: People) -> list[str]:
    """Every procedure in force."""
    return [one.code for one in people.app.catalog.current_all(people.app.clock.now().date())]


def test_every_procedure_is_listed_once_and_has_every_part_also_without_scripts(
    phone: BrowserContext, people: People
) -> None:
    page = phone.new_page()
    page.goto("/")
    links = [one.get_attribute("href") or "" for one in page.locator("ul.cards a").all()]
    assert sorted(link.rpartition("/")[2] for link in links) == codes(people)
    for link in links:
        page.goto(link)
        headings = page.locator("main h2, main strong").all_inner_texts()
        for part in PARTS:
            assert any(part in heading for heading in headings), (link, part)
        assert page.locator(".course > li").count() > 3, link
        assert page.locator("main").inner_text().count("None") == 0, link
        page.get_by_role("link", name="Xem và in mẫu trống").click()
        assert page.locator(".sheet").count() == 1, link


def test_nothing_sticks_out_and_axe_finds_nothing_on_any_page_of_the_catalog(browser: Browser, people: People) -> None:
    context = browser.new_context(base_url=people.base, locale="vi-VN")
    page = context.new_page()
    known = codes(people)
    english = [f"/thu-tuc/{code}?lang=en" for code in (known[0], known[-1])]  # the same templates with fewer words
    for address in [f"/thu-tuc/{code}{part}" for code in known for part in ("", "/mau-don")] + english:
        page.goto(address)
        check(page)
    context.close()


def test_somebody_finds_a_procedure_by_its_name_level_and_field(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/")
    page.get_by_role("link", name="Mức độ 4").click()
    page.get_by_label("Tìm thủ tục").fill(unicodedata.normalize("NFD", "TÌNH TRẠNG HÔN NHÂN"))
    page.get_by_label("Tìm thủ tục").press("Enter")
    page.wait_for_url("**level=4**")
    assert page.locator("ul.cards a").all_inner_texts() == ["Cấp Giấy xác nhận tình trạng hôn nhân"]
    page.get_by_label("Tìm thủ tục").fill("khong co thu tuc nay")
    page.get_by_label("Tìm thủ tục").press("Enter")
    page.get_by_role("link", name="bỏ từ cần tìm").click()
    assert page.locator("[aria-current=true]").first.inner_text().startswith("Mức độ 4")
    assert page.locator("ul.cards a").count() > 1


def printed(page: Page) -> str:
    """The text of the page as it is printed, without blanks: where they stand in the file is the font's business."""
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    return tight("".join(sheet.extract_text() for sheet in paper.pages))


def tight(text: str) -> str:
    """Composed and without blanks."""
    return "".join(unicodedata.normalize("NFC", text).split())


def test_a_procedure_and_its_blank_form_can_be_printed(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/thu-tuc/1.004873")
    text = printed(page)
    for part in PARTS:
        assert tight(part) in text
    for screen_only in ("Nộp hồ sơ trực tuyến", "Đăng nhập", "Xem và in mẫu trống"):
        assert tight(screen_only) not in text
    page.goto("/thu-tuc/1.004873/mau-don")
    text = printed(page)
    assert tight("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân") in text
    assert tight("Mẫu trống để đọc trước") not in text
