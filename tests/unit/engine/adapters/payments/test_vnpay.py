"""VNPAY 2.1.0: the known vector, what a notice means, and that nothing unsigned is believed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from engine.adapters.payments import vnpay as module
from engine.adapters.payments import vnpay_signing as signing
from engine.adapters.payments.vnpay import ZONE, Vnpay
from engine.domain.errors import PaymentRefusedError
from engine.ports.payments import Asked, Order

SECRET = "SANDBOXSECRET"
VECTOR = (
    "vnp_Amount=800000&vnp_Command=pay&vnp_CreateDate=20261005093000&vnp_CurrCode=VND&vnp_ExpireDate=20261005094500"
    "&vnp_IpAddr=127.0.0.1&vnp_Locale=vn&vnp_OrderInfo=Phi+ho+so+H29.1.5-261005-0001&vnp_OrderType=other"
    "&vnp_ReturnUrl=https%3A%2F%2Fdvc.example.vn%2Fpay%2Freturn&vnp_TmnCode=TESTCODE&vnp_TxnRef=2610050001A1"
    "&vnp_Version=2.1.0"
)
HASH = (
    "a249c468cafe616c947628eba553c52fc8a1b35795645f78bb55268c99e48b0f"
    "d3910972c0ae6d6a6cdc3efe41c1646c8db4560956ccae6c730c725713cbd00c"
)
AT = datetime(2026, 10, 5, 9, 30, tzinfo=ZONE)
VNPAY = Vnpay(code="TESTCODE", secret=SECRET, pay_url="https://pay.example/v", api_url="https://api.example/t")
ORDER = Order(
    id="2610050001A1",
    amount=8000,
    case_code="H29.1.5-261005-0001",
    text="Phi ho so H29.1.5-261005-0001",
    return_url="https://dvc.example.vn/pay/return",
    at=AT,
)
ASKED = Asked(order=ORDER.id, amount=8000, at=AT, now=AT, details={"created": "20261005093000"}, reference="14")


def notice(**changes: str) -> dict[str, str]:
    fields = {
        "vnp_Amount": "800000",
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": "Phi ho so: một hai",
        "vnp_PayDate": "20261005093500",
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": "TESTCODE",
        "vnp_TransactionNo": "14000001",
        "vnp_TransactionStatus": "00",
        "vnp_TxnRef": ORDER.id,
        **changes,
    }
    return {**fields, signing.SIGNATURE: signing.sign(SECRET, signing.signed_text(fields))}


def test_the_known_vector_is_reproduced_by_the_pay_address() -> None:
    text, _, given = urlsplit(VNPAY.create(ORDER).url).query.rpartition("&vnp_SecureHash=")
    assert (text, given) == (VECTOR, HASH)


def test_empty_and_foreign_fields_and_the_type_of_hash_are_not_signed() -> None:
    fields = dict(parse_qsl(VECTOR))
    more = {**fields, "vnp_BankCode": "", "vnp_SecureHashType": "SHA512", "utm_source": "x", "vnp_SecureHash": "y"}
    assert signing.signed_text(more) == VECTOR


def test_the_order_of_fields_and_capitals_of_the_hash_do_not_matter() -> None:
    fields = dict(reversed(notice().items()))
    fields[signing.SIGNATURE] = fields[signing.SIGNATURE].upper()
    assert VNPAY.read_notice(fields) is not None


@pytest.mark.parametrize("name", ["vnp_Amount", "vnp_TxnRef", "vnp_ResponseCode", "vnp_SecureHash", "vnp_OrderInfo"])
def test_a_notice_with_one_field_changed_or_left_out_is_not_believed(name: str) -> None:
    good = notice()
    assert VNPAY.read_notice({**good, name: "1"}) is None
    assert VNPAY.read_notice({key: value for key, value in good.items() if key != name}) is None


def test_a_notice_of_another_terminal_is_not_ours_however_well_it_is_signed() -> None:
    assert VNPAY.read_notice(notice(vnp_TmnCode="OTHER")) is None


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("00", "00", "paid"),
        ("00", "02", "failed"),
        ("24", "02", "failed"),
        ("51", "02", "failed"),
        ("07", "00", "held"),
        ("00", "07", "held"),
        ("07", "07", "held"),
        ("00", "04", "held"),
        ("00", "01", "open"),
        ("99", "99", "failed"),
        ("", "", "failed"),
    ],
)
def test_paid_is_what_both_codes_call_paid_and_suspicion_is_not_failure(code: str, status: str, outcome: str) -> None:
    found = VNPAY.read_notice(notice(vnp_ResponseCode=code, vnp_TransactionStatus=status))
    assert found is not None
    assert (found.outcome, found.order, found.amount, found.reference) == (outcome, ORDER.id, 8000, "14000001")


@pytest.mark.parametrize(("amount", "dong"), [("800000", 8000), ("800050", -1), ("80", -1), ("100", 1)])
def test_an_amount_is_in_hundredths_and_a_part_of_a_dong_fits_no_order(amount: str, dong: int) -> None:
    found = VNPAY.read_notice(notice(vnp_Amount=amount))
    assert found is not None
    assert found.amount == dong


@pytest.mark.parametrize("amount", ["", "8e5", "-800000", "٨٠٠", "1" * 15])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    assert VNPAY.read_notice(notice(vnp_Amount=amount)) is None


def test_answers_are_those_of_the_protocol() -> None:
    words = {v: VNPAY.answer(v)[1] for v in ("forged", "unknown", "mismatch", "repeated", "recorded", "error")}  # type: ignore[arg-type]  # literal words
    assert [answer["RspCode"] for answer in words.values() if answer] == ["97", "01", "04", "02", "00", "99"]
    assert {VNPAY.answer(v)[0] for v in words} == {200}  # type: ignore[arg-type]  # literal words


def api(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], *, secret: str = SECRET, **fields: Any) -> list[Any]:
    """VNPAY's API answers with these fields, signed; what it was asked."""
    sent: list[Any] = []

    def post(url: str, body: Any, *, timeout: float) -> Any:
        sent.append(dict(body))
        reply = {f"vnp_{name}": value for name, value in fields.items()}
        return {**reply, signing.SIGNATURE: signing.sign(secret, signing.joined(reply, names))}

    monkeypatch.setattr(module, "post_json", post)
    return sent


