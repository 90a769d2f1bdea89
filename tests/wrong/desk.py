"""A citizen at the pages of a house with the whole catalog, who sends wrong data."""

from __future__ import annotations

import html
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from engine.bootstrap import App, build
from engine.commands.receiving import Sender
from engine.scenarios import read
from engine.settings import Settings
from tests.support.desk import NOBODY, ROOT, UNIT, AnyDay, first_scenario, procedure_of, stage
from tests.support.web_client import Browser
from tests.wrong.bench import Bench, Data
from web.app import create_app
from web.demo import add_people
from web.forms.carry import carry
from web.forms.draw import html_id
from web.forms.schema import Component
from web.forms.sections import sections
from web.forms.uploads import Uploads

ERROR = re.compile(r'<div class="error" id="([^"]+)-error">(.*?)</div>', re.DOTALL)
TAGS = re.compile(r'<span class="sr">.*?</span>|<[^>]+>', re.DOTALL)
PERSON = "citizen1"


@dataclass(frozen=True)
class WrongDesk:
    """The house, its pages, and its clock."""

    app: App
    flask: Flask
    clock: AnyDay

    def bench(self, slug: str) -> Bench:
        """The form of a procedure on the day of its first scenario."""
        paths = sorted((ROOT / "catalog" / slug / "tests").glob("*.toml"))
        scenarios = [read(path) for path in paths]
        self.clock.instant = scenarios[0].start_at
        procedure = self.app.catalog.current(procedure_of(paths[0]), scenarios[0].start_at.date())
        return Bench(self.app, procedure, scenarios)

    def sent(self, bench: Bench, data: Data) -> dict[str, str]:
        """What stands beside each field, by its HTML id, after these data were sent for good; they are refused."""
        client = Browser(self.flask.test_client()).sign_in(PERSON)
        procedure, before = bench.procedure, len(self.app.store.case_ids())
        schema = self.app.forms.compiled(procedure, procedure.form_id).schema
        address = f"/thu-tuc/{procedure.code}/nop"
        client.get(address)
        home = client.post(address, {"_for": "self"}).location
        pages = {f"{home}/phan/{part.id}": self._fields(part.schema, data) for part in sections(schema)}
        for page, fields in pages.items():
            client.get(page)
            client.post(page, {**fields, "_action": "autosave"}, status=200)
        found: dict[str, str] = {}
        for page, fields in pages.items():  # now that every part knows of the others
            client.get(page)
            answer = client.client.post(page, data={**client.own(), **fields, "_action": "next"})
            found |= {name: said(text) for name, text in ERROR.findall(answer.text)}
        client.get(f"{home}/kiem-tra")
        client.post(f"{home}/kiem-tra", {"_declared": "true", "_action": "submit"}, status=422)
        assert len(self.app.store.case_ids()) == before, "what is wrong was stored"
        client.get(f"{home}/xoa")
        client.post(f"{home}/xoa", {})  # nobody may have many drafts open
        return found

    def _fields(self, part: Component, data: Data) -> dict[str, Any]:
        sender = Sender(unit=UNIT, account=PERSON)
        token = Uploads(self.app.filing.receiving, self.app.settings.secret("uploads"), sender).token
        fields: dict[str, Any] = {}
        for name, value in carry(part, data, token):
            fields.setdefault(name, []).append(value)
        return fields


def said(text: str) -> str:
    """A piece of a page as it reads."""
    return " ".join(html.unescape(TAGS.sub("", text)).split())


def beside(path: str) -> str:
    """Where the message of a field stands."""
    return html_id(path)


def told(slug: str) -> list[dict[str, Any]]:
    """The [[wrong]] tables of a procedure's first scenario."""
    found: list[dict[str, Any]] = tomllib.loads(first_scenario(slug).read_text("utf-8")).get("wrong", [])
    return found


@contextmanager
def wrong_desk(home: Path) -> Iterator[WrongDesk]:
    """A house on a copy of the stage, with the people of the demonstration."""
    shutil.copyfile(stage(), home / "motcua.db")
    clock = AnyDay()
    settings = Settings(
        home=home,
        database_url=f"sqlite:///{home / 'motcua.db'}",
        catalog=ROOT / "catalog",
        unit=UNIT,
        demo=True,
        secure_cookies=False,
        connectors=NOBODY,
    )
    app = build(settings, clock=clock, migrate=False)
    add_people(app)
    yield WrongDesk(app, create_app(app), clock)
    app.store.close()
