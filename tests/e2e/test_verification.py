"""A stranger scans the code of a paper, sees what it is worth, and hands in a copy that somebody has doctored."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page
from waitress.server import create_server

from tests.support.axe import violations_without_scripts
from tests.support.desk import ROOT, open_desk, stage
from tests.support.listening import running
from tests.support.signing import altered_page, now, office
from web.app import create_app

SCENARIO = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan@2" / "tests" / "01_truc_tuyen.toml"
PHONE = 360


@dataclass(frozen=True)
class Issued:
    """A signed result of a served house."""

    base: str
    result: Any
    content: bytes


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    home: Path = tmp_path_factory.mktemp("verified")
    shutil.copyfile(stage(), home / "motcua.db")
    with office() as signing:
        path = signing.connectors(home / "connectors.toml")
        url = f"sqlite:///{home / 'motcua.db'}"
        desk = open_desk(home, url, at=now(), demo=True, deployed=True, connectors=path)
        # in a thread of its own: Playwright runs a loop in this one, in which the signing library cannot start another
        with ThreadPoolExecutor(1) as pool:
            case = pool.submit(desk.play, SCENARIO, check=False).result()  # its days are those of last year
        server = create_server(create_app(desk.app), host="127.0.0.1", port=0, threads=4)
        result = case.results[-1]
        with running(server) as base:
            yield Issued(base, result, desk.app.files.get(result["sha256"]))
        desk.app.store.close()


@dataclass(frozen=True)
class Stranger:
    """Somebody with an old phone that runs no scripts; `reader` shows the same pages to axe."""

    page: Page
    reader: Page

    def hand_in(self, content: bytes, name: str = "Giấy xác nhận.pdf") -> None:
        self.page.set_input_files("#copy", FilePayload(name=name, mimeType="application/pdf", buffer=content))
        self.page.get_by_role("button", name="Kiểm tra", exact=True).click()

    def looks(self) -> None:
        """Nothing sticks out, and axe finds nothing."""
        assert self.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE
        assert violations_without_scripts(self.page, self.reader) == []


@pytest.fixture
def stranger(browser: Browser, issued: Issued) -> Iterator[Stranger]:
    size: Any = {"width": PHONE, "height": 800}
    plain = browser.new_context(base_url=issued.base, viewport=size, locale="vi-VN", java_script_enabled=False)
    reading = browser.new_context(base_url=issued.base, viewport=size, locale="vi-VN")
    reader = reading.new_page()
    reader.goto("/ket-qua")
    yield Stranger(plain.new_page(), reader)
    plain.close()
    reading.close()


def test_a_stranger_verifies_a_result_by_its_code_and_sees_through_a_doctored_copy(
    stranger: Stranger, issued: Issued
) -> None:
    page = stranger.page
    page.goto(f"/ket-qua/{issued.result['token']}")
    page.get_by_text("Có hiệu lực").wait_for()
    assert page.get_by_text(issued.result["mark"]).is_visible()
    assert page.get_by_text("Chữ ký số trong bản lưu còn nguyên vẹn.").is_visible()
    stranger.looks()
    stranger.hand_in(issued.content)
    page.get_by_text("Đúng là bản do cơ quan này phát hành").wait_for()
    stranger.looks()
    stranger.hand_in(altered_page(issued.content))
    page.get_by_text("Bản này đã bị sửa sau khi ký").wait_for()
    assert page.get_by_text("Đúng là bản").count() == 0
    stranger.looks()
    stranger.hand_in(b"no pdf at all")
    page.get_by_role("alert").get_by_text("Tệp này không phải PDF").wait_for()
    stranger.looks()
    page.goto("/ket-qua/" + "x" * 22)
    page.get_by_text("Không có kết quả hay giấy tờ nào ứng với mã này").wait_for()
    stranger.looks()
