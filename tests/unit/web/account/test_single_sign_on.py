"""Single sign-on with an honest provider and with one that lies, and by people who try something."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.outside import Visitor
from tests.support.web_client import Browser
from tests.unit.web.account.conftest import Around
from tests.unit.web.fake_house import PASSWORD
from web.auth import COOKIE

LAN, HOA, SAU = 0, 1, 2  # the people of the demonstration in their order
REFUSED = "không xác nhận những thông tin này"


def away(one: Browser, query: str = "") -> str:
    answer = one.client.get(f"/dang-nhap/sso{query}")
    assert answer.status_code == 302
    return str(answer.location)


def through(around: Around, address: str, user: int, *, again: bool = False) -> str:
    """What the provider's page sends the browser back with: path and query."""
    where = urlsplit(address)
    visitor = Visitor(around.outside.app)
    page = visitor.get(f"{where.path}?{where.query}")
    assert "anh/chị là ai" in page, page
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = visitor.client.post(where.path, data={**fields, "user": str(user)})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_the_way_out_carries_state_nonce_and_a_challenge(browser: Any, around: Around) -> None:
    one = browser()
    asked = parse_qs(urlsplit(away(one)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["acr_values"] == ["LoA1 LoA2"]
    other = parse_qs(urlsplit(away(one)).query)
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_somebody_new_gets_an_account_at_the_level_the_provider_says(browser: Any, around: Around) -> None:
    one = browser()
    answer = one.client.get(through(around, away(one, "?next=/tai-khoan"), SAU))
    assert (answer.status_code, answer.location) == (302, "/tai-khoan")
    page = one.get("/tai-khoan")
    assert "Đặng Văn Sáu" in page
    assert "mức 1" in page
    made = around.house.accounts.by_login("079060009876")
    assert made is not None
    assert (made.profile["assurance"], made.profile["proven_by"]) == (1, "idp")
    assert made.profile["birth_date"] == "1960-01-02"
    other = browser()
    other.get("/dang-nhap")
    other.post("/dang-nhap", {"login": "079060009876", "password": "!"}, 422)


def test_the_second_time_the_same_account_opens(browser: Any, around: Around) -> None:
    for _ in range(2):
        one = browser()
        one.client.get(through(around, away(one), HOA))
        assert "Phạm Thị Hoa" in one.get("/tai-khoan")
    assert len([p for p in around.house.accounts.people.values() if p.name == "Phạm Thị Hoa"]) == 1


def test_an_account_of_the_same_number_is_linked_only_by_its_password(browser: Any, around: Around) -> None:
    lan = around.house.accounts.people["id-lan"]
    around.house.people.recovering.known_by(lan, "079190001234")
    one = browser()
    answer = one.client.get(through(around, away(one, "?next=/ho-so"), LAN))
    assert answer.location == "/dang-nhap/sso/lien-ket"
    assert not one.client.get_cookie(COOKIE)
    one.get("/dang-nhap/sso/lien-ket")
    one.post("/dang-nhap/sso/lien-ket", {"password": "sai"}, 422)
    assert not one.client.get_cookie(COOKIE)
    assert one.post("/dang-nhap/sso/lien-ket", {"password": PASSWORD}).location == "/ho-so"
    other = browser()
    assert other.client.get(through(around, away(other), LAN)).location != "/dang-nhap/sso/lien-ket"
    assert "Đã liên kết" in other.get("/tai-khoan")


def test_guessing_the_password_while_linking_is_counted(browser: Any, around: Around) -> None:
    around.house.people.recovering.known_by(around.house.accounts.people["id-lan"], "079190001234")
    one = browser()
    one.client.get(through(around, away(one), LAN))
    one.get("/dang-nhap/sso/lien-ket")
    token = one.hidden("csrf_token")
    for _ in range(10):
        one.post("/dang-nhap/sso/lien-ket", {"password": "sai", "csrf_token": token}, 422)
    one.post("/dang-nhap/sso/lien-ket", {"password": PASSWORD, "csrf_token": token}, 429)
    assert not one.client.get_cookie(COOKIE)


@pytest.mark.parametrize("lie", ["nonce", "audience", "expired", "issuer", "unsigned", "stranger", "nameless"])
def test_a_provider_that_lies_lets_nobody_in(browser: Any, around: Around, lie: str) -> None:
    around.outside.book.turn("idp", lie=lie)
    one = browser()
    answer = one.client.get(through(around, away(one), HOA))
    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert not one.client.get_cookie(COOKIE)
    assert around.house.accounts.by_login("079188005678") is None


def test_a_provider_that_is_away_or_refuses_is_told_of(browser: Any, around: Around) -> None:
    one = browser()
    back = through(around, away(one), HOA)
    around.outside.wire.broken = True
    assert one.client.get(back).status_code == 503
    around.outside.wire.broken = False
    back = through(around, away(one), -1)
    assert "error=access_denied" in back
    answer = one.client.get(back)
    assert answer.status_code == 422
    assert "dừng đăng nhập" in answer.text


def test_an_answer_is_good_once_and_only_in_the_browser_that_left(browser: Any, around: Around) -> None:
    one, other = browser(), browser()
    back = through(around, away(one), HOA)
    away(other)
    assert other.client.get(back).status_code == 422
    assert browser().client.get(back).status_code == 422
    assert one.client.get(back).status_code == 302
    one.get("/tai-khoan")
    one.post("/dang-xuat", {})
    assert one.client.get(back).status_code == 422


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=", "?state=a.b", "?code=x&state=a.b", "?code=x&state=%00"]
)
def test_forged_answers_are_refused(browser: Any, around: Around, query: str) -> None:
    one = browser()
    away(one)
    assert one.client.get(f"/dang-nhap/sso/ve{query}").status_code == 422
    assert not one.client.get_cookie(COOKIE)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_afterwards(browser: Any, around: Around, target: str) -> None:
    one = browser()
    answer = one.client.get(through(around, away(one, f"?next={target}"), HOA))
    assert answer.location == "/"


def test_a_trip_that_takes_too_long_begins_anew(browser: Any, around: Around) -> None:
    one = browser()
    back = through(around, away(one), HOA)
    around.clock.go(minutes=11)
    assert one.client.get(back).status_code == 422


def test_what_a_person_changed_is_not_overwritten_and_the_highest_level_stays(browser: Any, around: Around) -> None:
    one = browser()
    one.client.get(through(around, away(one), 4))  # the same person is known at levels 1 and 2
    one.get("/tai-khoan/thong-tin")
    one.post("/tai-khoan/thong-tin", {"address": "Chỗ mới"})
    other = browser()
    other.client.get(through(around, away(other), 3))
    made = around.house.accounts.by_login("079095002468")
    assert made is not None
    assert (made.profile["assurance"], made.profile["address"]) == (2, "Chỗ mới")


def test_without_a_provider_there_is_no_such_way(browser: Any, house: Any) -> None:
    one = browser()
    assert "Đăng nhập qua" not in one.get("/dang-nhap")
    assert one.client.get("/dang-nhap/sso").status_code == 422
