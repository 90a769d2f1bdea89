"""Payment notices, and the stand-in that sends them."""

from __future__ import annotations

from engine.commands.messages import RecordPayment
from engine.domain.errors import PaymentMismatchError

NOTICE = {"order": "O1", "amount": "8000", "case_code": "C1", "paid": "1", "reference": "R1", "signature": "good"}
ORDER = {"order": "O1", "amount": "8000", "case_code": "C1", "return_url": "/cases/C1", "signature": "good"}


def test_a_genuine_notice_is_booked_by_the_system_and_once(browser, house):
    one = browser().client
    for _ in range(2):
        assert one.post("/api/payments/notice", data=NOTICE).json == {"booked": True, "received": True}
    assert house.handled == [
        RecordPayment(unit="xa-mau", order="O1", case_code="C1", provider="standin", amount=8000, reference="R1")
    ]


def test_a_notice_with_a_wrong_or_no_signature_is_refused(browser, house):
    for fields in ({**NOTICE, "signature": "bad"}, {"order": "O1"}, {}):
        assert browser().client.post("/api/payments/notice", data=fields).status_code == 403
    assert house.handled == []


def test_a_notice_that_nothing_was_paid_books_nothing(browser, house):
    assert browser().client.post("/api/payments/notice", data={**NOTICE, "paid": "0"}).json["booked"] is False
    assert house.handled == []


def test_a_mismatch_is_answered_so_that_the_provider_asks(browser, house):
    house.refuse = PaymentMismatchError(order="O1")
    assert browser().client.post("/api/payments/notice", data=NOTICE).status_code == 422


def test_the_stand_in_pays_the_way_a_provider_would(browser, house):
    lan = browser("id-lan")
    page = lan.get("/standins/payment?order=O1&amount=8000&case_code=C1&return_url=/cases/C1&signature=good")
    assert "8.000 đồng" in page
    assert lan.post("/standins/payment", {**ORDER, "_action": "give_up"}).location == "/cases/C1"
    assert house.handled == []
    lan.get("/standins/payment?order=O1&amount=8000&case_code=C1&return_url=/cases/C1&signature=good")
    lan.post("/standins/payment", {**ORDER, "_action": "pay"})
    assert house.handled[0].reference == "R1"


def test_the_stand_in_takes_only_its_own_orders_and_returns_only_here(browser):
    lan = browser("id-lan")
    lan.get("/standins/payment?order=O1&amount=1&signature=bad", 403)
    lan.get("/standins/payment?order=O1&amount=8000&case_code=C1&return_url=/cases/C1&signature=good")
    answer = lan.post("/standins/payment", {**ORDER, "return_url": "//evil.example", "_action": "pay"})
    assert answer.location == "/"
