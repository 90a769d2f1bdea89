"""Chromium against a real server: each person in a browser of their own, forms filled by what a person sees."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FilePayload, Locator, Page, sync_playwright
from waitress.server import create_server

from engine.bootstrap import App, build, player
from engine.ports import Clock
from engine.settings import Settings
from tests.support.desk import NOBODY, UNIT
from tests.support.listening import running
from tests.support.scans import paper
from web.app import create_app
from web.demo import add_people, deploy, seed

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that shows a test picture, and may be used
    "--use-fake-ui-for-media-stream",
]
DATABASE = "motcua.db"
_OPEN: list[Browser] = []
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MOST_PAGES = 40
NAMES = """all => [...new Set(all.map(e => e.name.replace(/^_(upload|rows|other)\\./, '').split('.')[0]))]"""
REFUSALS = ("400", "403", "404", "409", "422")  # a page that says no is no error of the page


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, or Playwright's own download; whoever asks while it is open gets the same one.

    Playwright may be started once in a process.
    """
    if _OPEN:
        yield _OPEN[-1]
        return
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, headless=True)
        _OPEN.append(browser)
        yield browser
        _OPEN.clear()
        browser.close()


def settings_of(home: Path) -> Settings:
    """Of a demonstration on SQLite under this home; no stand-in is running: nothing shall wait for one."""
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / DATABASE}",
        catalog=ROOT / "catalog",
        unit=UNIT,
        demo=True,
        secure_cookies=False,
        port=0,
        connectors=NOBODY,
    )


