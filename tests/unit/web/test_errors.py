"""Refusals become statuses and pages in one place."""

from __future__ import annotations

import re

import pytest

from engine.domain import errors as domain
from engine.domain.calendar import UncoveredDateError
from web import errors


def offspring(parent: type[domain.DomainError]) -> set[type[domain.DomainError]]:
    return {one for child in parent.__subclasses__() for one in (child, *offspring(child))}


def test_every_refusal_of_the_domain_has_a_status():
    codes = {one.code for one in offspring(domain.DomainError) if one.__module__.startswith("engine.domain.")}
    assert UncoveredDateError.code in codes
    assert codes <= set(errors.STATUSES)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (domain.FormInvalidError({"a": ["b"]}), 422),
        (domain.StaleVersionError(), 409),
        (domain.TaskTakenError(assignee="x"), 409),
        (domain.TaskNotOpenError(), 409),
        (domain.CaseEndedError(), 409),
        (domain.NotFoundError(what="x", id="1"), 404),
        (domain.ForbiddenError(), 403),
        (domain.NothingWaitsError(), 409),
        (domain.DuplicateCommandError(), 409),
    ],
)
def test_statuses_are_as_agreed(error, status):
    assert errors.status_of(error) == status


def test_the_page_speaks_vietnamese_then_english_with_a_reference(browser):
    page = browser().get("/khong-co", 404)
    assert page.index("Không tìm thấy trang này") < page.index("There is no such page")
    assert re.search(r"Số tham chiếu: [0-9A-F]{10}", page)


@pytest.mark.parametrize(("path", "status"), [("/khong-co", 404), ("/can-bo", 308), ("/dang-xuat", 405)])
def test_http_errors_have_pages_of_their_own(browser, path, status):
    browser().get(path, status)


def test_too_much_is_said_to_be_too_much(flask_app, browser):
    flask_app.config["MAX_CONTENT_LENGTH"] = 1000
    lan = browser("id-lan")
    lan.get("/ho-so/case1")
    page = lan.post("/ho-so/case1/lam", {"_action": "comment", "text": "x" * 5000}, 413).text
    assert "quá lớn" in page


def test_an_unforeseen_error_tells_nothing_of_itself(browser, house, caplog):
    def explode(code):
        raise RuntimeError("password=hunter2")

    house.case_by_code = explode
    page = browser().get("/tra-cuu?code=X", 500)
    assert "hunter2" not in page
    assert "Dữ liệu đã lưu không bị mất" in page
    assert "hunter2" in caplog.text


def test_machines_get_json(browser, house):
    one = browser()
    assert one.client.get("/health/ready").status_code == 200
    house.health = lambda: {"database": True, "migrated": False, "jobs": 0}
    assert one.client.get("/health/ready").status_code == 503
    answer = one.client.get("/api/payments/notice")
    assert answer.status_code == 405
    assert answer.json["error"] == "http_405"
