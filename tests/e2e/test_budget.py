"""What a phone has to fetch for the pages of citizens: few requests, little script, nothing from elsewhere."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Response

from tests.support.browser import People, Person

KB = 1024
SCRIPT, STYLE, PAGE, FONTS, REQUESTS = 60 * KB, 40 * KB, 40 * KB, 120 * KB, 16
PACKED = ("script", "stylesheet", "document")
PAGES = ("/", "/thu-tuc/1.004873", "/thu-tuc/1.004873/nop", "/tra-cuu", "/ho-so", "/ho-so/<case>")


@dataclass
class Fetched:
    """Bytes by kind, compressed as they would travel, and the number of requests."""

    requests: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, answer: Response) -> None:
        """Count an answer; its body is packed here where it may be packed on the way."""
        if answer.url.startswith(("data:", "blob:")) or answer.status >= 300:
            return
        kind, body = answer.request.resource_type, answer.body()
        self.requests += 1
        size = len(gzip.compress(body)) if kind in PACKED else len(body)
        self.kinds[kind] = self.kinds.get(kind, 0) + size


@pytest.fixture(scope="module")
def lan(people: People) -> Person:
    """A citizen with a phone."""
    return people.newcomer("Nguyễn Thị Lan", width=360)


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_on_a_phone_stays_within_its_budget(people: People, lan: Person, path: str) -> None:
    cases = [people.app.store.case(*ids) for ids in people.app.store.case_ids()]
    own = next(case.id for case in cases if case and case.applicant["account"] == "citizen1")
    page, fetched = lan.context.new_page(), Fetched()
    page.on("response", fetched.add)
    page.route("**/*", lambda route: route.continue_())  # with a route in its way the browser keeps nothing
    page.goto(path.replace("<case>", own), wait_until="networkidle")
    page.close()
    assert fetched.kinds["document"] <= PAGE, fetched
    assert fetched.kinds["script"] <= SCRIPT, fetched
    assert fetched.kinds["stylesheet"] <= STYLE, fetched
    assert fetched.kinds.get("font", 0) <= FONTS, fetched
    assert fetched.requests <= REQUESTS, fetched
    assert lan.problems == []
