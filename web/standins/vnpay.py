"""A stand-in of VNPAY 2.1.0: its pay page, signed returns and notices, and the API for questions and refunds."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any
from urllib.parse import quote_plus, urlencode

import requests
from flask import Flask, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web.standins.book import Party
from web.standins.delivering import PATIENCE, Delivery, deliver
from web.standins.stage import Stage

ZONE = timezone(timedelta(hours=7))
PARTY = Party(
    name="vnpay",
    title="Cổng thanh toán VNPAY",
    title_en="VNPAY payment gateway",
    lies={
        "forged": ("ký sai thông báo", "signs the notice wrongly"),
        "amount": ("báo số tiền khác", "tells another amount"),
        "unknown": ("báo lệnh không có", "tells of an order nobody made"),
        "lost": ("không gửi thông báo", "loses the notice"),
        "early": ("báo trước khi người nộp quay lại", "tells before the payer returns"),
        "late": ("báo sau khi người nộp quay lại", "tells well after the payer returned"),
        "unsigned": ("trả lời truy vấn, hoàn tiền không ký", "does not sign the API's answers"),
        "timeout": ("hoàn tiền xong mà không trả lời", "refunds and does not answer"),
    },
)
BANKS = ("NCB", "VCB", "BIDV", "AGRIBANK", "VNPAYQR")
ENDS = {"pay": ("00", "00"), "cancel": ("24", "02"), "funds": ("51", "02"), "doubt": ("07", "07"), "wait": ("00", "01")}
QUERY = "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo"
REFUND = (
    "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo TransactionDate CreateBy CreateDate"
    " IpAddr OrderInfo"
)
REPLY = (
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType"
    " TransactionStatus OrderInfo"
)
MESSAGES = {
    "00": "Success",
    "91": "Order not found",
    "94": "Duplicate",
    "95": "Not successful",
    "97": "Invalid signature",
}


@dataclass
class Payment:
    """What the gateway knows of an order."""

    fields: dict[str, str]
    number: str
    status: str = "01"
    code: str = ""
    bank: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    refunded: bool = False


class Gateway:
    """The gateway's memory and its pen."""

    def __init__(self, stage: Stage) -> None:
        section = stage.connectors.get(PARTY.name, {})
        self.book = stage.book
        self.code, self.secret = section.get("code", ""), section.get("secret", "").encode()
        self.notice_url = section.get("notice_url", "")
        self.pause = float(section.get("retry_seconds", 5))
        self.payments: dict[str, Payment] = {}
        self._numbers = itertools.count(14_000_001)

    def sign(self, text: str) -> str:
        """HMAC-SHA512 in hex."""
        return hmac.new(self.secret, text.encode(), hashlib.sha512).hexdigest()

    def sorted_text(self, fields: dict[str, str]) -> str:
        """The signed text of pay addresses, returns and notices."""
        own = {n: v for n, v in fields.items() if n.startswith("vnp_") and n != "vnp_SecureHash" and v}
        return "&".join(f"{quote_plus(name)}={quote_plus(own[name])}" for name in sorted(own))

    def piped(self, fields: dict[str, Any], names: str) -> str:
        """The signed text of the API."""
        return "|".join(str(fields.get(f"vnp_{name}", "")) for name in names.split())

    def order(self, fields: dict[str, str]) -> Payment | None:
        """The payment behind a pay address; None when it is signed wrongly."""
        if (
            self.sign(self.sorted_text(fields)) != fields.get("vnp_SecureHash")
            or fields.get("vnp_TmnCode") != self.code
        ):
            return None
        return self.payments.setdefault(fields["vnp_TxnRef"], Payment(fields, str(next(self._numbers))))

    def told(self, payment: Payment) -> dict[str, str]:
        """What return and notice say, signed."""
        ordered = payment.fields
        fields = {
            "vnp_Amount": ordered["vnp_Amount"],
            "vnp_BankCode": payment.bank,
            "vnp_BankTranNo": f"B{payment.number}",
            "vnp_CardType": "ATM",
            "vnp_OrderInfo": ordered["vnp_OrderInfo"],
            "vnp_PayDate": payment.at.astimezone(ZONE).strftime("%Y%m%d%H%M%S"),
            "vnp_ResponseCode": payment.code,
            "vnp_TmnCode": self.code,
            "vnp_TransactionNo": payment.number,
            "vnp_TransactionStatus": payment.status,
            "vnp_TxnRef": ordered["vnp_TxnRef"],
        }
        return {**fields, "vnp_SecureHash": self.sign(self.sorted_text(fields))}

    def tell(self, payment: Payment) -> None:
        """Send the notice, as the mood says."""
        lie = self.book.mood(PARTY.name).lie
        if lie == "lost":
            self.book.note(PARTY.name, "notice lost", {"vnp_TxnRef": payment.fields["vnp_TxnRef"]})
            return
        fields = self._bent(self.told(payment), lie)
        delivery = Delivery(
            party=PARTY.name,
            what="notice",
            fields=fields,
            send=partial(requests.get, self.notice_url, params=fields, timeout=PATIENCE),
            taken=lambda answer: answer.json().get("RspCode") in ("00", "02"),
            pause=self.pause,
        )
        deliver(self.book, delivery, after=4.0 if lie == "late" else 0.0, wait=lie == "early")

    def _bent(self, fields: dict[str, str], lie: str) -> dict[str, str]:
        if lie == "amount":
            fields["vnp_Amount"] = str(int(fields["vnp_Amount"]) + 100_000)
        if lie == "unknown":
            fields["vnp_TxnRef"] = f"X{fields['vnp_TxnRef']}"
        fields["vnp_SecureHash"] = "0" * 128 if lie == "forged" else self.sign(self.sorted_text(fields))
        return fields