@cache
def demonstration() -> Path:
    """A home in which the demonstration was played, made once in this process, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-demo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app = build(settings_of(folder))
    for _ in seed(app, lambda entry, people: player(app, entry, people)):
        pass
    app.store.close()
    return folder


@contextmanager
def serving(home: Path, *, clock: Clock | None = None) -> Iterator[tuple[App, str]]:
    """The real application on a free port, with demo people and their cases; worker and web in one process.

    With a clock of one's own there are only the people: no cases, and no worker that goes by that clock.
    """
    if clock is None:
        shutil.copytree(demonstration(), home, dirs_exist_ok=True)
    app = build(settings_of(home), clock=clock)
    if clock is not None:
        deploy(app)
        add_people(app)
    server = create_server(create_app(app), host="127.0.0.1", port=0, threads=4)
    if clock is None:
        app.ticker.start()
    try:
        with running(server) as base:
            yield app, base
    finally:
        if clock is None:
            app.ticker.stop()
        app.store.close()


class Person:
    """Somebody at a browser."""

    def __init__(self, browser: Browser, base: str, name: str, *, width: int = 1366, scripts: bool = True) -> None:
        self.base, self.scripts = base, scripts
        size = {"width": width, "height": 900}
        self.context = browser.new_context(base_url=base, viewport=size, locale="vi-VN", java_script_enabled=scripts)  # type: ignore[arg-type]  # a plain dict is a ViewportSize
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("request", lambda request: self._asked(request.url, base))
        self.page.goto("/dang-nhap")
        self.page.get_by_role("button", name=name).click()

    def _note(self, message: Any) -> None:
        if message.type == "error" and not any(f"status of {code}" in message.text for code in REFUSALS):
            self.problems.append(message.text)

    def _asked(self, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "blob:", "chrome-extension:", "chrome:")):  # its own viewer of PDFs
            self.problems.append(f"asked {url}")

    def see(self, text: str) -> None:
        """Wait until the page says so; workers need a moment after a step."""
        for _ in range(40):
            if self.page.get_by_text(text).first.is_visible():
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        raise AssertionError(f"{text!r} is not on the page:\n{self.page.inner_text('main')[:1500]}")

    def press(self, name: str) -> None:
        """Click the button or link of this name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        (button if button.count() else self.page.get_by_role("link", name=name)).first.click()

    def write(self, code: str, application: Mapping[str, Any]) -> None:
        """Begin an application for oneself and fill in page after page, up to the check before sending."""
        self.begin(code)
        self.press("Tiếp tục")
        for _ in range(MOST_PAGES):
            self.page.wait_for_url(re.compile("/(phan/[^/?]+|kiem-tra)"))
            if self.page.url.endswith("/kiem-tra"):
                return
            self.fill_page(application)
            self.go_on()
        raise AssertionError(f"there is no end of pages at {self.page.url}")

    def begin(self, code: str) -> None:
        """Begin an application for oneself: a draft, and its parts at a glance."""
        self.page.goto(f"/thu-tuc/{code}/nop")
        self.page.locator('[name="_for"][value="self"]').check()
        self.press("Tiếp tục")
        self.page.get_by_role("heading", name="Các phần của hồ sơ").wait_for()

    def send(self) -> None:
        """Declare that the answers are true, where the form does not ask for it itself, and send."""
        declared = self.page.locator("#own-_declared")
        if declared.count():
            declared.check()
        self.press("Nộp hồ sơ")
        self.page.wait_for_url("**/da-nop**")

    def fill_page(self, application: Mapping[str, Any], form: str = "form[data-draft]") -> None:
        """Fill in what this page asks; what an answer opens comes after it."""
        done: set[str] = set()
        for _ in range(MOST_PAGES):
            asked = [name for name in self._asked_for(form) if name in application and name not in done]
            if not asked:
                return
            for name in asked:
                if name in self._asked_for(form):  # an answer may have taken the question away
                    self.fill({name: application[name]})
                done.add(name)
            self._update()

    def _asked_for(self, form: str) -> list[str]:
        """The names of the questions that the page asks now."""
        names: list[str] = self.page.locator(f"{form} [name]").evaluate_all(NAMES)
        return names

    def _update(self) -> None:
        """Ask which further questions there are."""
        update = self.page.locator("[data-update]")
        if update.count():
            with self.page.expect_response(lambda answer: answer.request.method == "POST"):
                update.click()
            self.page.wait_for_load_state()
            self.page.locator(".htmx-request").wait_for(state="detached")
            self.page.wait_for_timeout(100 if self.scripts else 0)  # the answer is laid over the page

    def go_on(self) -> None:
        """Press Continue and wait for the next page; an error summary is one too many."""
        before = self.page.url
        self.press("Tiếp tục")
        self.page.wait_for_function(
            "url => location.href !== url || document.querySelector('.summary') !== null", arg=before
        )
        self.page.wait_for_load_state()
        assert self.page.locator(".summary").count() == 0, self.page.locator(".summary").inner_text()

    def fill(self, data: Mapping[str, Any], prefix: str = "") -> None:
        """Fill a form with nested data, by the names of its fields."""
        for key, value in data.items():
            name = f"{prefix}{key}"
            if isinstance(value, Mapping):
                self.fill(value, f"{name}.")
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                self._rows(name, value)
            elif isinstance(value, list):
                for one in value:
                    self.page.locator(f'[name="{name}"][value="{one}"]').check()
            else:
                self._set(name, value)

    def _rows(self, name: str, rows: list[Mapping[str, Any]]) -> None:
        """Files are uploaded; for further rows of a list its own button is pressed."""
        if "sha256" in rows[0]:
            papers = [
                FilePayload(name=row["name"], mimeType="application/octet-stream", buffer=paper(row["name"], number))
                for number, row in enumerate(rows)
            ]
            self._shown(f"_upload.{name}").set_input_files(papers)
            return
        for index, row in enumerate(rows):
            while self.page.locator(f'[name="_rows.{name}"]').count() <= index:
                self.page.locator(f'button[value="add:{name}"]').click()
                self.page.wait_for_load_state()
            self.fill(row, f"{name}.{index}.")

    def _set(self, name: str, value: Any) -> None:
        field = self._shown(name)
        tag, kind, live = field.first.evaluate("e => [e.tagName, e.type, 'live' in e.dataset]")
        if kind == "radio":
            self.page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            field.first.set_checked(bool(value))
        elif tag == "SELECT":
            field.first.select_option(str(value))
        else:
            field.first.fill(typed(value))
        if live and self.scripts:
            self.page.locator(".htmx-request").wait_for(state="detached")  # the answer may change what else is asked

    def _shown(self, name: str) -> Locator:
        """The control of this name; a question that depends on an answer appears after an update."""
        field = self.page.locator(f'[name="{name}"]:not([type=hidden])')
        for _ in range(30):
            if field.count():
                return field
            self.page.wait_for_timeout(150)
        update = self.page.get_by_role("button", name="Cập nhật biểu mẫu")
        if update.count():
            update.first.click()
            field.first.wait_for(timeout=5_000)
        if not field.count():
            raise AssertionError(f"there is no field {name} on {self.page.url}")
        return field

    def field(self, name: str) -> Locator:
        """The control of this name."""
        return self.page.locator(f'[name="{name}"]').first

    def take(self, task: str, code: str = "") -> None:
        """Open the first task of this name in my queue, or that of this case, and claim it."""
        self.page.goto(f"/can-bo/?q={code}")
        self.see(task)
        self.page.get_by_role("link", name=task).first.click()
        self.page.wait_for_url("**/viec?**")  # the queue has buttons of the same name
        self.claim()

    def claim(self) -> None:
        """Claim the task whose page is open, unless it is mine already."""
        complete = self.page.locator("[data-complete]")
        complete.or_(self.page.locator("[data-claim]")).first.wait_for()
        if not complete.count():
            self.press("Nhận việc")
            complete.first.wait_for()

    def open_drawer(self) -> None:
        """Open today's cash drawer, unless it is open; one that was left open is closed first."""
        self.page.goto("/can-bo/ket-tien/mo")
        if self.page.get_by_role("heading", name="Kiểm đếm và đóng két").count():
            self.page.locator("#reason").fill("Chưa đếm, để quên hôm trước")
            self.press("Đóng két")
            self.page.goto("/can-bo/ket-tien/mo")
        if self.page.get_by_role("heading", name="Mở két đầu ca").count():
            self.press("Mở két")
            self.page.get_by_role("heading", name="Két tiền mặt").wait_for()

    def work_on(self, task: str, data: Mapping[str, Any], code: str = "", *, as_asked: bool = False) -> None:
        """Take a task, fill its form (all of it, or what it asks) and complete it; cash goes into an open drawer."""
        if data.get("method") == "cash":
            self.open_drawer()
        self.take(task, code)
        (self.fill_page if as_asked else self.fill)(data)
        self.press("Hoàn thành")
        self.page.get_by_text(f"Đã hoàn thành: {task}").first.wait_for()


class People:
    """Everybody of the demonstration at one served house; each signs in once."""

    def __init__(self, browser: Browser, app: App, base: str) -> None:
        self.browser, self.app, self.base = browser, app, base
        self._known: dict[str, Person] = {}

    def __getitem__(self, name: str) -> Person:
        if name not in self._known:
            self._known[name] = Person(self.browser, self.base, name)
        return self._known[name]

    def newcomer(self, name: str, *, width: int = 1366, scripts: bool = True) -> Person:
        """Somebody at a browser of their own: small, or without JavaScript."""
        person = Person(self.browser, self.base, name, width=width, scripts=scripts)
        self._known[f"{name} {len(self._known)}"] = person
        return person

    def problems(self) -> list[str]:
        """What went wrong on anybody's pages so far."""
        return [problem for person in self._known.values() for problem in person.problems]

    def leave(self) -> None:
        """Close all browsers."""
        for person in self._known.values():
            person.context.close()


def typed(value: Any) -> str:
    """A value as a person types it: dates as dd/mm/yyyy."""
    text = str(value)
    if len(text) == 10 and text[4] == text[7] == "-":
        year, month, day = text.split("-")
        return f"{day}/{month}/{year}"
    return text
