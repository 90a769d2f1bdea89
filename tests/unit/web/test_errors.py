"""Refusals become statuses and pages in one place."""

from __future__ import annotations

import io
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


def away(*_args, **_named):
    raise domain.DatabaseUnavailableError(reason="connection to server at 10.0.0.7 failed")


def test_without_a_database_a_form_is_kept_and_can_be_sent_again_as_it_was(browser, house, monkeypatch, caplog):
    lan = browser("id-lan")
    lan.get("/ho-so/case1")
    key, here = lan.hidden("_key"), house.accounts.session
    monkeypatch.setattr(house.accounts, "session", away)
    answer = lan.post("/ho-so/case1/lam", {"_action": "comment", "text": "Xin <trả> sớm"}, 503)
    assert answer.headers["Retry-After"] == "5"
    assert "Gửi lại" in answer.text
    assert "Xin &lt;trả&gt; sớm" in answer.text
    assert "10.0.0.7" not in answer.text
    assert "10.0.0.7" in caplog.text
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert (sent["_key"], sent["_action"], 'action="/ho-so/case1/lam"' in answer.text) == (key, "comment", True)
    monkeypatch.setattr(house.accounts, "session", here)
    lan.post("/ho-so/case1/lam", {**sent, "text": "Xin <trả> sớm"})
    assert house.handled[-1].text == "Xin <trả> sớm"


def test_without_a_database_a_page_offers_to_be_read_again_with_its_question(browser, house, monkeypatch):
    monkeypatch.setattr(house, "case_by_code", away)
    page = browser().get("/tra-cuu?code=H29-1", 503)
    assert 'method="get" action="/tra-cuu"' in page
    assert 'name="code" value="H29-1"' in page


def test_a_password_is_never_printed_to_be_sent_again(browser, house, monkeypatch):
    one = browser()
    one.get("/dang-nhap")
    monkeypatch.setattr(house.accounts, "count_attempt", away)
    page = one.post("/dang-nhap", {"login": "lan", "password": "mật khẩu"}, 503).text
    assert "mật khẩu" not in page
    assert "không trả lời" in page


def test_files_of_a_form_that_could_not_be_sent_are_named(browser, house, monkeypatch):
    lan = browser("id-lan")
    lan.get("/ho-so/case1")
    monkeypatch.setattr(house.accounts, "session", away)
    page = lan.post("/ho-so/case1/lam", {"text": "x", "tep": (io.BytesIO(b"1"), "giấy tờ.pdf")}, 503).text
    assert "giấy tờ.pdf" in page


def test_machines_are_told_when_to_come_again(browser, house, monkeypatch):
    monkeypatch.setattr(house, "health", away)
    answer = browser().client.get("/health/ready")
    assert (answer.status_code, answer.json["error"]) == (503, "database_unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_a_page_that_says_the_database_is_away_does_not_ask_it(flask_app, browser, monkeypatch):
    lan = browser("id-lan")

    def away(*_: object, **__: object) -> None:
        raise domain.DatabaseUnavailableError(reason="down")

    house = flask_app.extensions["motcua"]
    monkeypatch.setattr(type(house.notices), "unread", away)
    monkeypatch.setattr(type(house.queries), "my_cases", away)
    page = lan.get("/ho-so", 503)
    assert "Cơ sở dữ liệu hiện không trả lời" in page
    assert "Thông báo" in page


def test_what_cannot_be_noted_is_not_shown(flask_app, browser, monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise domain.DatabaseUnavailableError(reason="down")

    mai, house = browser("id-mai"), flask_app.extensions["motcua"]
    mai.get("/can-bo/ho-so/case1")
    monkeypatch.setattr(type(house.following.looks), "note", away)
    assert "Nguyễn Thị Lan" not in mai.get("/can-bo/ho-so/case1", 503)
