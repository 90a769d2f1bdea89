"""A real engine behind its pages, without a browser: people who are signed in, and a case that is somewhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from engine.domain.case import Case, Task
from engine.ports import Account
from engine.scenarios import Player, Scenario, read
from tests.support.desk import ROOT, UNIT, Desk, officer, procedure_of
from tests.support.web_client import Browser
from web.app import create_app
from web.auth import COOKIE, token_hash

MARRIAGE = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan" / "tests"
SUPPLEMENT = MARRIAGE / "15_sua_dung_muc_duoc_yeu_cau.toml"
HAPPY = MARRIAGE / "01_truc_tuyen.toml"


class Followed:
    """Pages over a desk. Citizens are named by their account, officers by their groups."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.app = desk, desk.app
        self.flask: Flask = create_app(desk.app)

    def person(self, account_id: str, *groups: str, unit: str = UNIT) -> Browser:
        """Somebody who has signed in."""
        app, now = self.app, self.app.clock.now()
        if app.accounts.by_id(account_id) is None:
            kind = "officer" if groups else "citizen"
            app.accounts.put(
                Account(
                    id=account_id,
                    login=account_id,
                    name=account_id,
                    kind=kind,
                    unit=unit,
                    groups=frozenset(groups),
                    password_hash="",
                    profile={"phone": "0903000111"},
                )
            )
        client = self.flask.test_client()
        token = secrets.token_hex()
        app.accounts.open_session(account_id, token_hash(token), now, now + timedelta(days=90))
        client.set_cookie(COOKIE, token)
        return Browser(client)

    def play(self, path: Path = SUPPLEMENT, steps: int | None = None) -> Case:
        """A case after some steps of a scenario."""
        return self.desk.play(path, steps=steps)

    def go_on(self, case: Case, path: Path, begin: int, steps: int | None = None) -> Case:
        """The same case some steps further."""
        app, scenario = self.app, read(path)
        stage = Player(app.ports, app.bus, app.worker, self.desk.clock, member=officer)
        return stage.follow(case.id, scenario, begin=begin, steps=steps)

    def case(self, case_id: str) -> Case:
        """The stored case."""
        found = self.app.store.case(None, case_id)
        assert found is not None
        return found


def open_of(case: Case, element_id: str) -> Task:
    """The open task of an element."""
    return next(task for task in case.tasks.values() if task.element_id == element_id)


def fields_of(scenario: Scenario) -> Mapping[str, Any]:
    """What was filed."""
    return scenario.application


__all__ = ["HAPPY", "SUPPLEMENT", "Followed", "fields_of", "open_of", "procedure_of"]
