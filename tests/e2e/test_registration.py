"""Registering by each of the five ways in Chromium at phone size, against the real house and the stand-ins."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from waitress.server import create_server

from engine.adapters.db.tables_notices import NOTICE
from engine.bootstrap import App, build
from engine.settings import Settings
from tests.support.axe import violations, violations_without_scripts
from tests.support.desk import ROOT
from tests.support.listening import running
from web.app import create_app
from web.demo import add_people
from web.standins.serving import create_standins

PHONE: Any = {"width": 360, "height": 780}
PASSWORD = "Mật khẩu 9"
HOA = {"name": "Phạm Thị Hoa", "id_number": "079 188 005 678", "birth_date": "12/3/1988", "phone": "0905 111 222"}
SAU = {"insurance_number": "7901000789", "name": "Đặng Văn Sáu", "birth_date": "2/1/1960", "id_number": "079060009876"}
pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Town:
    """A served house, its address, and the stand-ins'."""

    app: App
    base: str
    standins: str

    def code(self) -> str:
        """The newest code: nobody delivers here, so it lies in the queue."""
        with self.app.store.reading() as connection:
            own = select(NOTICE.c.data).where(NOTICE.c.template == "otp").order_by(NOTICE.c.created_at)
            rows = connection.execute(own).scalars().all()
        return str(json.loads(rows[-1])["otp"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(app: Any, port: int) -> AbstractContextManager[str]:
    return running(create_server(app, host="127.0.0.1", port=port, threads=4))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("town")
    ours, theirs = free_port(), free_port()
    settings = Settings(
        home=home,
        database_url=f"sqlite:///{home / 'motcua.db'}",
        catalog=ROOT / "catalog",
        unit="xa-mau",
        demo=True,
        secure_cookies=False,
        public_url=f"http://127.0.0.1:{ours}",
        standins=f"http://127.0.0.1:{theirs}",
    )
    app = build(settings)
    add_people(app)
    standins, _ = create_standins(settings, app.equipment.connectors)
    with listening(create_app(app), ours), listening(standins, theirs):
        yield Town(app, settings.public_url, settings.standins)
    app.store.close()


class Citizen:
    """Somebody at a phone. Every page of ours is looked at by axe, as it is with or without scripts."""

    def __init__(self, browser: Browser, town: Town, *, scripts: bool) -> None:
        self.town, self.scripts = town, scripts
        self.context = browser.new_context(
            base_url=town.base, viewport=PHONE, locale="vi-VN", java_script_enabled=scripts
        )
        self.page: Page = self.context.new_page()
        self.reader_context = browser.new_context(viewport=PHONE)
        self.reader = self.reader_context.new_page()
        self.reader.goto(f"{town.base}/tra-cuu")
        self.found: list[str] = []

    def look(self) -> None:
        """Axe, and nothing to scroll sideways for."""
        page = self.page
        found = violations(page) if self.scripts else violations_without_scripts(page, self.reader)
        self.found += [f"{page.url}: {one}" for one in found]
        if self.scripts and page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append(f"{page.url}: wider than the phone")

    def choose(self, way: str) -> None:
        """The first three pages: register, who, by which way."""
        self.page.goto("/dang-nhap")
        self.look()
        self.page.get_by_role("link", name="Đăng ký tài khoản").click()
        self.look()
        self.page.get_by_role("link", name="Cá nhân").click()
        self.look()
        self.page.get_by_role("link", name=way).click()
        self.look()

    def fill(self, fields: dict[str, str]) -> None:
        """What the way asks; first sent empty, so that the error page is looked at too."""
        self.page.locator("main").get_by_role("button", name="Đăng ký").click()
        self.page.get_by_text("mục cần xem lại").wait_for()
        self.look()
        for name, text in fields.items():
            self.page.locator(f"#{name}").fill(text)
        self.page.locator("main").get_by_role("button", name="Đăng ký").click()

    def enter_code(self) -> None:
        self.page.get_by_role("heading", name="Nhập mã xác thực").wait_for()
        self.look()
        self.page.locator("#code").fill(self.town.code())
        self.page.get_by_role("button", name="Tiếp tục").click()

    def finish(self, login: str) -> None:
        self.page.get_by_role("heading", name="Đặt mật khẩu").wait_for()
        self.look()
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("#again").fill(PASSWORD)
        self.page.get_by_role("button", name="Tạo tài khoản").click()
        self.page.get_by_role("heading", name="Đăng ký thành công").wait_for()
        self.look()
        assert login in self.page.inner_text("main")
        self.page.goto("/tai-khoan")
        self.look()
        assert "Tài khoản của tôi" in self.page.inner_text("main")
        assert self.found == []
        self.context.close()
        self.reader_context.close()


def forget(town: Town, number: str) -> None:
    """Make room for the same person to register by another way."""
    account = town.app.people.recovering.account(number)
    if account:
        with town.app.store.engine.begin() as connection:
            for table in ("session_detail", "session", "identity", "account"):
                connection.exec_driver_sql(f"DELETE FROM {table}")


def test_by_mobile_number_and_by_social_insurance_number(browser: Browser, town: Town) -> None:
    forget(town, "079188005678")
    one = Citizen(browser, town, scripts=True)
    one.choose("Thuê bao di động")
    one.fill(HOA)
    one.enter_code()
    one.finish("079188005678")
    one = Citizen(browser, town, scripts=False)
    one.choose("Mã số bảo hiểm xã hội")
    one.fill(SAU)
    one.enter_code()
    one.finish("079060009876")


def test_by_a_code_of_the_post_office_without_javascript(browser: Browser, town: Town) -> None:
    forget(town, "079188005678")
    counter = browser.new_context(base_url=town.standins, java_script_enabled=False).new_page()
    counter.goto("/buudien/")
    counter.get_by_role("button", name=re.compile("Phạm Thị Hoa")).click()
    code = counter.locator("#code").inner_text()
    counter.context.close()
    one = Citizen(browser, town, scripts=False)
    one.choose("Bưu điện Việt Nam")
    one.fill({"counter_code": code, "id_number": HOA["id_number"]})
    one.finish("079188005678")


def test_by_usb_token_and_by_signing_sim(browser: Browser, town: Town, tmp_path: Path) -> None:
    forget(town, "079188005678")
    one = Citizen(browser, town, scripts=False)
    one.choose("USB ký số")
    one.fill({"id_number": HOA["id_number"]})
    one.page.get_by_role("heading", name="Ký bằng USB").wait_for()
    one.look()
    one.page.get_by_role("link", name="Mở trang ký").click()
    one.page.locator("#holder").select_option("079188005678|good")
    one.page.get_by_role("button", name="Ký").click()
    one.page.get_by_role("button", name="Gửi chữ ký").click()
    one.finish("079188005678")
    forget(town, "079188005678")
    one = Citizen(browser, town, scripts=True)
    one.choose("SIM ký số")
    one.fill({"phone": HOA["phone"], "id_number": HOA["id_number"]})
    one.page.get_by_role("heading", name="Xác nhận trên điện thoại").wait_for()
    one.look()
    phone = browser.new_context(base_url=town.standins, java_script_enabled=False).new_page()
    phone.goto("/mssp/")
    phone.get_by_role("button", name="Ký (079188005678)").click()
    phone.context.close()
    one.finish("079188005678")  # the waiting page found out by itself
