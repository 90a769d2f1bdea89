"""Pictures of what each role sees in a day: python -m tests.docs.role_pictures [FOLDER].

A demonstration is served, one number is drawn and called, and each role opens its screens in Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.support.browser import ROOT, People, chromium, serving

PICTURES = ROOT / "docs" / "pictures"
COLOURS, HEIGHT = 64, 1100
CLERK, JUSTICE, RECORDS = "Lê Thị Mai", "Phạm Văn Đức", "Bùi Thị Ngọc"
LEADER, ADMINISTRATOR, AUDITOR = "Nguyễn Văn Bình", "Quản trị viên", "Cao Minh Trí"
SCREENS: tuple[tuple[str, str, str], ...] = (
    ("counter", CLERK, "/can-bo/quay?q=lan&thu-tuc=2.000815"),
    ("counter-form", CLERK, "/can-bo/quay/nop/2.000815"),
    ("officer-queue", JUSTICE, "/can-bo/?all=1"),
    ("register-of-cases", JUSTICE, "/can-bo/so/ho-so"),
    ("books", RECORDS, "/can-bo/so/"),
    ("mandate-new", LEADER, "/can-bo/lam-thay/them"),
    ("administration-fee", ADMINISTRATOR, "/can-bo/quan-tri/phi/1.001193/khong_dung_han"),
    ("administration-notice", ADMINISTRATOR, "/can-bo/quan-tri/mau/case_received"),
    ("health", ADMINISTRATOR, "/can-bo/quan-tri/tinh-trang"),
    ("attempts", AUDITOR, "/kiem-tra/tu-choi"),
)


def kept(page: Page, path: Path) -> None:
    """The page as far as a screen and a bit goes, in few colours: pictures of pages need no more."""
    wide = page.viewport_size["width"] if page.viewport_size else 0
    high = min(HEIGHT, int(page.evaluate("document.documentElement.scrollHeight")))
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": high})
    with Image.open(BytesIO(shot)) as image:
        image.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def queue_number(people: People, folder: Path) -> None:
    """The kiosk as a person finds it, and the board after a clerk has called."""
    clerk = people[CLERK]
    for name, address in (("kiosk", "/lay-so"), ("board", "/bang-so")):
        clerk.page.goto(address)
        if name == "kiosk":
            kept(clerk.page, folder / "kiosk.png")
            clerk.page.locator("main form button").first.click()
            clerk.page.wait_for_load_state()
            clerk.page.goto("/can-bo/quay")
            clerk.page.get_by_role("button", name="Gọi số").first.click()
            clerk.page.wait_for_load_state()
        else:
            kept(clerk.page, folder / "board.png")


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else PICTURES
    with (
        tempfile.TemporaryDirectory() as home,
        chromium() as browser,
        serving(Path(home)) as (app, base),
    ):
        people = People(browser, app, base)
        app.worker.drain()
        for address in ("/can-bo/ky", "/can-bo/quan-tri/"):  # what an auditor sees afterwards
            people[CLERK].page.goto(address)
        for name, who, address in SCREENS:
            people[who].page.goto(address)
            kept(people[who].page, folder / f"{name}.png")
        queue_number(people, folder)
        people.leave()


if __name__ == "__main__":
    main()
