"""A session that ends while somebody types: the words come through signing in, and are sent again by a press."""

from __future__ import annotations

import html
import json
import re

import pytest

from engine.commands.messages import ClaimTask, CompleteTask
from tests.unit.web.fake_house import PASSWORD

KEY = "call_intake%231/check_documents%231"
PAGE = f"/can-bo/ho-so/case1/viec?key={KEY}"
WORDS = "Thiếu <trang> 3\nvà “chữ ký”"


def at_work(browser):
    """A clerk with a claimed task on the screen whose session is over."""
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    mai.client.delete_cookie("motcua_session")
    return mai


def sent_too_late(mai):
    return mai.post(PAGE, {"_action": "complete", "decision": "supplement", "reason": WORDS}, 401)


def form_of(page: str, button: str) -> tuple[str, dict[str, str]]:
    """Address and hidden fields of the form with this button."""
    (form,) = (one for one in re.findall(r"<form.*?</form>", page, re.S) if button in one)
    action = re.search(r'action="([^"]*)"', form)
    assert action
    fields = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return html.unescape(action[1]), {name: html.unescape(value) for name, value in fields}


def sign_in(mai, page: str, password: str = PASSWORD, status: int = 200) -> str:
    address, fields = form_of(page, "Đăng nhập")
    answer = mai.client.post(address, data={**fields, "login": "mai", "password": password})
    assert answer.status_code == status
    return answer.text


@pytest.fixture
def page(browser, house):
    """The page that says the session is over, without the small form for other ways of signing in."""
    mai = at_work(browser)
    text = sent_too_late(mai).text
    return mai, text[: text.index("Đăng nhập bằng cách khác?")] + "</form>"


def test_after_signing_in_again_one_press_records_what_was_typed(page, house):
    mai, over = page
    assert "Phiên làm việc đã hết" in over
    assert not any(isinstance(one, CompleteTask) for one in house.handled)
    kept = sign_in(mai, over)
    assert "Lê Thị Mai" in kept
    assert html.escape(WORDS.split("\n")[0]) in kept
    address, fields = form_of(kept, "Gửi lại")
    assert mai.client.post(address, data=fields).status_code == 302
    done = house.handled[-1]
    assert isinstance(done, CompleteTask)
    assert done.data == {"decision": "supplement", "reason": WORDS}


def test_a_wrong_password_in_between_loses_nothing(page):
    mai, over = page
    again = sign_in(mai, over, "sai", 422)
    kept = sign_in(mai, again[: again.index("Người dùng thử")].replace("Quên mật khẩu", ""))
    assert html.escape(WORDS.split("\n")[0]) in kept


def test_a_press_twice_records_once(page, house):
    mai, over = page
    address, fields = form_of(sign_in(mai, over), "Gửi lại")
    for _ in range(2):
        assert mai.client.post(address, data=fields).status_code == 302
    assert sum(isinstance(one, CompleteTask) for one in house.handled) == 1


def test_who_signed_in_at_another_tab_is_asked_once_more_and_then_heard(browser, house):
    mai = at_work(browser)
    over = sent_too_late(mai).text
    address, fields = form_of(over, "Gửi lại")
    mai.sign_in("id-mai")
    asked = mai.client.post(address, data=fields)
    assert asked.status_code == 400, "the token was the old session's"
    address, fields = form_of(asked.text, "Gửi lại")
    assert mai.client.post(address, data=fields).status_code == 302
    assert house.handled[-1].data["reason"] == WORDS


def test_somebody_else_at_the_same_desk_is_told_who_holds_the_task_and_the_words_stay(page, house, browser):
    mai, over = page
    address, fields = form_of(over, "Đăng nhập")
    kept = mai.client.post(address, data={**fields, "login": "tam", "password": PASSWORD}).text
    assert "Võ Minh Tâm" in kept
    handled = len(house.handled)
    address, fields = form_of(kept, "Gửi lại")
    house.refuse = None
    answer = mai.client.post(address, data=fields)
    assert answer.status_code in (302, 409, 422)
    assert all(not isinstance(one, ClaimTask) for one in house.handled[handled:])


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "x",
        "[]",
        "null",
        '["/can-bo/", [["a"]], []]',
        '["/can-bo/", [["a", 1]], []]',
        '["https://elsewhere.vn/", [["a", "b"]], []]',
        '["//elsewhere.vn", [], []]',
        "[1, [], []]",
    ],
)
def test_what_is_mangled_or_leads_elsewhere_is_not_carried(browser, carried):
    mai = browser()
    mai.get("/dang-nhap")
    answer = mai.post("/dang-nhap", {"login": "mai", "password": PASSWORD, "carried": carried})
    assert answer.location == "/can-bo/"


def test_passwords_are_never_carried(browser):
    mai = browser("id-lan")
    mai.get("/tai-khoan")
    mai.client.delete_cookie("motcua_session")
    page = mai.post("/tai-khoan/mat-khau", {"password": "bí mật cũ", "again": "bí mật mới"}, 401).text
    assert "bí mật" not in page
    assert "carried" not in page


def test_pages_of_the_session_that_ended_are_opened_again_after_signing_in(browser):
    mai = browser("id-mai")
    mai.client.delete_cookie("motcua_session")
    assert mai.client.get(PAGE).location.startswith("/dang-nhap?next=")


def test_what_is_carried_has_no_token_of_the_old_session(page):
    _, over = page
    _, fields = form_of(over, "Đăng nhập và giữ nội dung")
    address, pairs, files = json.loads(fields["carried"])
    assert address.startswith("/can-bo/ho-so/case1/viec?key=")
    assert "csrf_token" not in dict(pairs)
    assert dict(pairs)["reason"] == WORDS
    assert files == []
