"""Registration page by page, as people and as those who try something."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.web_client import Browser
from tests.unit.web.account.conftest import Around
from web.auth import COOKIE

MOBILE = {"name": "Phạm Thị Hoa", "id_number": "079 188 005 678", "birth_date": "12/3/1988", "phone": "0905 111 222"}
INSURED = {"insurance_number": "7915000456", **{name: MOBILE[name] for name in ("name", "birth_date", "id_number")}}
PASSWORD = {"password": "Mật khẩu 9", "again": "Mật khẩu 9"}


def begun(browser: Any, way: str, typed: dict[str, str], subtype: str = "person", status: int = 302) -> Browser:
    one: Browser = browser()
    one.get(f"/dang-ky/{subtype}/{way}")
    one.post(f"/dang-ky/{subtype}/{way}", typed, status)
    return one


def finished(one: Browser, login: str) -> None:
    page = one.get("/dang-ky/tiep")
    assert "Đặt mật khẩu" in page
    assert one.post("/dang-ky/mat-khau", PASSWORD).location == "/dang-ky/xong"
    page = one.get("/dang-ky/xong")
    assert "Đăng ký thành công" in page
    assert login in page


def test_the_first_pages_lead_to_a_way(browser: Any, around: Around) -> None:
    one = browser()
    page = one.get("/dang-ky")
    assert [word in page for word in ("Cá nhân", "Doanh nghiệp", "Cơ quan nhà nước")] == [True] * 3
    page = one.get("/dang-ky/person")
    assert "Thuê bao di động" in page
    assert len(re.findall(r'href="/dang-ky/person/\w+"', page)) == 5
    assert "(bắt buộc)" in one.get("/dang-ky/person/mobile")
    one.get("/dang-ky/robot", 404)
    one.get("/dang-ky/enterprise/mobile", 404)


def test_by_mobile_number_as_the_announcement_says(browser: Any, around: Around) -> None:
    one = begun(browser, "mobile", MOBILE)
    page = one.get("/dang-ky/tiep")
    assert "•••• ••• 222" in page
    assert "0905111222" not in page
    one.post("/dang-ky/tiep", {"code": around.code()})
    finished(one, "079188005678")
    assert one.client.get_cookie(COOKIE)
    assert "Phạm Thị Hoa" in one.get("/tai-khoan")


def test_by_social_insurance_number(browser: Any, around: Around) -> None:
    one = begun(browser, "bhxh", {**INSURED, "name": unicodedata.normalize("NFD", INSURED["name"])})
    one.get("/dang-ky/tiep")
    one.post("/dang-ky/tiep", {"code": around.code()})
    finished(one, "079188005678")


def test_by_a_code_of_the_post_office(browser: Any, around: Around) -> None:
    typed = {"counter_code": around.outside.slip(1).lower(), "id_number": MOBILE["id_number"]}
    finished(begun(browser, "post", typed), "079188005678")


def challenge_of(one: Browser) -> tuple[str, str]:
    found = re.search(r'id="sign" href="([^"]+)"', one.get("/dang-ky/tiep"))
    assert found
    asked = parse_qs(urlsplit(html.unescape(found[1])).query)
    return asked["challenge"][0], asked["return"][0]


def test_by_usb_token_whose_answer_comes_from_another_site_without_cookies(browser: Any, around: Around) -> None:
    one = begun(browser, "usb", {"id_number": MOBILE["id_number"]})
    challenge, back = challenge_of(one)
    answer = around.outside.token(challenge, "079188005678|good")
    where = urlsplit(back)
    stranger = browser()
    sent = stranger.client.post(f"{where.path}?{where.query}", data=answer)
    assert sent.status_code == 303
    assert stranger.client.get("/dang-ky/tiep").status_code == 409, "only the browser that began goes on"
    finished(one, "079188005678")


def test_a_bad_signature_is_told_and_nothing_is_recorded(browser: Any, around: Around) -> None:
    one = begun(browser, "usb", {"id_number": MOBILE["id_number"]})
    challenge, back = challenge_of(one)
    where = urlsplit(back)
    answer = around.outside.token(challenge, "079188005678|revoked")
    sent = one.client.post(f"{where.path}?{where.query}", data=answer)
    assert sent.status_code == 422
    assert "đã bị thu hồi" in sent.text
    assert "<title>Lỗi:" in sent.text
    assert "Ký bằng USB" in one.get("/dang-ky/tiep")
    assert one.client.post("/dang-ky/ky-so?r=nobody", data=answer).status_code == 409


def test_by_signing_sim_with_a_page_that_looks_again_by_itself(browser: Any, around: Around) -> None:
    one = begun(browser, "sim", {"phone": MOBILE["phone"], "id_number": MOBILE["id_number"]})
    page = one.get("/dang-ky/tiep")
    assert re.search(r'hx-get="/dang-ky/cho" hx-trigger="every \d+s"', page)
    one.get("/dang-ky/cho")
    assert one.client.get("/dang-ky/cho", headers={"HX-Request": "true"}).status_code == 204
    around.outside.press("079188005678")
    other = one.client.get("/dang-ky/cho", headers={"HX-Request": "true"})
    assert other.headers["HX-Redirect"] == "/dang-ky/tiep"
    one.get("/dang-ky/cho", 302)
    finished(one, "079188005678")


def test_a_phone_that_refuses_stops_the_waiting(browser: Any, around: Around) -> None:
    one = begun(browser, "sim", {"phone": MOBILE["phone"], "id_number": MOBILE["id_number"]})
    one.get("/dang-ky/tiep")
    around.outside.press("no")
    page = one.get("/dang-ky/cho", 422)
    assert "từ chối trên điện thoại" in page
    assert "hx-get" not in page
    by_itself = one.client.get("/dang-ky/cho", headers={"HX-Request": "true"})
    assert by_itself.headers["HX-Redirect"] == "/dang-ky/cho"
    one.post("/dang-ky/tiep", {"_action": "renew"})
    assert "hx-get" in one.get("/dang-ky/tiep")


@pytest.mark.parametrize(("subtype", "way", "field", "code"), [("enterprise", "post", "tax_code", "0312345678")])
def test_an_enterprise_is_shown_as_one(
    browser: Any, around: Around, subtype: str, way: str, field: str, code: str
) -> None:
    one = begun(browser, way, {"counter_code": around.outside.slip(4), field: code}, subtype)
    finished(one, code)
    page = one.get("/tai-khoan")
    assert "Doanh nghiệp" in page
    assert "Công ty TNHH Lúa Vàng" in page


def test_what_is_missing_or_wrong_is_said_at_the_field_and_on_top_and_kept(browser: Any, around: Around) -> None:
    one = begun(browser, "mobile", {**MOBILE, "id_number": "07918800567", "name": "", "phone": "<b>"}, status=422)
    assert "<title>Lỗi: " in one.page
    assert one.page.count("anh/chị nhập 11") == 2
    assert 'href="#name"' in one.page
    assert 'aria-invalid="true"' in one.page
    assert 'value="07918800567"' in one.page
    assert "&lt;b&gt;" in one.page


@pytest.mark.parametrize(
    "typed", [{**MOBILE, "phone": "0903000111"}, {**MOBILE, "phone": "0333999888"}], ids=["other owner", "unknown"]
)
def test_a_number_of_somebody_else_and_one_of_nobody_get_the_same_page(
    browser: Any, around: Around, typed: dict[str, str]
) -> None:
    one = begun(browser, "mobile", typed, status=422)
    assert "Nhà mạng không xác nhận những thông tin này" in one.page
    assert around.house.messages.sent == []


def test_an_outage_is_told_with_what_was_typed(browser: Any, around: Around) -> None:
    around.outside.wire.broken = True
    one = begun(browser, "bhxh", INSURED, status=503)
    assert "Cơ quan Bảo hiểm xã hội chưa trả lời" in one.page
    assert 'value="7915000456"' in one.page


def test_a_password_that_is_too_weak_or_typed_differently_is_not_taken_nor_shown(browser: Any, around: Around) -> None:
    one = begun(browser, "post", {"counter_code": around.outside.slip(1), "id_number": MOBILE["id_number"]})
    one.get("/dang-ky/tiep")
    one.post("/dang-ky/mat-khau", {"password": "yeu-qua", "again": "yeu-qua"}, 422)
    assert "chữ hoa" in one.page
    assert "yeu-qua" not in one.page
    one.post("/dang-ky/mat-khau", {**PASSWORD, "again": "Khác 123."}, 422)
    assert "không giống nhau" in one.page
    decomposed = unicodedata.normalize("NFD", PASSWORD["again"])
    one.post("/dang-ky/mat-khau", {**PASSWORD, "again": decomposed})
    other = browser()
    other.get("/dang-nhap")
    other.post("/dang-nhap", {"login": "079188005678", "password": decomposed})


def test_nobody_jumps_to_the_password_or_goes_on_with_anothers_registration(browser: Any, around: Around) -> None:
    begun(browser, "mobile", MOBILE)
    stranger = browser()
    stranger.get("/dang-nhap")
    stranger.client.get("/dang-ky/tiep")
    answer = stranger.post("/dang-ky/mat-khau", PASSWORD, 409)
    assert PASSWORD["password"] not in answer.text
    one = begun(browser, "mobile", MOBILE)
    one.get("/dang-ky/tiep")
    one.post("/dang-ky/mat-khau", PASSWORD, 409)
    assert around.house.accounts.by_login("079188005678") is None


def test_a_code_that_is_guessed_or_old_is_refused_with_a_way_on(browser: Any, around: Around) -> None:
    one = begun(browser, "mobile", MOBILE)
    one.get("/dang-ky/tiep")
    wrong = "000000" if around.code() != "000000" else "111111"
    for _ in range(5):
        one.post("/dang-ky/tiep", {"code": wrong}, 422)
        assert "Mã xác thực không đúng" in one.page
    one.post("/dang-ky/tiep", {"code": around.code()}, 422)
    assert "Hãy lấy mã mới" in one.page
    one.post("/dang-ky/tiep", {"_action": "again"})
    one.get("/dang-ky/tiep")
    one.post("/dang-ky/tiep", {"code": around.code()})
    assert "Đặt mật khẩu" in one.get("/dang-ky/tiep")


def test_after_proof_one_is_told_of_an_account_that_is_there_already(browser: Any, around: Around) -> None:
    typed = {"id_number": MOBILE["id_number"]}
    finished(begun(browser, "post", {"counter_code": around.outside.slip(1), **typed}), "079188005678")
    one = begun(browser, "post", {"counter_code": around.outside.slip(1), **typed})
    assert "đã có tài khoản" in one.get("/dang-ky/tiep")


def test_registering_gives_a_session_that_nobody_could_have_planted(browser: Any, around: Around) -> None:
    one = begun(browser, "post", {"counter_code": around.outside.slip(1), "id_number": MOBILE["id_number"]})
    one.client.set_cookie(COOKIE, "planted")
    finished(one, "079188005678")
    assert one.client.get_cookie(COOKIE).value != "planted"
    one.get("/dang-ky/tiep", 409)


def test_every_page_speaks_english_too(browser: Any, around: Around) -> None:
    one = browser()
    for path in ("/dang-ky", "/dang-ky/person", "/dang-ky/person/sim", "/quen-mat-khau"):
        page = one.get(f"{path}?lang=en")
        main = page[page.index("<main") : page.index("</main>")]
        assert not re.search(r"Đăng ký|Tiếp tục|bắt buộc|Số điện thoại", main), path


def test_without_outside_parties_the_page_sends_people_to_the_desk(browser: Any, house: Any) -> None:
    one = browser()
    one.get("/dang-ky")
    assert "Bộ phận Một cửa" in browser().client.get("/dang-ky/person").text
