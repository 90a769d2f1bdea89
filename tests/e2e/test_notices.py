"""Notices at phone size without scripts: read what came, say how to be told, be told what was wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from engine.adapters.clock import SystemClock
from engine.domain.actor import Actor
from tests.support.axe import violations_without_scripts
from tests.support.browser import Person, chromium, serving

pytestmark = pytest.mark.browser
SAFE = "22:00"


def test_a_citizen_reads_notices_and_says_how_to_be_told_on_a_phone_without_scripts(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, clock=SystemClock()) as (app, base), chromium() as browser:
        lan = next(each for each in app.accounts.all("xa-mau") if each.kind == "citizen")
        _tell(app.portal.notices, lan.id)
        person = Person(browser, base, lan.name, width=360, scripts=False)
        reader = browser.new_context(base_url=base).new_page()
        reader.goto(f"{base}/tra-cuu")
        page = person.page
        page.get_by_role("link", name="Thông báo (2 chưa đọc)").click()
        _clean(page, reader)
        page.get_by_role("link", name="Đã tiếp nhận hồ sơ").click()
        assert page.get_by_text("Người tiếp nhận: Trần Thị Mai").is_visible()
        _clean(page, reader)
        page.get_by_role("link", name="Tất cả thông báo").click()
        assert page.get_by_role("link", name="Thông báo (1 chưa đọc)").is_visible()
        page.get_by_role("link", name="Cách nhận thông báo").click()
        page.get_by_label("Tin nhắn SMS").check()
        page.get_by_label("Thư điện tử").uncheck()
        page.get_by_label("Từ", exact=True).fill("25:00")
        page.get_by_role("button", name="Lưu lựa chọn").click()
        assert page.get_by_role("heading", name="Có mục cần sửa").is_visible()
        assert page.get_by_label("Tin nhắn SMS").is_checked()
        _clean(page, reader)
        page.get_by_label("Từ", exact=True).fill(SAFE)
        page.get_by_role("button", name="Lưu lựa chọn").click()
        assert page.get_by_text("Lựa chọn có hiệu lực ngay").is_visible()
        _clean(page, reader)
        wants = app.portal.notices.preferences(Actor(id=lan.id, name=lan.name, kind="citizen", unit="xa-mau"))
        assert (wants.sms, wants.email) == (True, False)
        assert person.problems == []


def _tell(desk: object, account: str) -> None:
    data = {
        "code": "000.00.00.H29-260803-0001",
        "name": "Nguyễn Thị Lan",
        "procedure": {"vi": "Cấp Giấy xác nhận tình trạng hôn nhân", "en": "Certificate of marital status"},
        "agency": {"vi": "Ủy ban nhân dân xã Mẫu", "en": "Mẫu commune"},
        "receiver": "Trần Thị Mai",
        "received_at": "2026-08-03T07:05:00+00:00",
        "due_at": "2026-08-06T10:00:00+00:00",
    }
    for key in ("case_received", "result_ready"):
        desk.tell(template=key, data=data, key=key, account=account, email="lan@example.vn")  # type: ignore[attr-defined]  # a NoticeDesk


def _clean(page: Page, reader: Page) -> None:
    """Nothing to complain of, and nothing wider than the telephone."""
    assert violations_without_scripts(page, reader) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
