"""The stand-ins of outside parties in the test's own process: asked like any site, without a socket."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from werkzeug.test import Client

from engine.adapters.identity.making import Maker
from engine.adapters.memory_people import MemoryAccounts
from engine.adapters.memory_registrations import MemoryPeople
from engine.connectors import load
from engine.people import People
from engine.portal_people import furnish_people
from engine.settings import Settings
from tests.support.desk import ROOT
from web.standins.book import Book
from web.standins.citizen_ca import CitizenCa
from web.standins.serving import create_standins


class Wire(requests.adapters.BaseAdapter):
    """Carries what requests sends to a WSGI application. `broken`: nothing gets through."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app, self.broken = app, False
        self.timeouts: list[Any] = []

    def send(self, request: Any, stream: Any = False, timeout: Any = None, *more: Any, **named: Any) -> Any:
        self.timeouts.append(timeout)
        if self.broken:
            raise requests.ConnectTimeout(request=request)
        where = urlsplit(request.url)
        path = f"{where.path}?{where.query}" if where.query else where.path
        sent = Client(self.app).open(path, method=request.method, headers=dict(request.headers), data=request.body)
        answer = requests.Response()
        answer.status_code, answer.raw, answer.url, answer.request = (
            sent.status_code,
            BytesIO(sent.data),
            request.url,
            request,
        )
        answer.headers.update(dict(sent.headers))
        answer.encoding = "utf-8"
        return answer

    def close(self) -> None:
        """Nothing to close."""


class Visitor:
    """Somebody at a stand-in's page: sends its forms with the page's own token."""

    def __init__(self, app: Any) -> None:
        self.client, self.page = Client(app), ""

    def get(self, path: str) -> str:
        self.page = self.client.get(path).text
        return self.page

    def post(self, path: str, data: dict[str, str]) -> str:
        token = re.search(r'name="csrf_token" value="([^"]*)"', self.page)
        answer = self.client.post(path, data={"csrf_token": token[1] if token else "", **data})
        self.page = answer.text
        return self.page


@dataclass
class Outside:
    """The stand-ins, their book, and a line to them that can be cut."""

    app: Any
    book: Book
    wire: Wire
    session: requests.Session
    sections: Any
    settings: Settings

    def maker(self) -> Maker:
        """What makes ways and provider over this line."""
        return Maker(sections=self.sections, origin=self.settings.public_url, session=self.session)

    def slip(self, number: int) -> str:
        """A code that the post office gives to the n-th visitor."""
        counter = Visitor(self.app)
        counter.get("/buudien/")
        page = counter.post("/buudien/", {"person": str(number)})
        found = re.search(r'id="code">([^<]+)<', page)
        assert found, page
        return found[1]

    def token(self, challenge: str, holder: str) -> dict[str, str]:
        """What the signing page sends back for a challenge; `holder`: number|kind of the certificate."""
        vendor = Visitor(self.app)
        vendor.get("/usbtoken/sign")
        page = vendor.post("/usbtoken/sign", {"challenge": challenge, "back": "/", "holder": holder})
        found = re.findall(r'name="(challenge|certificate|signature)" value="([^"]*)"', page)
        return {name: text.replace("&#43;", "+").replace("&#34;", '"') for name, text in found}

    def press(self, answer: str) -> None:
        """Answer the newest request on a phone: a holder's number, or "no"."""
        phones = Visitor(self.app)
        name = re.findall(r'action="/mssp/([0-9a-f]+)"', phones.get("/mssp/"))[0]
        phones.post(f"/mssp/{name}", {"answer": answer})


@cache
def _issued() -> Path:
    """Certificates of all the invented people, made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-ca-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    CitizenCa(Settings(home=folder, database_url="", catalog=ROOT / "catalog", unit="xa-mau", demo=True))
    return folder / "citizen-ca"


def outside(settings: Settings) -> Outside:
    """Stand-ins around a demonstration's settings."""
    shutil.copytree(_issued(), settings.home / "citizen-ca", dirs_exist_ok=True)
    sections = load(settings)
    app, book = create_standins(settings, sections)
    session, wire = requests.Session(), Wire(app)
    session.mount("http://", wire)
    return Outside(app, book, wire, session, sections, settings)


class Sent:
    """Messages that were sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def send(self, **message: Any) -> None:
        self.messages.append(message)

    def code(self) -> str:
        """The newest code."""
        return str(self.messages[-1]["data"]["otp"])


@dataclass
class Town:
    """People in memory, with the stand-ins beyond."""

    people: People
    accounts: MemoryAccounts
    sent: Sent
    outside: Outside


def town(settings: Settings, clock: Any) -> Town:
    """A house's accounts over the stand-ins."""
    beyond, accounts, sent = outside(settings), MemoryAccounts(), Sent()
    people = furnish_people(
        settings, beyond.maker(), store=MemoryPeople(accounts), accounts=accounts, messages=sent, clock=clock
    )
    return Town(people, accounts, sent, beyond)
