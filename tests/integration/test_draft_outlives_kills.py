"""A draft with three uploads outlives its server killed at every step, and becomes one case: on both databases."""

from __future__ import annotations

import html
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from engine.bootstrap import build
from engine.commands.receiving import Sender
from engine.scenarios import read
from engine.settings import Settings
from tests.support import scans
from tests.support.desk import NOBODY, ROOT, UNIT
from tests.support.postgres import free_port
from web.demo import add_people
from web.forms.carry import carry
from web.forms.sections import sections
from web.forms.uploads import Uploads

SLUG, CODE, LAN = "xac-nhan-tinh-trang-hon-nhan@2", "1.004873", "citizen1"
PAPERS = "tep_giay_to_tuy_than"
STARTS = 90  # seconds that a busy machine may take to start a server


class Server:
    """`motcua serve` as a process of its own, to be killed."""

    def __init__(self, home: Path, url: str) -> None:
        self.port, self.lives = free_port(), 0
        own = {"MOTCUA_HOME": home, "MOTCUA_DATABASE_URL": url, "MOTCUA_CONNECTORS": NOBODY, "MOTCUA_PORT": self.port}
        self._env = {**os.environ, **{k: str(v) for k, v in own.items()}, "MOTCUA_DEMO": "1", "MOTCUA_UNIT": UNIT}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it serves."""
        command = [sys.executable, "-m", "web.cli", "serve"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=subprocess.DEVNULL)
        self.lives += 1
        until = time.monotonic() + STARTS
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError("the server does not start")

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def again(self) -> None:
        """Kill it and start another one."""
        self.kill()
        self.start()


class Citizen:
    """Somebody at a browser who stays signed in while servers come and go."""

    def __init__(self, server: Server) -> None:
        self.server, self.session, self.page = server, requests.Session(), ""
        self.base = f"http://127.0.0.1:{server.port}"

    def get(self, path: str, status: int = 200) -> str:
        answer = self.session.get(self.base + path, timeout=60)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:800])
        self.page = answer.text
        return self.page

    def own(self) -> list[tuple[str, str]]:
        """The hidden fields that the last page's form carries beside the answers."""
        names = ("csrf_token", "_key", "_version", "_tab")
        found = [(name, re.search(rf'name="{name}" value="([^"]*)"', self.page)) for name in names]
        return [(name, html.unescape(match[1])) for name, match in found if match]

    def post(self, path: str, fields: list[tuple[str, str]], **more: Any) -> requests.Response:
        sent = [*self.own(), *fields]
        return self.session.post(self.base + path, data=sent, allow_redirects=False, timeout=60, **more)

    def put(self, path: str, content: bytes, **query: Any) -> requests.Response:
        head = {"X-CSRFToken": dict(self.own())["csrf_token"]}
        return self.session.put(self.base + path, data=content, params=query, headers=head, timeout=60)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, Settings]]:
    url = request.getfixturevalue(f"deployed_{request.param}_url")
    home = tmp_path / "home"
    settings = Settings(
        home=home, database_url=url, catalog=ROOT / "catalog", unit=UNIT, demo=True, secure_cookies=False
    )
    app = build(settings, migrate=False)
    add_people(app)
    app.store.close()
    served = Server(home, url)
    served.start()
    yield served, settings
    served.kill()


def test_a_draft_with_three_uploads_survives_a_kill_at_each_step(server: tuple[Server, Settings]) -> None:
    served, settings = server
    citizen = Citizen(served)
    citizen.get("/dang-nhap")
    citizen.post("/dang-nhap/thu", [("account", LAN)])
    home = begun(citizen, served.again)
    saved(citizen, home, settings, served.again)
    assert uploaded_whole(citizen, home, served.again) == ["một.pdf"]
    assert uploaded_in_parts(citizen, home, served.again) == ["một.pdf", "hai.jpg"]
    assert uploaded_while_killed(citizen, home, served) == ["một.pdf", "hai.jpg", "ba.png"]
    case_id = sent(citizen, home, served)
    assert served.lives > 8
    proven(settings, case_id)


def begun(citizen: Citizen, kill: Callable[[], None]) -> str:
    """Two answers to the same question, one on each side of a kill, begin one draft."""
    begin = f"/thu-tuc/{CODE}/nop"
    citizen.get(begin)
    first = citizen.post(begin, [("_for", "self")]).headers["Location"]
    kill()
    assert citizen.post(begin, [("_for", "self")]).headers["Location"] == first
    assert citizen.get("/ho-so").count("Soạn tiếp") == 1
    return first


