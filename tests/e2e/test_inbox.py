"""A clerk at the inbox: keys alone from the list into a task, and a list that by itself shows what others do."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from engine.bootstrap import player
from engine.commands.messages import ClaimTask
from engine.domain.actor import Actor
from engine.domain.case import Case
from tests.support.browser import People
from tests.support.desk import UNIT, officer
from tests.support.followed import open_of

CLERK, OTHER = "Lê Thị Mai", Actor(id="clerk2", name="", kind="officer", unit=UNIT, groups=frozenset({"one_stop"}))
FILED = {"scenario": "xac-nhan-tinh-trang-hon-nhan@2/tests/01_truc_tuyen.toml", "steps": 0}


def filed(people: People) -> Case:
    """One more case that waits for the desk."""
    return player(people.app, FILED, {group: officer(group) for group in people.app.catalog.groups})


def at_focus(page: Page) -> str:
    """The row, and its element, that the keys are at."""
    return str(page.evaluate("document.activeElement.closest('tr')?.dataset.row + document.activeElement.textContent"))


def test_the_inbox_is_worked_by_keys_alone(people: People) -> None:
    cases = [filed(people) for _ in range(3)]
    page = people[CLERK].page
    page.goto("/can-bo/")
    page.keyboard.press("/")
    page.keyboard.type("nguyen thi lan")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=nguyen**")
    expect(page.locator("[data-row]").nth(len(cases) - 1)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-row]").first.locator(".tick input")).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-row]").first.locator(".tick input")).not_to_be_checked()
    page.keyboard.press("j")
    second = str(page.locator("[data-row]").nth(1).get_attribute("data-row"))
    page.keyboard.press("c")
    page.wait_for_url("**/viec?**")
    assert second.split()[0] in page.url
    expect(page.get_by_role("button", name="Hoàn thành")).to_be_visible()
    page.goto("/can-bo/")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Phím tắt")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/viec?**")
    assert second.split()[0] not in page.url
    page.keyboard.press("Control+Enter")
    expect(page.locator(".summary")).to_be_focused()
    assert people.problems() == []


def test_what_others_do_shows_by_itself_and_leaves_focus_ticks_and_place_alone(people: People) -> None:
    first, second = filed(people), filed(people)
    page = people[CLERK].page
    page.goto("/can-bo/?free=1")
    rows = {case.id: page.locator(f'[data-row^="{case.id}"]') for case in (first, second)}
    rows[first.id].locator(".tick input").check()
    rows[second.id].locator("[data-open]").focus()
    page.evaluate("window.scrollTo(0, 60)")
    before, place = at_focus(page), page.evaluate("window.scrollY")
    page.evaluate("window.stays = true")
    third = filed(people)
    expect(page.locator(f'[data-row^="{third.id}"]')).to_be_visible(timeout=20_000)
    assert at_focus(page) == before
    assert page.evaluate("window.scrollY") == place
    expect(rows[first.id].locator(".tick input")).to_be_checked()
    key = open_of(third, "check_documents").key
    people.app.handle(ClaimTask(unit=UNIT, case_id=third.id, key=key), OTHER, f"other/{third.id}")
    expect(page.locator(f'[data-row^="{third.id}"]')).to_have_count(0, timeout=20_000)
    assert at_focus(page) == before
    expect(rows[first.id].locator(".tick input")).to_be_checked()
    assert page.evaluate("window.stays"), "the page was never loaded anew"
    assert people.problems() == []
