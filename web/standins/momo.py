"""A stand-in of MoMo v2: create, its page, signed notices, query and refund."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web.standins.book import Party
from web.standins.delivering import PATIENCE, Delivery, deliver
from web.standins.stage import Stage

ZONE = timezone(timedelta(hours=7))
PARTY = Party(
    name="momo",
    title="Ví MoMo",
    title_en="MoMo wallet",
    lies={
        "forged": ("ký sai thông báo", "signs the notice wrongly"),
        "amount": ("báo số tiền khác", "tells another amount"),
        "lost": ("không gửi thông báo", "loses the notice"),
        "late": ("báo sau khi người nộp quay lại", "tells well after the payer returned"),
    },
)
CREATE = "accessKey amount extraData ipnUrl orderId orderInfo partnerCode redirectUrl requestId requestType"
NOTICE = (
    "accessKey amount extraData message orderId orderInfo orderType partnerCode payType requestId responseTime"
    " resultCode transId"
)
QUERY = "accessKey orderId partnerCode requestId"
REFUND = "accessKey amount description orderId partnerCode requestId transId"
ENDS = {"pay": 0, "cancel": 1006, "funds": 1001}


@dataclass
class Payment:
    """What the wallet knows of an order."""

    fields: dict[str, Any]
    number: int
    code: int = 1000
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Wallet:
    """The wallet's memory and its pen."""

    def __init__(self, stage: Stage) -> None:
        section = stage.connectors.get(PARTY.name, {})
        self.book = stage.book
        self.address = f"{stage.settings.standins}/{PARTY.name}"
        self.partner, self.key = section.get("partner", ""), section.get("access_key", "")
        self.secret = section.get("secret", "").encode()
        self.pause = float(section.get("retry_seconds", 5))
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, int] = {}
        self._numbers = itertools.count(4_000_000_001)

    def sign(self, fields: dict[str, Any], names: str) -> str:
        """HMAC-SHA256 over the raw values."""
        own = {**fields, "accessKey": self.key}
        text = "&".join(f"{name}={own.get(name, '')}" for name in names.split())
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()

    def signed(self, fields: dict[str, Any], names: str) -> bool:
        """Whether the fields bear the merchant's signature."""
        return fields.get("signature") == self.sign(fields, names)

    def created(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The answer to a create; the same request gets the same."""
        order = str(fields.get("orderId"))
        if not self.signed(fields, CREATE):
            return {"resultCode": 11007, "message": "Sai chữ ký"}
        known = self.payments.get(order)
        if known and known.fields["requestId"] != fields["requestId"]:
            return {"resultCode": 41, "message": "Trùng orderId"}
        if not 1_000 <= int(fields["amount"]) <= 50_000_000:
            return {"resultCode": 22, "message": "Số tiền ngoài hạn mức"}
        self.payments.setdefault(order, Payment(dict(fields), next(self._numbers)))
        return {"resultCode": 0, "message": "Thành công", "orderId": order, "payUrl": f"{self.address}/pay/{order}"}

    def told(self, payment: Payment, amount: int) -> dict[str, Any]:
        """What return and notice say, signed."""
        ordered = payment.fields
        fields: dict[str, Any] = {
            "partnerCode": self.partner,
            "orderId": ordered["orderId"],
            "requestId": ordered["requestId"],
            "amount": amount,
            "orderInfo": ordered["orderInfo"],
            "orderType": "momo_wallet",
            "transId": payment.number,
            "resultCode": payment.code,
            "message": "Thành công." if payment.code == 0 else "Giao dịch không thành công.",
            "payType": "qr",
            "responseTime": int(time.time() * 1000),
            "extraData": ordered.get("extraData", ""),
        }
        return {**fields, "signature": self.sign(fields, NOTICE)}

    def tell(self, payment: Payment) -> None:
        """Send the notice, as the mood says."""
        lie, amount = self.book.mood(PARTY.name).lie, int(payment.fields["amount"])
        fields = self.told(payment, amount + 1000 if lie == "amount" else amount)
        if lie == "forged":
            fields["signature"] = "0" * 64
        if lie == "lost":
            self.book.note(PARTY.name, "notice lost", fields)
            return
        delivery = Delivery(
            party=PARTY.name,
            what="notice",
            fields=fields,
            send=partial(requests.post, payment.fields["ipnUrl"], json=fields, timeout=PATIENCE),
            taken=lambda answer: answer.status_code == 204,
            pause=self.pause,
        )
        deliver(self.book, delivery, after=4.0 if lie == "late" else 0.0)

    def refunded(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The answer to a refund; a second one under the same number is refused as such."""
        payment = next((p for p in self.payments.values() if p.number == int(fields.get("transId") or 0)), None)
        if not self.signed(fields, REFUND):
            return {"resultCode": 11007, "message": "Sai chữ ký"}
        if fields["orderId"] in self.refunds:
            return {"resultCode": 41, "message": "Trùng orderId", "transId": self.refunds[fields["orderId"]]}
        if payment is None or payment.code != 0 or int(fields["amount"]) > int(payment.fields["amount"]):
            return {"resultCode": 1080, "message": "Giao dịch gốc không hợp lệ"}
        self.refunds[fields["orderId"]] = next(self._numbers)
        return {"resultCode": 0, "message": "Thành công", "transId": self.refunds[fields["orderId"]]}


class Counter:
    """What answers at the wallet's addresses."""

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet

    def api(self, command: str) -> ResponseReturnValue:
        """Create, query, refund."""
        wallet, fields = self.wallet, request.get_json(force=True)
        mood = wallet.book.linger(PARTY.name)
        wallet.book.note(PARTY.name, command, fields)
        if mood.refuse:
            return "unavailable", 503
        answers = {"create": wallet.created, "refund": wallet.refunded, "query": self._known}
        return jsonify(answers[command](fields)) if command in answers else ("?", 404)

    def _known(self, fields: dict[str, Any]) -> dict[str, Any]:
        payment = self.wallet.payments.get(str(fields.get("orderId")))
        if payment is None or not self.wallet.signed(fields, QUERY):
            return {"resultCode": 42 if payment is None else 11007, "message": "Không có giao dịch"}
        return self.wallet.told(payment, int(payment.fields["amount"]))

    def page(self, order: str) -> ResponseReturnValue:
        """The pay page."""
        payment = self.wallet.payments.get(order)
        return render_template("standins/momo.html", payment=payment), 200 if payment else 404

    def decide(self, order: str) -> ResponseReturnValue:
        """The payer pays, gives up, or has no money: the notice goes out, the browser goes back."""
        payment = self.wallet.payments.get(order)
        if payment is None:
            return "?", 404
        if payment.code == 1000 and request.form.get("end") in ENDS:
            payment.code, payment.at = ENDS[request.form["end"]], datetime.now(UTC)
            self.wallet.tell(payment)
        fields = self.wallet.told(payment, int(payment.fields["amount"]))
        return redirect(f"{payment.fields['redirectUrl']}?{urlencode(fields)}")

    def settlement(self) -> ResponseReturnValue:
        """What was paid on a day."""
        day = request.args.get("day", "")
        return jsonify(lines=[_line(one) for one in list(self.wallet.payments.values()) if _paid_on(one, day)])


def create_momo(stage: Stage) -> Flask:
    """The wallet as an application of its own."""
    app, counter = Flask("web"), Counter(Wallet(stage))
    app.add_url_rule("/v2/gateway/api/<command>", view_func=counter.api, methods=["POST"])
    app.add_url_rule("/pay/<order>", view_func=counter.page)
    app.add_url_rule("/pay/<order>", view_func=counter.decide, methods=["POST"])
    app.add_url_rule("/settlement.json", view_func=counter.settlement)
    return app


def _paid_on(payment: Payment, day: str) -> bool:
    return payment.code == 0 and payment.at.astimezone(ZONE).date().isoformat() == day


def _line(payment: Payment) -> dict[str, Any]:
    amount, order = int(payment.fields["amount"]), payment.fields["orderId"]
    return {"id": str(payment.number), "at": payment.at.isoformat(), "amount": amount, "order": order, "content": ""}
