"""The pages on a small engine in memory, and browsers that are signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.web.fake_house import FakeHouse
from web.app import create_app


class Browser:
    """A client that takes the CSRF token and the key out of the last page, as a browser does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.page = client, ""

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        self.page = answer.text
        return self.page

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""

    def post(self, path: str, data: dict[str, Any], status: int = 302) -> Any:
        own = {name: self.hidden(name) for name in ("csrf_token", "_key", "_version")}
        answer = self.client.post(path, data={**own, **data}, content_type="multipart/form-data")
        assert answer.status_code == status, (path, answer.status_code, answer.text[:3000])
        self.page = answer.text
        return answer

    def sign_in(self, account: str) -> Browser:
        self.get("/dang-nhap")
        self.post("/dang-nhap/thu", {"account": account})
        return self


@pytest.fixture
def house(tmp_path: Path) -> FakeHouse:
    return FakeHouse(tmp_path)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Built once: reading the templates is what takes time."""
    return create_app(FakeHouse(tmp_path_factory.mktemp("home")))  # type: ignore[arg-type]


@pytest.fixture
def flask_app(house: FakeHouse, shared_app: Flask) -> Flask:
    """The application around a fresh house."""
    shared_app.extensions["motcua"] = house
    shared_app.config["MAX_CONTENT_LENGTH"] = 60 * 1024 * 1024
    return shared_app


@pytest.fixture
def browser(flask_app: Flask) -> Callable[..., Browser]:
    def open_browser(account: str | None = None) -> Browser:
        new = Browser(flask_app.test_client())
        return new.sign_in(account) if account else new

    return open_browser