def saved(citizen: Citizen, home: str, settings: Settings, kill: Callable[[], None]) -> None:
    """Every part of the form but the papers, with a kill after the first."""
    app = build(settings, migrate=False)
    procedure = app.catalog.current(CODE, app.clock.now().date())
    schema = app.forms.compiled(procedure, procedure.form_id).schema
    sign = Uploads(app.filing.receiving, settings.secret("uploads"), Sender(unit=UNIT, account=LAN)).token
    path = min((ROOT / "catalog" / SLUG / "tests").glob("01_*.toml"))
    application = {k: v for k, v in read(path).application.items() if not k.startswith("tep_")}
    for number, part in enumerate(sections(schema)):
        page = f"{home}/phan/{part.id}"
        citizen.get(page)
        fields = list(carry(part.schema, application, sign))
        assert citizen.post(page, [*fields, ("_action", "autosave")]).status_code == 200
        if not number:
            kill()
            assert str(application["nguoi_yeu_cau_ho_ten"]) in citizen.get(page)
    app.store.close()


def listed(citizen: Citizen, home: str) -> list[str]:
    """The papers as the page lists them, each of which can be opened."""
    page = citizen.get(f"{home}/phan/phan_giay_to_kem_theo")
    for address in re.findall(r'href="(/nop/[^"]*/tai/[0-9a-f]{64})"', page):
        assert citizen.session.get(citizen.base + address, timeout=60).content[:4] in (
            b"%PDF",
            b"\xff\xd8\xff\xe0",
            b"\x89PNG",
        )
    return re.findall(r'/tai/[0-9a-f]{64}" download>([^<]+)<', page)


def uploaded_whole(citizen: Citizen, home: str, kill: Callable[[], None]) -> list[str]:
    """As a browser without scripts does."""
    page = f"{home}/phan/phan_giay_to_kem_theo"
    citizen.get(page)
    paper = {f"_upload.{PAPERS}": ("một.pdf", scans.paper("một.pdf"))}
    assert citizen.post(page, [("_action", f"upload:{PAPERS}")], files=paper).status_code == 200
    kill()
    return listed(citizen, home)


def uploaded_in_parts(citizen: Citizen, home: str, kill: Callable[[], None]) -> list[str]:
    """A kill between the parts: what has come stays, and the rest goes on from there."""
    content, place = scans.picture("JPEG", (600, 400)), f"{home}/tep/{PAPERS}"
    half, query = len(content) // 2, {"key": "k" * 16, "name": "hai.jpg", "size": len(content)}
    assert citizen.put(place, content[:half], offset=0, **query).json()["received"] == half
    kill()
    asked = citizen.session.get(citizen.base + place, params={"key": "k" * 16}, timeout=60).json()
    assert asked["received"] == half
    assert citizen.put(place, content[:half], offset=0, **query).status_code == 409
    done = citizen.put(place, content[half:], offset=half, **query).json()
    assert done["done"]
    kill()
    return listed(citizen, home)


def uploaded_while_killed(citizen: Citizen, home: str, served: Server) -> list[str]:
    """Killed while the only part is on its way, again and again, until one gets through."""
    content, place = scans.picture("PNG", (500, 500)), f"{home}/tep/{PAPERS}"
    query = {"key": "p" * 16, "name": "ba.png", "size": len(content), "offset": 0}
    for delay in (0.0, 0.01, 0.03):
        _killed_during(served, delay, lambda: citizen.put(place, content, **query))
    if "ba.png" not in listed(citizen, home):
        at = citizen.session.get(citizen.base + place, params={"key": "p" * 16}, timeout=60).json()["received"]
        assert citizen.put(place, content[at:], **{**query, "offset": at}).status_code == 200
    return listed(citizen, home)


def sent(citizen: Citizen, home: str, served: Server) -> str:
    """Killed while it is being sent; sent again until there is an answer."""
    check = f"{home}/kiem-tra"
    page = citizen.get(check)
    assert 'value="submit"' in page, re.sub(r"<[^>]+>", " ", page)[:3000]
    fields = [*citizen.own(), ("_declared", "true"), ("_action", "submit")]
    url = citizen.base + check
    for delay in (0.0, 0.02, 0.08, 0.3):
        _killed_during(served, delay, lambda: citizen.session.post(url, data=fields, timeout=60))
    answer = citizen.session.post(url, data=fields, allow_redirects=False, timeout=60)
    assert answer.status_code == 302, answer.text[:2000]
    return answer.headers["Location"].split("/")[2]


def _killed_during(served: Server, delay: float, act: Callable[[], Any]) -> None:
    """Begin an act, kill the server a moment later, start another one."""

    def quietly() -> None:
        with suppress(requests.RequestException):
            act()

    acting = threading.Thread(target=quietly)
    acting.start()
    time.sleep(delay)
    served.kill()
    acting.join()
    served.start()


def proven(settings: Settings, case_id: str) -> None:
    """One case came of it, with all that was typed and the three papers."""
    app = build(settings, migrate=False)
    assert [one for _, one in app.store.case_ids(UNIT)] == [case_id]
    case = app.store.case(UNIT, case_id)
    assert case is not None
    assert [one["name"] for one in case.application[PAPERS]] == ["một.pdf", "hai.jpg", "ba.png"]
    assert all(app.files.get(one["sha256"]) for one in case.application[PAPERS])
    assert [one["name"] for one in case.documents] == ["một.pdf", "hai.jpg", "ba.png"]
    assert case.applicant["account"] == LAN
    app.store.close()
