"""A browser and a served house for the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.bootstrap import App
from tests.support.browser import People, chromium, serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all journeys."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[App, str]]:
    """The application and its address."""
    with serving(tmp_path) as house:
        yield house


@pytest.fixture(scope="module")
def people(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """One served house for a whole file of tests, and people who stay signed in."""
    home = tmp_path_factory.mktemp("house")
    with serving(home) as (app, base):
        everybody = People(browser, app, base)
        yield everybody
        everybody.leave()
