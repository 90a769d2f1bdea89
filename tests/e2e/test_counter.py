"""The whole of a certified copy at the counter in Chromium: how many pages, clicks and keys it takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Person, chromium, serving

COUNT = """() => {
  const add = (name) => { const seen = JSON.parse(sessionStorage.hands || '{}'); seen[name] = (seen[name] || 0) + 1;
    sessionStorage.hands = JSON.stringify(seen); };
  document.addEventListener('keydown', () => add('keys'), true);
  document.addEventListener('mousedown', () => add('clicks'), true);
}"""
MOST_KEYS, MOST_CLICKS, MOST_PAGES = 110, 8, 6
TYPED = {
    "_applicant.name": "Phan Văn Tài",
    "_applicant.id_number": "079088001122",
    "_applicant.phone": "0911222333",
    "_applicant.id_issue_date": "05/06/2021",
    "danh_sach.0.ten_giay_to": "Bằng tốt nghiệp",
    "danh_sach.0.so_trang": "2",
    "danh_sach.0.so_ban": "3",
}


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Person]:
    with serving(tmp_path) as (_, base), chromium() as browser:
        tam = Person(browser, base, "Võ Minh Tâm")  # of the demonstration: receives, and takes the fee
        tam.open_drawer()
        yield tam


def write(page: Page, name: str, text: str) -> None:
    field = page.locator(f'[name="{name}"]')
    field.focus()
    field.press_sequentially(text)


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: `PICTURES=folder`."""
    if os.environ.get("PICTURES"):
        page.screenshot(path=f"{os.environ['PICTURES']}/{name}.png", full_page=True)


def test_a_newcomers_certified_copy_takes_few_keys_clicks_and_pages(clerk: Person) -> None:
    page, pages = clerk.page, []
    page.context.add_init_script(f"({COUNT})()")
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    page.goto("/can-bo/quay")
    picture(page, "start")
    page.get_by_role("link", name="Người mới").click()
    for name, text in TYPED.items():
        page.locator(f'[name="{name}"]').fill("")
        write(page, name, text)
    page.get_by_label("Bản chính giấy tờ").check()
    picture(page, "form")
    page.get_by_role("button", name="Nộp và tiếp nhận").click()
    page.locator("#given").wait_for()
    write(page, "given", "20000")
    assert "8.000" in page.locator("[data-change]").inner_text()
    picture(page, "cash")
    page.get_by_role("button", name="Thu tiền").click()
    page.get_by_text("Thối lại: 8.000 đồng").wait_for()
    picture(page, "paid")
    link = page.get_by_role("link", name="In giấy tiếp nhận (2 liên)")
    address = link.get_attribute("href")
    assert address is not None
    answer = page.context.request.get(clerk.base + address)
    assert answer.headers["content-type"] == "application/pdf"
    over_the_fee = page.get_by_role("link", name="In biên lai")
    paper = page.context.request.get(f"{clerk.base}{over_the_fee.get_attribute('href')}")
    assert paper.headers["content-type"] == "application/pdf"
    hands = page.evaluate("JSON.parse(sessionStorage.hands)")
    print(f"keys {hands['keys']}, clicks {hands['clicks'] + 1}, pages {len(pages)}")
    assert hands["keys"] <= MOST_KEYS
    assert hands["clicks"] + 1 <= MOST_CLICKS
    assert len(pages) <= MOST_PAGES
    number = over_the_fee.inner_text().rpartition(" ")[2]
    page.goto("/can-bo/ket-tien")
    assert "Đã thu" in page.inner_text("main")
    assert f"{number}" in page.inner_text(".drawer")
    assert "12.000 đồng" in page.inner_text(".drawer")
    assert clerk.problems == []
