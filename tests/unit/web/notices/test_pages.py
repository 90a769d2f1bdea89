"""The inbox is its owner's, wishes hold, and deliveries are for administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from engine.domain.actor import Actor
from engine.domain.notice import Notice, Preferences
from tests.support.web_client import Browser
from tests.unit.web.fake_house import NOW, FakeHouse, person

Open = Callable[..., Browser]
LAN = Actor(id="id-lan", name="Nguyễn Thị Lan", kind="citizen", unit="xa-mau")
CODE = "000.05.12.H29-260803-0001"


def put(house: FakeHouse, number: int = 1, account: str = "id-lan", **changes: Any) -> Notice:
    values: dict[str, Any] = {
        "template": "case_received",
        "data": {"code": CODE, "agency": {"vi": "UBND xã Mẫu", "en": "Mẫu commune"}, "receiver": "Mai <b>"},
        "case_id": "case1",
        "created_at": NOW + timedelta(minutes=number),
        "run_at": NOW,
        **changes,
    }
    notice = Notice(unit="xa-mau", key=f"k{number}/{account}", account=account, **values)
    house.told.queue.put([notice])
    return notice


def test_the_header_counts_and_the_list_shows_newest_first(house: FakeHouse, browser: Open) -> None:
    lan = browser("id-lan")
    assert "Chưa có thông báo nào" in lan.get("/thong-bao")
    put(house, 1)
    put(house, 2, template="result_ready")
    put(house, 3, account="id-hung")
    page = lan.get("/thong-bao")
    assert "Thông báo (2 chưa đọc)" in page
    assert page.index("đã xử lý xong") < page.index("Đã tiếp nhận hồ sơ")
    assert page.count("Chưa đọc</span>") == 2


def test_who_opens_a_notice_has_read_it_and_sees_what_became_of_it(house: FakeHouse, browser: Open) -> None:
    notice, lan = put(house, email="lan@example.vn"), browser("id-lan")
    house.told.channels["email"].down = 1
    house.told.deliverer.drain()
    page = lan.get(f"/thong-bao/{notice.id}")
    assert "UBND xã Mẫu" in page
    assert "Mai &lt;b&gt;" in page
    assert "thư điện tử: chưa gửi được, hệ thống sẽ thử lại" in page
    assert "chưa đọc)" not in lan.get("/thong-bao")


def test_nobody_opens_anothers_notice_or_a_code(house: FakeHouse, browser: Open) -> None:
    others, code = put(house, account="id-hung"), put(house, 2, template="otp", data={"otp": "482913"})
    lan = browser("id-lan")
    for path in (others.id, code.id, "0" * 32, "x"):
        lan.get(f"/thong-bao/{path}", 404)
    assert "482913" not in lan.get("/thong-bao")
    browser("id-mai").get("/thong-bao", 403)
    assert browser().client.get(f"/thong-bao/{others.id}").status_code == 302


def test_a_long_inbox_goes_on(house: FakeHouse, browser: Open) -> None:
    for number in range(35):
        put(house, number)
    lan = browser("id-lan")
    page = lan.get("/thong-bao")
    assert page.count("<h2>") == 30
    older = page.split('href="/thong-bao?sau=')[1].split('"')[0]
    assert lan.get(f"/thong-bao?sau={older}").count("<h2>") == 5
    lan.post("/thong-bao/da-doc", {})
    assert house.notices.unread(LAN) == 0


def test_wishes_are_kept_and_shown_as_they_were_kept(house: FakeHouse, browser: Open) -> None:
    lan = browser("id-lan")
    page = lan.get("/thong-bao/cach-nhan")
    assert 'name="email" value="1" checked' in page
    assert 'name="sms" value="1" checked' not in page
    lan.post("/thong-bao/cach-nhan", {"sms": "1", "lang": "en", "quiet_from": "20h30", "quiet_to": "7:00"})
    wants = Preferences(email=False, sms=True, zalo=False, lang="en", quiet_from=time(20, 30), quiet_to=time(7))
    assert house.notices.preferences(LAN) == wants
    page = lan.get("/thong-bao/cach-nhan")
    assert "Lựa chọn có hiệu lực ngay" in page
    assert 'name="sms" value="1" checked' in page
    assert 'name="email" value="1" checked' not in page
    assert 'value="20:30"' in page


def test_a_switch_that_is_off_sends_nothing_and_one_that_is_on_sends(house: FakeHouse, browser: Open) -> None:
    lan, hours = browser("id-lan"), {"lang": "vi", "quiet_from": "22:00", "quiet_to": "06:00"}
    lan.get("/thong-bao/cach-nhan")
    lan.post("/thong-bao/cach-nhan", {"email": "1", **hours})
    put(house, 1, phone="0903000111", email="lan@example.vn")
    house.told.deliverer.drain()
    assert {name: len(sent) for name, sent in house.told.sent().items()} == {"zalo": 0, "sms": 0, "email": 1}
    lan.get("/thong-bao/cach-nhan")
    lan.post("/thong-bao/cach-nhan", {"sms": "1", **hours})
    put(house, 2, phone="0903000111", email="lan@example.vn")
    house.told.deliverer.drain()
    assert {name: len(sent) for name, sent in house.told.sent().items()} == {"zalo": 0, "sms": 1, "email": 1}


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"quiet_from": "25:00"}, "quiet_from", "Giờ phải viết dạng 22:00."),
        ({"quiet_to": ""}, "quiet_to", "Giờ phải viết dạng 22:00."),
        ({"quiet_to": "sáng"}, "quiet_to", "Giờ phải viết dạng 22:00."),
        ({"lang": "fr"}, "lang", "Hãy chọn một ngôn ngữ."),
        ({"quiet_from": "06:00", "quiet_to": "22:00"}, "quiet_to", "dài nhất là 12 giờ"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    house: FakeHouse, browser: Open, sent: dict[str, str], field: str, said: str
) -> None:
    lan = browser("id-lan")
    lan.get("/thong-bao/cach-nhan")
    good = {"zalo": "1", "lang": "vi", "quiet_from": "22:00", "quiet_to": "06:00"}
    page = lan.post("/thong-bao/cach-nhan", {**good, **sent}, 422).text
    assert "<title>Lỗi: " in page
    assert page.count(said) == 2
    assert f'href="#{field}"' in page
    assert 'name="zalo" value="1" checked' in page, "what was typed is kept"
    assert house.notices.preferences(LAN) == Preferences()


def test_an_administrator_sees_dead_letters_and_sends_them_again(house: FakeHouse, browser: Open) -> None:
    house.accounts.put(person("quantri", "Quản trị", "administrator"))
    notice = put(house, email="lan@example.vn")
    house.told.channels["email"].refused = 1
    house.told.deliverer.drain()
    admin = browser("id-quantri")
    page = admin.get("/thong-bao/gui-di")
    assert "no such address" in page
    assert "Không gửi được (1)" in page
    admin.post(f"/thong-bao/gui-di/{notice.id}/lai", {})
    assert "Đang chờ gửi (1)" in admin.get("/thong-bao/gui-di?tt=open")
    admin.post(f"/thong-bao/gui-di/{notice.id}/lai", {}, 404)
    house.told.deliverer.drain()
    assert "thư điện tử: đã gửi" in admin.get("/thong-bao/gui-di?tt=all")


def test_deliveries_are_not_shown_to_others(browser: Open) -> None:
    for account in ("id-lan", "id-mai", "id-audit"):
        browser(account).get("/thong-bao/gui-di", 403)


def test_a_callback_is_answered_the_same_whatever_it_says(browser: Open) -> None:
    stranger = browser()
    for path in ("/api/notices/sms/guess", "/api/notices/sms/guess?SMSID=1&SendStatus=5"):
        for call in (stranger.client.get, stranger.client.post):
            answer = call(path)
            assert (answer.status_code, answer.text) == (204, "")
