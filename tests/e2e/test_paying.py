"""Paying on a phone without scripts: at VNPAY and by a transfer, each through its stand-in, and back to the case."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from engine.adapters.clock import SteppedClock
from engine.domain.case import Case
from engine.ports import Account
from tests.support.axe import violations_without_scripts
from tests.support.desk import OPENING, ROOT, UNIT, Desk, stage
from tests.support.served_house import Outside, house_and_standins
from web.auth import COOKIE, token_hash

SCENARIO = min((ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan" / "tests").glob("*.toml"))
PHONE = {"width": 360, "height": 740}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    shutil.copyfile(stage(), tmp_path / "motcua.db")
    with house_and_standins(tmp_path, f"sqlite:///{tmp_path / 'motcua.db'}", clock=SteppedClock(OPENING)) as outside:
        yield outside


def waiting(outside: Outside) -> Case:
    """A case of level 4 whose fee is due, and its applicant with an account."""
    case = Desk(outside.app, outside.app.ports.clock).play(SCENARIO, steps=2)  # type: ignore[arg-type]  # the stepped one
    owner = str(case.applicant["account"])
    outside.app.accounts.put(
        Account(
            id=owner,
            login=owner,
            name=str(case.applicant["name"]),
            kind="citizen",
            unit=UNIT,
            groups=frozenset(),
            password_hash="x",
            profile={},
        )
    )
    return case


def phone(browser: Browser, outside: Outside, case: Case) -> BrowserContext:
    context = browser.new_context(base_url=outside.base, viewport=PHONE, locale="vi-VN", java_script_enabled=False)  # type: ignore[arg-type]  # a plain dict is a ViewportSize
    token, now = secrets.token_urlsafe(16), outside.app.clock.now()
    outside.app.accounts.open_session(str(case.applicant["account"]), token_hash(token), now, now + timedelta(hours=9))
    context.add_cookies([{"name": COOKIE, "value": token, "url": outside.base}])
    return context


def choose(page: Page, case: Case, way: str) -> None:
    page.goto(f"/ho-so/{case.id}/thanh-toan")
    page.get_by_label(way).check()
    page.get_by_role("button", name="Tiếp tục").click()


def seen(page: Page, heading: str) -> None:
    """The heading comes without a script: the waiting page asks again by itself."""
    page.get_by_role("heading", name=heading, exact=True).wait_for(timeout=30_000)


def test_a_fee_is_paid_by_vnpay_and_by_transfer_on_a_phone_without_scripts(browser: Browser, outside: Outside) -> None:
    first, second = waiting(outside), waiting(outside)
    context = phone(browser, outside, first)
    reader = browser.new_context(base_url=outside.base, viewport=PHONE, locale="vi-VN").new_page()  # type: ignore[arg-type]  # a plain dict is a ViewportSize
    reader.goto("/dang-nhap")
    page, found = context.new_page(), dict[str, object]()

    def look(name: str) -> None:
        found[name] = violations_without_scripts(page, reader) + (["sideways"] if reader.evaluate(SIDEWAYS) else [])

    page.goto(f"/ho-so/{first.id}/thanh-toan")
    look("choose")
    page.get_by_role("button", name="Tiếp tục").click()
    look("nothing chosen")
    choose(page, first, "VNPAY")
    look("to the provider")
    page.get_by_role("link", name="Sang trang VNPAY").click()
    page.get_by_role("button", name="Không đủ số dư").click()
    seen(page, "Chưa nộp được")
    look("failed")
    page.get_by_role("link", name="Nộp lại").click()
    choose(page, first, "VNPAY")
    page.get_by_role("link", name="Sang trang VNPAY").click()
    page.get_by_role("button", name="Thanh toán").click()
    seen(page, "Đã nhận tiền")
    look("paid")
    outside.app.worker.drain()
    page.get_by_role("link", name="Biên lai").click()
    look("receipts")

    choose(page, second, "Chuyển khoản")
    look("code")
    order = page.url.rpartition("/")[2]
    bank = context.new_page()
    bank.goto(f"{outside.standins}/bank/?amount=3000&content={order}")
    bank.get_by_role("button", name="Chuyển khoản").click()
    page.get_by_role("link", name="Tôi đã chuyển khoản").click()
    look("waiting")
    outside.app.paying.statements.fetch(datetime.now(UTC).astimezone(OPENING.tzinfo))
    seen(page, "Đã nhận tiền")
    context.close()
    assert {name: problems for name, problems in found.items() if problems} == {}
    paid = [outside.app.store.case(None, case.id) for case in (first, second)]
    assert all(case and case.payments[-1]["paid"] for case in paid)
