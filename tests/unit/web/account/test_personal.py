"""The personal page, what needs a code first, and sessions."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from engine.domain.errors import DatabaseBusyError
from tests.unit.web.account.conftest import Around
from tests.unit.web.fake_house import PASSWORD
from web.account.devices import device
from web.auth import COOKIE

NEW = {"password": "Mới Toanh 7", "again": "Mới Toanh 7"}


def raised(browser: Any, around: Around, account: str = "id-lan", to: str = "/tai-khoan") -> Any:
    one = browser(account)
    one.get(f"/tai-khoan/xac-nhan?next={to}")
    one.post("/tai-khoan/xac-nhan", {"_action": "send", "next": to}, 200)
    one.post("/tai-khoan/xac-nhan", {"code": around.code(), "next": to})
    return one


def test_the_page_shows_what_is_kept_with_the_number_masked(browser: Any, around: Around) -> None:
    page = browser("id-lan").get("/tai-khoan")
    assert "079190001234" not in page
    assert "•••••••••234" in page
    assert "mức 2" in page
    assert "chưa xác nhận" in page


def test_the_number_is_shown_once_after_a_code_and_that_is_written_down(
    browser: Any, around: Around, caplog: pytest.LogCaptureFixture
) -> None:
    one = browser("id-lan")
    one.get("/tai-khoan")
    assert "/tai-khoan/xac-nhan" in one.post("/tai-khoan/so-dinh-danh", {}).location
    one = raised(browser, around)
    one.get("/tai-khoan")
    with caplog.at_level(logging.INFO, "motcua.account"):
        one.post("/tai-khoan/so-dinh-danh", {})
    assert "079190001234" in one.get("/tai-khoan")
    assert "079190001234" not in one.get("/tai-khoan")
    assert "id number shown account=id-lan" in caplog.text
    assert "079190001234" not in caplog.text


def test_details_are_changed_and_those_vouched_for_are_not(browser: Any, around: Around) -> None:
    accounts = around.house.accounts
    known = accounts.people["id-lan"]
    accounts.put(replace(known, profile={**known.profile, "proven": ["name"]}))
    one = browser("id-lan")
    page = one.get("/tai-khoan/thong-tin")
    assert 'name="birth_date"' in page
    assert 'name="name"' not in page
    one.post("/tai-khoan/thong-tin", {"birth_date": "40/1/1990"}, 422)
    assert 'value="40/1/1990"' in one.page
    sent = {"birth_date": "5/9/1990", "name": "Kẻ Khác", "address": "12 ấp 3", "id_number": "1", "assurance": "2"}
    one.post("/tai-khoan/thong-tin", sent)
    after = accounts.people["id-lan"]
    assert (after.name, after.profile["birth_date"], after.profile["address"]) == (
        "Nguyễn Thị Lan",
        "1990-09-05",
        "12 ấp 3",
    )
    assert after.profile["id_number"] == "079190001234"


@pytest.mark.parametrize("path", ["/tai-khoan/dien-thoai", "/tai-khoan/thu-dien-tu", "/tai-khoan/mat-khau"])
def test_what_matters_asks_for_a_code_first(browser: Any, around: Around, path: str) -> None:
    one = browser("id-lan")
    one.get("/tai-khoan")
    assert one.client.get(path).location == f"/tai-khoan/xac-nhan?next={path}"
    one.post(path, {"value": "0905111222", **NEW})
    assert around.house.messages.sent == []
    one = raised(browser, around, to=path)
    one.get(path)
    around.clock.go(minutes=11)
    assert one.client.get(path).location == f"/tai-khoan/xac-nhan?next={path}"


def test_from_which_assurance_on_a_code_is_asked_is_a_setting(browser: Any, around: Around) -> None:
    around.house.catalog.settings = {**around.house.catalog.settings, "step_up": {"minutes": 10, "email": 3}}
    one = browser("id-lan")
    one.get("/tai-khoan/thu-dien-tu")
    assert one.client.get("/tai-khoan/dien-thoai").status_code == 302


def test_a_new_phone_number_has_to_be_confirmed_from_itself(browser: Any, around: Around) -> None:
    one = raised(browser, around)
    one.get("/tai-khoan/dien-thoai")
    one.post("/tai-khoan/dien-thoai", {"value": "123"}, 422)
    one.post("/tai-khoan/dien-thoai", {"value": "+84 905 111 222"})
    assert around.house.messages.sent[-1]["recipient"] == "0905111222"
    one.get("/tai-khoan/dien-thoai/ma")
    one.post("/tai-khoan/dien-thoai/ma", {"code": "12"}, 422)
    assert around.house.accounts.people["id-lan"].profile["phone"] == "0903000111"
    one.post("/tai-khoan/dien-thoai/ma", {"code": around.code()})
    profile = around.house.accounts.people["id-lan"].profile
    assert (profile["phone"], profile["phone_verified"]) == ("0905111222", True)


def test_a_new_address_is_confirmed_by_mail_and_codes_do_not_mix(browser: Any, around: Around) -> None:
    one = raised(browser, around)
    one.get("/tai-khoan/thu-dien-tu")
    one.post("/tai-khoan/thu-dien-tu", {"value": "lan@example.vn"})
    sent = around.house.messages.sent[-1]
    assert (sent["channel"], sent["recipient"], sent["template"]) == ("email", "lan@example.vn", "email_code")
    one.get("/tai-khoan/dien-thoai/ma")
    one.post("/tai-khoan/dien-thoai/ma", {"code": around.code()}, 422)
    one.get("/tai-khoan/thu-dien-tu/ma")
    one.post("/tai-khoan/thu-dien-tu/ma", {"code": around.code()})
    assert around.house.accounts.people["id-lan"].profile["email_verified"] is True


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(browser: Any, around: Around) -> None:
    other = browser("id-lan")
    one = raised(browser, around)
    before = one.client.get_cookie(COOKIE).value
    one.get("/tai-khoan/mat-khau")
    one.post("/tai-khoan/mat-khau", NEW)
    assert one.client.get_cookie(COOKIE).value != before
    assert "Đã đổi mật khẩu" in one.get("/tai-khoan")
    other.get("/ho-so", 302)
    other.get("/dang-nhap")
    other.post("/dang-nhap", {"login": "lan", "password": PASSWORD}, 422)


def test_without_a_phone_the_password_proves_it_again(browser: Any, around: Around) -> None:
    accounts = around.house.accounts
    accounts.put(replace(accounts.people["id-lan"], profile={}))
    one = browser("id-lan")
    one.get("/tai-khoan/xac-nhan?next=/tai-khoan/dien-thoai")
    one.post("/tai-khoan/xac-nhan", {"password": "sai", "next": "/tai-khoan/dien-thoai"}, 422)
    answer = one.post("/tai-khoan/xac-nhan", {"password": PASSWORD, "next": "/tai-khoan/dien-thoai"})
    assert answer.location == "/tai-khoan/dien-thoai"


def test_nobody_is_sent_elsewhere_after_proving(browser: Any, around: Around) -> None:
    one = browser("id-lan")
    one.get("/tai-khoan/xac-nhan?next=//evil.example")
    one.post("/tai-khoan/xac-nhan", {"_action": "send", "next": "//evil.example"}, 200)
    assert one.post("/tai-khoan/xac-nhan", {"code": around.code(), "next": "//evil.example"}).location == "/tai-khoan"


def test_proof_in_one_browser_does_not_count_in_another(browser: Any, around: Around) -> None:
    raised(browser, around)
    assert browser("id-lan").client.get("/tai-khoan/dien-thoai").status_code == 302


def test_sessions_are_listed_and_ended_one_by_one_or_all(browser: Any, around: Around) -> None:
    one, two, three, stranger = browser("id-lan"), browser("id-lan"), browser("id-lan"), browser("id-hung")
    page = one.get("/tai-khoan/phien")
    assert page.count("Đăng nhập ") >= 3
    assert page.count("nơi này") == 1
    target = page.split('name="session" value="')[1].split('"')[0]
    stranger.get("/tai-khoan/phien")
    stranger.post("/tai-khoan/phien", {"session": target})
    assert [b.client.get("/ho-so").status_code for b in (one, two, three)] == [200, 200, 200]
    one.post("/tai-khoan/phien", {"session": target})
    assert sorted(b.client.get("/ho-so").status_code for b in (one, two, three)) == [200, 200, 302]
    one.get("/tai-khoan/phien")
    one.post("/tai-khoan/phien", {"_action": "all"})
    assert [b.client.get("/ho-so").status_code for b in (one, two, three)] == [200, 302, 302]
    assert stranger.client.get("/ho-so").status_code == 200


def test_when_a_session_was_used_is_noted_now_and_then_and_never_in_the_way(
    browser: Any, around: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, noted = browser("id-lan"), list[str]()
    monkeypatch.setattr(type(around.house.people.store), "seen", lambda self, token, now: noted.append(token))
    for minutes in (0, 1, 3, 4):
        around.clock.go(minutes=minutes)
        one.get("/ho-so")
    assert len(noted) == 2, "not on every page"

    def busy(*_: Any) -> None:
        raise DatabaseBusyError()

    monkeypatch.setattr(type(around.house.people.store), "seen", busy)
    around.clock.go(minutes=6)
    one.get("/ho-so")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome trên Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari trên iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge trên Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/126 Chrome/126 Safari/537", "Cốc Cốc trên Windows"),
        ("curl/8", "Thiết bị không rõ"),
        ("<script>", "Thiết bị không rõ"),
    ],
)
def test_devices_are_named_in_words(agent: str, words: str) -> None:
    assert device(agent)[0] == words


def test_a_case_keeps_how_well_its_account_was_proven(browser: Any, around: Around, flask_app: Any) -> None:
    from_page = browser("id-lan")
    from_page.get("/thu-tuc/2.000815/nop")
    accounts = around.house.accounts
    known = accounts.people["id-lan"]
    around.house.catalog.settings = {**around.house.catalog.settings, "assurance": {"level_4": 1}}
    accounts.put(replace(known, profile={**known.profile, "assurance": 0}))
    page = from_page.client.get("/thu-tuc/2.000815/nop")
    assert page.status_code == 403
    assert "cần tài khoản đã xác thực từ mức 1" in page.text
