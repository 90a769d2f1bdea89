"""The counter's camera and the signature of who collects: what is taken on the spot becomes a file of the case."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser
from pypdf import PdfReader

from engine.bootstrap import App, player
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.events import TaskCompleted
from engine.scenarios import read
from tests.support.axe import violations
from tests.support.browser import ROOT, Person
from tests.support.desk import UNIT

pytestmark = pytest.mark.browser
COPIES = "chung-thuc-ban-sao/tests/02_ban_giay_tai_quay.toml"
CLERK = "Lê Thị Mai"


class Members(dict[str, Actor]):
    """Somebody of each group."""

    def __missing__(self, group: str) -> Actor:
        return Actor(id=f"of-{group}", name=group, kind="officer", unit=UNIT, groups=frozenset({group}))


def ready(app: App) -> Case:
    """A case whose result lies at the counter."""
    steps = len(read(ROOT / "catalog" / COPIES).steps) - 1
    members = Members(applicant=Actor(id="citizen2", name="Trần Quốc Hùng", kind="citizen", unit=UNIT))
    return player(app, {"scenario": COPIES, "steps": steps}, members)


def newest(app: App) -> Case:
    cases = [app.store.case(*ids) for ids in app.store.case_ids(UNIT)]
    return max((case for case in cases if case), key=lambda case: case.submitted_at)


def test_pages_are_photographed_by_the_machines_own_camera(browser: Browser, served: tuple[App, str]) -> None:
    app, base = served
    clerk = Person(browser, base, CLERK)
    page = clerk.page
    page.goto("/can-bo/quay/nop/2.000815")
    own = {"name": "Phan Văn Tài", "id_number": "079088001122", "phone": "0911222333", "id_issue_date": "05/06/2021"}
    clerk.fill({f"_applicant.{name}": text for name, text in own.items()})
    clerk.fill({"danh_sach": [{"ten_giay_to": "Bằng tốt nghiệp", "so_trang": "2", "so_ban": "3"}]})
    page.get_by_role("button", name="Chụp bằng máy ảnh").first.click()
    dialog = page.get_by_role("dialog")
    take = dialog.get_by_role("button", name="Chụp trang này")
    take.click()
    dialog.get_by_role("heading", name="Đã chụp: 1").wait_for()
    assert violations(page) == []
    take.click()
    dialog.get_by_role("heading", name="Đã chụp: 2").wait_for()
    dialog.get_by_role("button", name="Xong").click()
    page.get_by_text("Đã chụp 2 ảnh.").wait_for()
    page.get_by_label("Bản chính giấy tờ").check()
    page.get_by_label("Dùng vẫn được").check()  # the test picture is no paper
    page.get_by_role("button", name="Nộp và tiếp nhận").click()
    page.wait_for_url("**/can-bo/quay/ho-so/*")
    (paper,) = [one for one in newest(app).documents if str(one["name"]).endswith(".pdf")]
    assert len(PdfReader(BytesIO(app.files.get(str(paper["sha256"])))).pages) == 2
    assert clerk.problems == []


def test_who_collects_signs_on_the_screen(browser: Browser, served: tuple[App, str], tmp_path: Path) -> None:
    app, base = served
    case, clerk = ready(app), Person(browser, base, CLERK)
    page = clerk.page
    page.goto(f"/can-bo/quay/tra/{case.id}")
    pad = page.locator("canvas.pad")
    pad.scroll_into_view_if_needed()
    _draw(page, pad.bounding_box() or {})
    page.get_by_text("Đã ký trên màn hình.").wait_for()
    assert violations(page) == []
    page.get_by_label("Đã ký nhận vào sổ").check()
    page.get_by_role("button", name="Trả kết quả").last.click()
    page.get_by_text(f"Đã trả kết quả: {case.code}.").wait_for()
    done = app.store.case(UNIT, case.id)
    assert done
    assert done.ended
    said = [link.event for link in app.store.events(case.id) if isinstance(link.event, TaskCompleted)][-1]
    (file,) = said.data["collector_signature"]
    with Image.open(BytesIO(app.files.get(file["sha256"]))) as drawn:
        dark = sum(drawn.convert("L").histogram()[:128])
    assert dark > 500  # pixels of ink
    page.goto(f"/can-bo/ho-so/{case.id}")
    link = page.locator(f'a[href*="{file["sha256"]}"]').first
    assert page.context.request.get(base + str(link.get_attribute("href"))).ok
    assert clerk.problems == []


def _draw(page: Any, box: dict[str, float]) -> None:
    left, top, wide, high = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(left + wide * 0.1, top + high * 0.8)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(left + wide * (0.1 + step / 10), top + high * (0.2 if step % 2 else 0.8), steps=4)
    page.mouse.up()


def test_a_signature_is_not_required_and_a_machine_without_a_camera_says_so(
    browser: Browser, served: tuple[App, str]
) -> None:
    app, base = served
    case, clerk = ready(app), Person(browser, base, CLERK)
    clerk.page.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('none'))")
    clerk.page.goto("/can-bo/quay/nop/2.000815")
    clerk.page.get_by_role("button", name="Chụp bằng máy ảnh").first.click()
    clerk.page.get_by_text("Không mở được máy ảnh.").wait_for()
    clerk.page.goto(f"/can-bo/quay/tra/{case.id}")
    clerk.page.get_by_label("Đã ký nhận vào sổ").check()
    clerk.page.get_by_role("button", name="Trả kết quả").last.click()
    clerk.page.get_by_text(f"Đã trả kết quả: {case.code}.").wait_for()
    assert clerk.problems == []
