"""Every route says who may open it, and nobody else gets in."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.domain.actor import Actor
from tests.unit.web.fake_house import FakeHouse
from web import access
from web.app import create_app

MAI = Actor(id="m", name="Mai", kind="officer", unit="u", groups=frozenset({"one_stop"}))
LAN = Actor(id="l", name="Lan", kind="citizen", unit="u", groups=frozenset({"one_stop"}))


def test_every_route_declares_its_access(flask_app):
    for rule in flask_app.url_map.iter_rules():
        assert access.declared(flask_app.view_functions[rule.endpoint]), rule


def test_an_application_with_a_silent_route_does_not_start():
    app = Flask("x")
    access.public(app.view_functions["static"])
    app.add_url_rule("/silent", "silent", lambda: "x")
    with pytest.raises(access.UndeclaredAccessError, match="silent"):
        access.refuse_silent_routes(app)


@pytest.mark.parametrize(
    ("rule", "actor", "allowed"),
    [
        (access.Access("public"), None, True),
        (access.Access("signed_in"), None, False),
        (access.Access("signed_in"), LAN, True),
        (access.Access("citizen"), MAI, False),
        (access.Access("officer"), LAN, False),
        (access.Access("officer"), MAI, True),
        (access.Access("groups", ("one_stop",)), MAI, True),
        (access.Access("groups", ("auditor",)), MAI, False),
        (access.Access("groups", ("one_stop",)), LAN, False),
        (access.Access("groups", ("one_stop",)), None, False),
    ],
)
def test_access_follows_kind_and_groups(rule, actor, allowed):
    assert rule.allows(actor) is allowed


PUBLIC = {
    "/thong-ke",
    "/lay-so",
    "/lay-so/<int:number>",
    "/bang-so",
    "/",
    "/dang-nhap",
    "/dang-nhap/thu",
    "/dang-nhap/sso",
    "/dang-nhap/sso/ve",
    "/dang-nhap/sso/lien-ket",
    "/dang-ky",
    "/dang-ky/<subtype>",
    "/dang-ky/<subtype>/<way>",
    "/dang-ky/tiep",
    "/dang-ky/cho",
    "/dang-ky/ky-so",
    "/dang-ky/mat-khau",
    "/quen-mat-khau",
    "/quen-mat-khau/ma",
    "/quen-mat-khau/moi",
    "/quen-mat-khau/lien-ket/<secret>",
    "/dang-xuat",
    "/ngon-ngu/<code>",
    "/thu-tuc/<code>",
    "/thu-tuc/<code>/mau-don",
    "/danh-muc/don-vi",
    "/hien-thi/<look>",
    "/huong-dan",
    "/su-kien/<event_id>",
    "/thu-tuc/<code>/kiem-tra",
    "/tra-cuu",
    "/cases/<code>",
    "/health/live",
    "/health/ready",
    "/api/payments/notice",
    "/api/notices/sms/<secret>",
    "/api/post/state",
    "/api/payments/vnpay/ipn",
    "/api/payments/momo/ipn",
    "/thanh-toan/<provider>/ket-qua",
    "/standins/payment",
    "/ket-qua",
    "/ket-qua/<token>",
    "/static/<path:filename>",
    "/bao-loi",
}


def test_the_list_of_public_addresses_is_known(flask_app):
    open_to_all = {
        str(rule)
        for rule in flask_app.url_map.iter_rules()
        if access.declared(flask_app.view_functions[rule.endpoint]).kind == "public"
    }
    assert open_to_all == PUBLIC


def test_every_other_address_sends_a_stranger_to_the_sign_in_page(flask_app, browser):
    stranger, tried = browser(), 0
    for rule in flask_app.url_map.iter_rules():
        if str(rule) in PUBLIC or "GET" not in rule.methods:
            continue
        path = str(rule).replace("<case_id>", "case1").replace("<code>", "2.000815").replace("<sha256>", "a" * 64)
        path = path.replace("<draft_id>", "d1").replace("<section_id>", "nguoi").replace("<path:path>", "tep")
        answer = stranger.client.get(path.replace("<process_id>", "copies"))
        assert answer.status_code == 302, rule
        assert answer.location.startswith("/dang-nhap?next="), rule
        tried += 1
    assert tried > 15


def test_a_citizen_reaches_neither_desk_nor_audit_nor_studio(browser):
    lan = browser("id-lan")
    for path in ("/can-bo/", "/can-bo/ho-so/case1", "/kiem-tra/", "/mo-hinh/", "/can-bo/tiep-nhan"):
        lan.get(path, 403)


def test_an_officer_of_another_group_does_not_audit(browser):
    browser("id-mai").get("/kiem-tra/case1", 403)
    assert "Lịch sử" in browser("id-audit").get("/kiem-tra/case1")


def test_a_citizen_does_not_learn_whether_anothers_case_exists(browser):
    hung = browser("id-hung")
    hung.get("/ho-so/case1", 404)
    hung.get("/ho-so/case1/da-nop", 404)
    hung.get("/ho-so/case1/viec?key=call_intake%231/check_documents%231", 404)
    hung.get(f"/ho-so/case1/tep/{'a' * 64}", 404)


def test_stand_ins_are_not_there_outside_a_demo(tmp_path):

    client = create_app(FakeHouse(tmp_path, demo=False)).test_client()  # type: ignore[arg-type]
    assert client.get("/standins/payment").status_code == 404
    page = client.get("/dang-nhap").text
    assert "Nguyễn Thị Lan" not in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/dang-nhap/thu", data={"account": "id-lan", "csrf_token": token}).status_code == 404