def test_a_query_is_signed_over_its_fields_in_their_fixed_order(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"ResponseCode": "00", "TransactionStatus": "00", "TxnRef": ORDER.id, "Amount": 800000}
    sent = api(monkeypatch, signing.QUERY_REPLY, **fields, TransactionNo=14)
    found = VNPAY.query(ASKED)
    assert found is not None
    assert (found.outcome, found.amount, found.reference) == ("paid", 8000, "14")
    asked = sent[0]
    head = [asked[f"vnp_{name}"] for name in ("RequestId", "Version", "Command", "TmnCode", "TxnRef")]
    tail = [asked[f"vnp_{name}"] for name in ("TransactionDate", "CreateDate", "IpAddr", "OrderInfo")]
    text = "|".join([*head, *tail])
    assert asked["vnp_SecureHash"] == signing.sign(SECRET, text)
    assert (asked["vnp_Command"], asked["vnp_TransactionDate"]) == ("querydr", "20261005093000")
    assert len(asked["vnp_RequestId"]) == 32


@pytest.mark.parametrize(
    ("status", "outcome"), [("01", "open"), ("02", "failed"), ("04", "held"), ("05", "paid"), ("07", "held")]
)
def test_a_query_tells_the_state_of_the_transaction(monkeypatch: pytest.MonkeyPatch, status: str, outcome: str) -> None:
    fields = {"ResponseCode": "00", "TransactionStatus": status, "TxnRef": ORDER.id, "Amount": "800000"}
    api(monkeypatch, signing.QUERY_REPLY, **fields)
    found = VNPAY.query(ASKED)
    assert found is not None
    assert found.outcome == outcome


def test_an_order_that_vnpay_does_not_know_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    api(monkeypatch, signing.QUERY_REPLY, ResponseCode="91", Message="not found")
    assert VNPAY.query(ASKED) is None


def test_an_answer_signed_by_nobody_or_about_another_order_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"ResponseCode": "00", "TransactionStatus": "00", "TxnRef": ORDER.id, "Amount": "800000"}
    api(monkeypatch, signing.QUERY_REPLY, secret="wrong", **good)
    with pytest.raises(ConnectionError, match="not signed"):
        VNPAY.query(ASKED)
    api(monkeypatch, signing.QUERY_REPLY, **{**good, "TxnRef": "ANOTHER"})
    with pytest.raises(ConnectionError):
        VNPAY.query(ASKED)


@pytest.mark.parametrize("code", ["00", "94"])
def test_a_refund_is_settled_when_accepted_and_when_it_was_asked_for_before(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    sent = api(monkeypatch, signing.REFUND_REPLY, ResponseCode=code, TransactionNo="99", TxnRef=ORDER.id)
    assert VNPAY.refund(ASKED).code == code
    text = "|".join(sent[0][f"vnp_{name}"] for name in signing.REFUND)
    assert sent[0]["vnp_SecureHash"] == signing.sign(SECRET, text)
    assert (sent[0]["vnp_Amount"], sent[0]["vnp_TransactionType"]) == ("800000", "02")


@pytest.mark.parametrize("code", ["02", "03", "91", "95", "97", "99"])
def test_a_refund_that_vnpay_refuses_is_refused(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    api(monkeypatch, signing.REFUND_REPLY, ResponseCode=code, Message="no")
    with pytest.raises(PaymentRefusedError, match=code):
        VNPAY.refund(ASKED)


@pytest.mark.parametrize("names", [signing.QUERY_REPLY, signing.REFUND])
def test_a_refund_answer_with_a_wrong_hash_settles_nothing(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    api(monkeypatch, names, ResponseCode="00", TransactionNo="99", TmnCode="TESTCODE")
    with pytest.raises(ConnectionError, match="not signed"):
        VNPAY.refund(ASKED)