class Counter:
    """What answers at the gateway's addresses."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.book = gateway.book

    def page(self) -> ResponseReturnValue:
        """The pay page."""
        mood, fields = self.book.linger(PARTY.name), request.args.to_dict()
        self.book.note(PARTY.name, "pay page", fields)
        payment = self.gateway.order(fields)
        if payment is None or mood.refuse:
            problem = "Ngân hàng đang bảo trì (75)" if payment else "Sai chữ ký (97)"
            return render_template("standins/vnpay.html", payment=None, problem=problem, banks=())
        return render_template("standins/vnpay.html", payment=payment, problem="", banks=BANKS)

    def decide(self) -> ResponseReturnValue:
        """The payer pays, gives up, or has no money: the notice goes out, the browser goes back."""
        payment = self.gateway.payments.get(request.form.get("order", ""))
        if payment is None:
            return "?", 404
        if payment.status == "01":
            payment.code, payment.status = ENDS.get(request.form.get("end", ""), ENDS["cancel"])
            payment.bank, payment.at = request.form.get("bank") or "NCB", datetime.now(UTC)
        if payment.status != "01":
            self.gateway.tell(payment)
        return redirect(f"{payment.fields['vnp_ReturnUrl']}?{urlencode(self.gateway.told(payment))}")

    def transaction(self) -> ResponseReturnValue:
        """The API: querydr and refund."""
        mood, fields = self.book.linger(PARTY.name), request.get_json(force=True)
        self.book.note(PARTY.name, str(fields.get("vnp_Command")), fields)
        if mood.refuse:
            return "unavailable", 503
        answer = jsonify(_answered(self.gateway, fields, mood.lie))
        return ("gone", 504) if mood.lie == "timeout" and fields.get("vnp_Command") == "refund" else answer

    def settlement(self) -> ResponseReturnValue:
        """What was paid on a day."""
        day = request.args.get("day", "")
        return jsonify(lines=[_line(one) for one in list(self.gateway.payments.values()) if _paid_on(one, day)])


def create_vnpay(stage: Stage) -> Flask:
    """The gateway as an application of its own."""
    app, counter = Flask("web"), Counter(Gateway(stage))
    app.add_url_rule("/paymentv2/vpcpay.html", view_func=counter.page)
    app.add_url_rule("/paymentv2/decide", view_func=counter.decide, methods=["POST"])
    app.add_url_rule("/merchant_webapi/api/transaction", view_func=counter.transaction, methods=["POST"])
    app.add_url_rule("/settlement.json", view_func=counter.settlement)
    return app


def _answered(gateway: Gateway, fields: dict[str, Any], lie: str) -> dict[str, Any]:
    """What the API says to a question or a refund, signed unless it lies."""
    refund = fields.get("vnp_Command") == "refund"
    signed = gateway.sign(gateway.piped(fields, REFUND if refund else QUERY)) == fields.get("vnp_SecureHash")
    payment = gateway.payments.get(str(fields.get("vnp_TxnRef")))
    code = "97" if not signed else "91" if payment is None else _refunded(payment) if refund else "00"
    reply: dict[str, Any] = {
        "vnp_ResponseId": secrets.token_hex(16),
        "vnp_Command": fields.get("vnp_Command", ""),
        "vnp_ResponseCode": code,
        "vnp_Message": MESSAGES[code],
        "vnp_TmnCode": gateway.code,
        "vnp_TxnRef": fields.get("vnp_TxnRef", ""),
    }
    if payment is not None and signed:
        reply |= {
            "vnp_Amount": payment.fields["vnp_Amount"],
            "vnp_BankCode": payment.bank,
            "vnp_PayDate": payment.at.astimezone(ZONE).strftime("%Y%m%d%H%M%S"),
            "vnp_TransactionNo": payment.number,
            "vnp_TransactionType": "02" if refund else "01",
            "vnp_TransactionStatus": "05" if refund else payment.status,
            "vnp_OrderInfo": payment.fields["vnp_OrderInfo"],
        }
    names = REPLY if refund else f"{REPLY} PromotionCode PromotionAmount"
    return {**reply, "vnp_SecureHash": "" if lie == "unsigned" else gateway.sign(gateway.piped(reply, names))}


def _refunded(payment: Payment) -> str:
    if payment.status != "00":
        return "95"
    if payment.refunded:
        return "94"
    payment.refunded = True
    return "00"


def _paid_on(payment: Payment, day: str) -> bool:
    return payment.status == "00" and payment.at.astimezone(ZONE).date().isoformat() == day


def _line(payment: Payment) -> dict[str, Any]:
    amount = int(payment.fields["vnp_Amount"]) // 100
    order = payment.fields["vnp_TxnRef"]
    return {"id": payment.number, "at": payment.at.isoformat(), "amount": amount, "order": order, "content": ""}
