"""A forgotten password, by people and by those who try numbers out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from tests.support.web_client import Browser
from tests.unit.web.account.conftest import Around
from tests.unit.web.fake_house import PASSWORD
from web.auth import ATTEMPTS_PER_LOGIN, COOKIE

NEW = {"password": "Mới Toanh 7", "again": "Mới Toanh 7"}


def asked(browser: Any, login: str = "lan", way: str = "sms") -> Browser:
    one: Browser = browser()
    one.get("/quen-mat-khau")
    one.post("/quen-mat-khau", {"login": login, "way": way}, 302 if way == "sms" else 200)
    return one


def bare(page: str) -> str:
    return re.sub(r'value="[^"]{20,}"', "", page)


def test_a_code_to_the_phone_lets_set_a_password_and_ends_every_session(browser: Any, around: Around) -> None:
    before = browser("id-lan")
    one = asked(browser)
    assert around.house.messages.sent[-1]["recipient"] == "0903000111"
    one.get("/quen-mat-khau/ma")
    one.post("/quen-mat-khau/ma", {"code": around.code()})
    one.get("/quen-mat-khau/moi")
    one.post("/quen-mat-khau/moi", {"password": "yếu", "again": "yếu"}, 422)
    one.post("/quen-mat-khau/moi", NEW)
    before.get("/ho-so", 302)
    one.get("/dang-nhap")
    one.post("/dang-nhap", {"login": "lan", "password": PASSWORD}, 422)
    one.post("/dang-nhap", {"login": "lan", "password": unicodedata.normalize("NFD", NEW["password"])})
    assert one.client.get_cookie(COOKIE)


def test_a_lock_is_lifted_by_a_new_password(browser: Any, around: Around) -> None:
    locked = browser()
    locked.get("/dang-nhap")
    token = locked.hidden("csrf_token")
    for _ in range(ATTEMPTS_PER_LOGIN):
        locked.post("/dang-nhap", {"login": "lan", "password": "sai", "csrf_token": token}, 422)
    locked.post("/dang-nhap", {"login": "lan", "password": PASSWORD, "csrf_token": token}, 429)
    assert "đặt lại mật khẩu để vào ngay" in locked.page
    one = asked(browser)
    one.get("/quen-mat-khau/ma")
    one.post("/quen-mat-khau/ma", {"code": around.code()})
    one.get("/quen-mat-khau/moi")
    one.post("/quen-mat-khau/moi", NEW)
    locked.post("/dang-nhap", {"login": "lan", "password": NEW["password"], "csrf_token": token})


@pytest.mark.parametrize("way", ["sms", "email"])
def test_known_and_unknown_logins_get_the_same_pages(browser: Any, around: Around, way: str) -> None:
    pages = []
    for login in ("lan", "nobody", "mai"):
        one = asked(browser, login, way)
        if way == "sms":
            one.get("/quen-mat-khau/ma")
        pages.append(bare(one.page))
        if way == "sms":
            one.post("/quen-mat-khau/ma", {"code": "12345"}, 422)
            pages[-1] += bare(one.page)
    assert pages[0] == pages[1] == pages[2]


def test_an_officer_gets_no_code_and_an_account_without_phone_neither(browser: Any, around: Around) -> None:
    accounts = around.house.accounts
    accounts.put(replace(accounts.people["id-hung"], profile={}))
    for login in ("mai", "hung", "nobody"):
        asked(browser, login)
    assert around.house.messages.sent == []


def test_a_link_by_mail_is_good_once_and_not_spent_by_looking_at_it(browser: Any, around: Around) -> None:
    accounts = around.house.accounts
    accounts.put(replace(accounts.people["id-lan"], profile={"email": "lan@example.vn"}))
    asked(browser, "lan", "email")
    path = around.house.messages.sent[-1]["data"]["path"]
    browser().client.get(path)  # a mail program looks first
    one = browser()
    assert one.client.get(path).location == "/quen-mat-khau/moi"
    one.get("/quen-mat-khau/moi")
    one.post("/quen-mat-khau/moi", NEW)
    other = browser()
    other.client.get(path)
    other.get("/quen-mat-khau/moi")
    other.post("/quen-mat-khau/moi", {"password": "Khác hẳn 1.", "again": "Khác hẳn 1."}, 422)
    assert "Hãy lấy mã mới" in other.page


def test_a_link_runs_out(browser: Any, around: Around) -> None:
    accounts = around.house.accounts
    accounts.put(replace(accounts.people["id-lan"], profile={"email": "lan@example.vn"}))
    asked(browser, "lan", "email")
    around.clock.go(minutes=15)
    one = browser()
    one.client.get(around.house.messages.sent[-1]["data"]["path"])
    one.get("/quen-mat-khau/moi")
    one.post("/quen-mat-khau/moi", NEW, 422)


@pytest.mark.parametrize("secret", ["x", "a.b", ".", "%00", "x" * 400])
def test_made_up_links_open_nothing(browser: Any, around: Around, secret: str) -> None:
    one = browser()
    one.client.get(f"/quen-mat-khau/lien-ket/{secret}")
    one.get("/quen-mat-khau/moi")
    one.post("/quen-mat-khau/moi", NEW, 422)


def test_codes_cannot_be_guessed_nor_asked_for_without_end(browser: Any, around: Around) -> None:
    one = asked(browser)
    one.get("/quen-mat-khau/ma")
    wrong = "000000" if around.code() != "000000" else "111111"
    for _ in range(5):
        one.post("/quen-mat-khau/ma", {"code": wrong}, 422)
    one.post("/quen-mat-khau/ma", {"code": around.code()}, 422)
    for _ in range(4):
        asked(browser)
    other = browser()
    other.get("/quen-mat-khau")
    other.post("/quen-mat-khau", {"login": "lan"}, 429)
    assert "đợi 15 phút" in other.page


def test_a_code_of_one_browser_is_of_no_use_in_another(browser: Any, around: Around) -> None:
    asked(browser)
    code = around.code()
    other = asked(browser, "hung")
    other.get("/quen-mat-khau/ma")
    other.post("/quen-mat-khau/ma", {"code": code}, 422)
    assert browser().client.get("/quen-mat-khau/ma").status_code == 302
    assert browser().client.get("/quen-mat-khau/moi").status_code == 302


def test_an_empty_login_is_asked_for(browser: Any, around: Around) -> None:
    one = browser()
    one.get("/quen-mat-khau")
    one.post("/quen-mat-khau", {"login": " "}, 422)
    assert 'href="#login"' in one.page
