"""Every address there is, opened by whoever may: axe finds nothing, nothing sticks out on a phone.

Once for each page; with EVERY=1 for each case in its state, each role that may open it, and both widths.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.docs.access_table import CITIZEN, NOBODY, actor_of, columns
from tests.integration import test_every_route as every
from tests.integration.test_access_matrix import signed_in
from tests.integration.test_every_route import Stage
from tests.support.axe import LAPTOP, PHONE, lay_out, too_wide, violations
from tests.support.standins import standing
from web import access

pytestmark = pytest.mark.browser
stage = every.stage  # the same people and cases
EVERYTHING = os.environ.get("EVERY") == "1"


@pytest.fixture(scope="module")
def reader(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A page at home on the host, on which what others were sent is laid out, without scripts."""
    with standing(stage.flask) as address:
        page = browser.new_context(base_url=address).new_page()
        page.goto("/")
        yield page
        page.context.close()


def sent(stage: Stage, client: FlaskClient, column: str) -> Iterator[tuple[str, str]]:
    """(address, page) of every page that this role may open, one for each route unless everything is wanted."""
    actor = actor_of(column)
    for rule in stage.routes:
        declared = access.declared(stage.flask.view_functions[rule.endpoint])
        if declared is None or not declared.allows(actor) or "GET" not in (rule.methods or ()):
            continue
        for path in stage.addresses(rule):
            answer = client.get(path, buffered=True)
            if answer.status_code in (200, 422) and answer.mimetype == "text/html" and "<html" in answer.text:
                yield path, answer.text
                if not EVERYTHING:
                    break


def faults(page: Page, path: str, text: str) -> Iterator[str]:
    """What is wrong with the page as it was sent: at the width it is made for, or at both."""
    home = lay_out(page, text)
    for width in (PHONE, LAPTOP):
        if wide := too_wide(page, width):
            yield f"{path} {wide}"
        if width == home or EVERYTHING:
            yield from (f"{path} at {width}: {one}" for one in violations(page))


def test_every_page_is_clean_for_whoever_may_open_it(reader: Page, stage: Stage) -> None:
    names = columns(stage.flask)
    roles = names if EVERYTHING else [NOBODY, CITIZEN, "one_stop", "chairman", *names]
    seen, wrong = set[str](), list[str]()
    for column in dict.fromkeys(roles):
        for path, text in sent(stage, stage.client(signed_in(stage, column)), column):
            if path in seen and not EVERYTHING:
                continue
            seen.add(path)
            wrong += faults(reader, path, text)
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 60
