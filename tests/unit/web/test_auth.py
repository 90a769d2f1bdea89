"""Signing in and out."""

from __future__ import annotations

import unicodedata

import pytest

from tests.unit.web.fake_house import PASSWORD
from web.auth import ATTEMPTS_PER_LOGIN, COOKIE, safe_next, token_hash


def test_login_and_password_open_a_session_whose_token_only_the_browser_has(browser, house):
    one = browser()
    one.get("/dang-nhap")
    answer = one.post("/dang-nhap", {"login": " LAN ", "password": PASSWORD})
    cookie = answer.headers.getlist("Set-Cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = one.client.get_cookie(COOKIE).value
    assert token not in house.accounts.sessions
    assert house.accounts.sessions == {token_hash(token): "id-lan"}


def test_a_password_typed_in_decomposed_letters_is_the_same(browser):
    one = browser()
    one.get("/dang-nhap")
    one.post("/dang-nhap", {"login": "lan", "password": unicodedata.normalize("NFD", PASSWORD)})


@pytest.mark.parametrize(("login", "password"), [("lan", "sai"), ("nobody", PASSWORD), ("", ""), ("lan", "")])
def test_a_wrong_password_and_an_unknown_login_are_answered_alike(browser, login, password):
    one = browser()
    one.get("/dang-nhap")
    one.post("/dang-nhap", {"login": login, "password": password}, 422)
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in one.page
    assert not one.client.get_cookie(COOKIE)


def test_tries_are_counted_and_the_right_password_no_longer_helps(browser):
    one = browser()
    one.get("/dang-nhap")
    token = one.hidden("csrf_token")
    for _ in range(ATTEMPTS_PER_LOGIN):
        one.post("/dang-nhap", {"login": "lan", "password": "sai", "csrf_token": token}, 422)
    one.post("/dang-nhap", {"login": "lan", "password": PASSWORD, "csrf_token": token}, 429)
    assert "quá nhiều lần" in one.page


def test_signing_out_ends_the_session_on_the_server(browser, house):
    lan = browser("id-lan")
    kept = lan.client.get_cookie(COOKIE).value
    lan.get("/ho-so")
    lan.post("/dang-xuat", {})
    assert house.accounts.sessions == {}
    lan.client.set_cookie(COOKIE, kept)
    lan.get("/ho-so", 302)


def test_signing_in_again_ends_the_session_before(browser, house):
    one = browser("id-lan")
    first = set(house.accounts.sessions)
    one.client.delete_cookie("motcua_form")
    one.get("/tra-cuu")
    one.get("/")
    token_page = one.client.get("/dang-nhap")
    assert token_page.status_code == 302
    one.get("/ho-so")
    one.post("/dang-nhap/thu", {"account": "id-mai"})
    assert not first & set(house.accounts.sessions)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "",
        None,
        "/a\nb",
        "ho-so",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(target):
    assert safe_next(target) is None


def test_after_signing_in_one_is_where_one_wanted_to_be(browser):
    one = browser()
    assert one.client.get("/ho-so/case1?x=1").location == "/dang-nhap?next=/ho-so/case1?x%3D1"
    one.get("/dang-nhap?next=/ho-so/case1")
    answer = one.post("/dang-nhap/thu", {"account": "id-lan", "next": "/ho-so/case1"})
    assert answer.location == "/ho-so/case1"
    answer = browser().client.get("/dang-nhap?next=//evil.example")
    assert 'name="next"' not in answer.text


def test_a_forged_or_empty_cookie_is_nobody(browser):
    one = browser()
    for value in ("", "x", "' OR 1=1", "a" * 3000):
        one.client.set_cookie(COOKIE, value)
        one.get("/ho-so", 302)
