"""Statistics in a browser: a chart over every table, drawn from it; and the tables alone where no script runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page

from engine.adapters.clock import SteppedClock
from tests.support.axe import violations
from tests.support.browser import Person, serving
from tests.support.counted import files, town
from tests.support.quarter import quarter, write

pytestmark = pytest.mark.browser
NOW = datetime(2023, 3, 22, 9, tzinfo=files().calendar.zone)
LEADER, CLERK = "Nguyễn Văn Bình", "Lê Thị Mai"
PAGES = ("/can-bo/thong-ke?ky=2023-Q1", "/can-bo/thong-ke/ii-06a?ky=2023-Q1", "/can-bo/thong-ke/766?ky=2023-Q1")
PAINTED = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(x => x > 0)"
CHARTS = "() => [...document.querySelectorAll('table[data-chart]')].length"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served house after a quarter of 120 cases."""
    home = tmp_path_factory.mktemp("figures")
    with serving(home, clock=SteppedClock(NOW)) as (app, address):
        write(app.store, list(quarter(town(), 5, 120)))
        app.desk.figures.reporting.nightly(NOW)
        yield address


def sticks_out(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_leader_sees_a_chart_over_every_table_follows_a_number_and_approves(browser: Browser, base: str) -> None:
    leader = Person(browser, base, LEADER)
    for path in (*PAGES, "/thong-ke"):
        leader.page.goto(path)
        charts = leader.page.locator(".chart canvas[role=img]")
        charts.first.wait_for()
        assert charts.count() == leader.page.evaluate(CHARTS) > 0, path
        assert all(charts.nth(n).evaluate(PAINTED) for n in range(charts.count())), path
        assert violations(leader.page) == [], path
    leader.page.goto(PAGES[1])
    number = leader.page.locator("tr.total td a").nth(7)
    count = number.inner_text()
    number.click()
    assert leader.page.locator("h1").inner_text() == f"Đã giải quyết quá hạn: {count} hồ sơ"
    assert leader.page.locator("tbody tr").count() == min(50, int(count))
    leader.page.goto(PAGES[1])
    leader.press("Duyệt báo cáo")
    leader.page.get_by_text("Đã duyệt báo cáo").first.wait_for()
    assert violations(leader.page) == []
    leader.page.set_viewport_size({"width": 360, "height": 800})
    for path in (*PAGES, "/thong-ke"):
        leader.page.goto(path)
        assert not sticks_out(leader.page), path
    assert leader.problems == []  # the policy of the pages let everything through
    leader.context.close()


def test_without_scripts_the_tables_say_it_all(browser: Browser, base: str) -> None:
    clerk = Person(browser, base, CLERK, width=360, scripts=False)
    for path, text in (("/thong-ke", "01/2023"), (PAGES[0], "Kiểm tra hồ sơ")):
        clerk.page.goto(path)
        assert clerk.page.locator("table[data-chart]").first.get_by_text(text).first.is_visible(), path
        assert clerk.page.locator(".chart").count() == 0
        assert clerk.page.locator("table[data-chart] caption").first.is_visible()
    clerk.page.locator("#ky").select_option("2023-01")
    clerk.page.get_by_role("button", name="Xem", exact=True).first.click()
    assert clerk.page.url.endswith("ky=2023-01")
    assert "Tháng 01/2023" in clerk.page.inner_text("main")
    clerk.context.close()
