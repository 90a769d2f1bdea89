"""The pages on a small engine in memory, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.support.web_client import Browser
from tests.unit.web.fake_house import FakeHouse
from web.app import create_app


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
