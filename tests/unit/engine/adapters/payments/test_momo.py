"""MoMo v2: signatures over raw values in the alphabet's order of names, and what its codes mean."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.adapters.payments import momo as module
from engine.adapters.payments.momo import Momo
from engine.domain.errors import PaymentRefusedError
from engine.ports.payments import Asked, Order

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
MOMO = Momo(
    partner="MOMOX",
    access_key="AK",
    secret="SK",
    api_url="https://momo.example/v2/gateway/api",
    notice_url="https://dvc.example.vn/api/payments/momo/ipn",
)
ORDER = Order(id="MC2610050001A", amount=8000, case_code="C", text="Phi: C & D", return_url="https://x.vn/r?a=1", at=AT)
ASKED = Asked(order=ORDER.id, amount=8000, at=AT, now=AT, reference="777")


def signature(text: str) -> str:
    return hmac.new(b"SK", text.encode(), hashlib.sha256).hexdigest()


def notice(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "amount": 8000,
        "extraData": "",
        "message": "Thành công.",
        "orderId": ORDER.id,
        "orderInfo": "Phi",
        "orderType": "momo_wallet",
        "partnerCode": "MOMOX",
        "payType": "qr",
        "requestId": ORDER.id,
        "responseTime": 1791000000000,
        "resultCode": 0,
        "transId": 777,
        **changes,
    }
    text = "accessKey=AK&" + "&".join(f"{name}={value}" for name, value in fields.items())
    return {**fields, "signature": signature(text)}


def answering(monkeypatch: pytest.MonkeyPatch, **reply: Any) -> list[Any]:
    sent: list[Any] = []

    def post(url: str, body: Any, *, timeout: float) -> Any:
        sent.append((url, dict(body), timeout))
        return reply

    monkeypatch.setattr(module, "post_json", post)
    return sent


def test_an_order_is_signed_raw_and_in_order_and_given_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = answering(monkeypatch, resultCode=0, payUrl="https://momo.example/pay/1")
    assert MOMO.create(ORDER).url == "https://momo.example/pay/1"
    url, body, timeout = sent[0]
    assert body["signature"] == signature(
        "accessKey=AK&amount=8000&extraData=&ipnUrl=https://dvc.example.vn/api/payments/momo/ipn&orderId=MC2610050001A"
        "&orderInfo=Phi: C & D&partnerCode=MOMOX&redirectUrl=https://x.vn/r?a=1&requestId=MC2610050001A"
        "&requestType=captureWallet"
    )
    assert url.endswith("/api/create")
    assert timeout >= 30
    assert body["amount"] == 8000


@pytest.mark.parametrize("reply", [{"resultCode": 22}, {"resultCode": 0, "payUrl": "javascript:x"}, {"resultCode": 0}])
def test_an_order_that_momo_refuses_or_gives_no_page_for_is_refused(
    monkeypatch: pytest.MonkeyPatch, reply: dict[str, Any]
) -> None:
    answering(monkeypatch, **reply)
    with pytest.raises(PaymentRefusedError):
        MOMO.create(ORDER)


@pytest.mark.parametrize(("amount", "taken"), [(999, False), (1000, True), (50_000_000, True), (50_000_001, False)])
def test_momo_takes_a_thousand_to_fifty_million(amount: int, taken: bool) -> None:
    assert MOMO.takes(amount) is taken


@pytest.mark.parametrize(
    ("code", "outcome"), [(0, "paid"), (9000, "held"), (1000, "open"), (7002, "open"), (1006, "failed"), (99, "failed")]
)
def test_a_notice_means_what_its_code_says(code: int, outcome: str) -> None:
    found = MOMO.read_notice(notice(resultCode=code))
    assert found is not None
    assert (found.outcome, found.order, found.amount, found.reference) == (outcome, ORDER.id, 8000, "777")


@pytest.mark.parametrize("name", ["amount", "orderId", "resultCode", "transId", "message", "signature", "partnerCode"])
def test_a_notice_with_one_field_changed_or_left_out_is_not_believed(name: str) -> None:
    good = notice()
    assert MOMO.read_notice({**good, name: "1"}) is None
    assert MOMO.read_notice({key: value for key, value in good.items() if key != name}) is None


@pytest.mark.parametrize("changes", [{"resultCode": "x"}, {"resultCode": None}, {"amount": "8k"}, {"partnerCode": "Y"}])
def test_a_signed_notice_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    assert MOMO.read_notice(notice(**changes)) is None


def test_a_notice_that_need_not_come_again_is_answered_204_and_empty() -> None:
    assert {MOMO.answer(v) for v in ("recorded", "repeated")} == {(204, None)}  # type: ignore[arg-type]  # literal words
    assert MOMO.answer("forged") == (403, None)
    assert MOMO.answer("error")[0] == 500


def test_a_query_has_its_own_list_of_signed_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = answering(monkeypatch, resultCode=0, orderId=ORDER.id, amount=8000, transId=777)
    found = MOMO.query(ASKED)
    assert found is not None
    assert found.outcome == "paid"
    body = sent[0][1]
    assert body["signature"] == signature(
        f"accessKey=AK&orderId=MC2610050001A&partnerCode=MOMOX&requestId={body['requestId']}"
    )
    answering(monkeypatch, resultCode=42)
    assert MOMO.query(ASKED) is None
    answering(monkeypatch, resultCode=0, orderId="OTHER", amount=8000)
    with pytest.raises(ConnectionError):
        MOMO.query(ASKED)


def test_a_refund_bears_the_orders_own_number_so_that_a_second_one_is_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = answering(monkeypatch, resultCode=0, transId=888)
    assert MOMO.refund(ASKED).reference == "888"
    assert sent[0][1]["orderId"] == "MC2610050001AR"
    assert sent[0][1]["signature"] == signature(
        "accessKey=AK&amount=8000&description=Hoan tien MC2610050001A&orderId=MC2610050001AR&partnerCode=MOMOX"
        "&requestId=MC2610050001AR&transId=777"
    )
    answering(monkeypatch, resultCode=41)
    assert MOMO.refund(ASKED).code == "41"
    answering(monkeypatch, resultCode=7002)
    with pytest.raises(ConnectionError):
        MOMO.refund(ASKED)
    answering(monkeypatch, resultCode=1080)
    with pytest.raises(PaymentRefusedError):
        MOMO.refund(ASKED)


def test_an_answer_without_a_code_is_none_to_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, message="hello")
    with pytest.raises(ConnectionError):
        MOMO.query(ASKED)
