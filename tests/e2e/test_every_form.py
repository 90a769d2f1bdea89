"""Every form of the catalog, filled in by the keyboard with the data of its first scenario, is stored as just those."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from engine.bootstrap import App
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.scenarios import Scenario, read
from tests.support.axe import violations, violations_without_scripts
from tests.support.browser import People, Person, serving
from tests.support.desk import UNIT, AnyDay, first_scenario, procedure_of, slugs
from tests.support.keyboard import Typist, asked_of
from web.forms.sections import sections

pytestmark = pytest.mark.browser
FIRST = [first_scenario(slug) for slug in slugs()]
WAYS = {True: "JavaScript", False: "no JavaScript"}
# a form takes half a minute of Chromium: each goes one way in every run, by turns, and both ways in `make soak`
TRIED = [
    pytest.param(path, scripts, id=f"{path.parent.parent.name}-{WAYS[scripts]}")
    for number, path in enumerate(FIRST)
    for scripts in WAYS
    if os.environ.get("EVERY") or scripts == (number % 2 == 0)
]


@dataclass(frozen=True)
class House:
    """A served house whose day the tests choose, with nobody working in it but the one who files."""

    app: App
    people: People
    clock: AnyDay
    reader: Page


@pytest.fixture(scope="session")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all forms of this process."""
    home, clock = tmp_path_factory.mktemp("forms"), AnyDay()
    with serving(home, clock=clock) as (app, base):
        people = People(browser, app, base)
        context = browser.new_context(base_url=base, locale="vi-VN")
        reader = context.new_page()
        reader.goto("/tra-cuu")
        yield House(app, people, clock, reader)
        context.close()
        people.leave()


@pytest.mark.parametrize(("path", "scripts"), TRIED)
def test_form_is_filled_in_by_keyboard_and_stored_as_the_scenario_says(path: Path, scripts: bool, house: House) -> None:
    scenario, code = read(path), procedure_of(path)
    assert scenario.channel == "online", "the first scenario is filed online"
    house.clock.instant = scenario.start_at
    expected = filed_directly(house.app, scenario, code)
    person = house.people.newcomer(name_of(house.app, scenario), scripts=scripts)
    found = case_of(house.app, filed_by_keyboard(house, person, expected))
    person.context.close()
    assert without_bytes(found.application) == without_bytes(expected.application)
    assert (found.procedure, found.channel, found.delivery) == (code, "online", scenario.delivery)
    assert person.problems == []


def name_of(app: App, scenario: Scenario) -> str:
    """The name on the sign-in page of the scenario's applicant."""
    account = app.accounts.by_id(str(scenario.applicant["account"]))
    assert account is not None
    return account.name


def filed_directly(app: App, scenario: Scenario, code: str) -> Case:
    """The case as it is stored when the scenario's data are sent without any page."""
    applicant = Actor(id=str(scenario.applicant["account"]), name="", kind="citizen", unit=UNIT)
    result = app.handle(scenario.filing(UNIT, code), applicant, f"direct/{app.ids.new()}")
    case = app.store.case(UNIT, str(result.case_id))
    assert case is not None
    return case


def filed_by_keyboard(house: House, person: Person, case: Case) -> str:
    """File the same once more on the pages, with axe on each; the code of the new case."""
    procedure = house.app.catalog.current(case.procedure, house.clock.now().date())
    schema = house.app.forms.compiled(procedure, procedure.form_id).schema
    page = person.page
    page.goto(f"/thu-tuc/{procedure.code}")
    assert looked_at(person, house.reader) == []
    begin(person, house.reader, procedure.code)
    parts = {section.id: section for section in sections(schema)}
    while "/phan/" in page.url:
        section = parts[page.url.rpartition("/")[2]]
        typist = Typist(page, section.schema, asked_of(section.schema, case.application), case.delivery, person.scripts)
        typist.fill()
        assert not person.scripts or looked_at(person, house.reader) == []
        before = page.url
        typist.press("next")
        page.wait_for_function("url => location.href !== url || document.querySelector('.summary')", arg=before)
        page.wait_for_load_state()
        assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
    assert looked_at(person, house.reader) == []
    send(person)
    return page.locator(".big.code").inner_text().strip()


def begin(person: Person, reader: Page, code: str) -> None:
    """For oneself; past the overview to the first part."""
    page = person.page
    page.goto(f"/thu-tuc/{code}/nop")
    page.locator("#own-_for").focus()
    page.keyboard.press("Space")
    assert looked_at(person, reader) == []
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Các phần của hồ sơ").wait_for()
    assert looked_at(person, reader) == []
    page.get_by_role("link", name="Tiếp tục", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/phan/*")


def send(person: Person) -> None:
    """Declare, where the form itself has no declaration, and send."""
    page = person.page
    if page.locator("#own-_declared").count():
        page.locator("#own-_declared").focus()
        page.keyboard.press("Space")
    page.locator('button[value="submit"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/da-nop")


def looked_at(person: Person, reader: Page) -> list[str]:
    """What axe finds on the page as the person has it."""
    return violations(person.page) if person.scripts else violations_without_scripts(person.page, reader)


def case_of(app: App, code: str) -> Case:
    """The case of this code as it is stored."""
    found = app.models.find_code(code)
    case = app.store.case(UNIT, found) if found else None
    assert case is not None
    return case


def without_bytes(value: Any) -> Any:
    """The data with files by name only, and without what was not ticked."""
    if isinstance(value, dict):
        if "sha256" in value:
            return value["name"]
        return {key: without_bytes(inner) for key, inner in value.items() if inner is not False}
    return [without_bytes(inner) for inner in value] if isinstance(value, list) else value
