"""MoMo v2: an order is created by a call, told of by a signed notice, asked about and given back by calls."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.adapters.payments.exchange import PATIENCE, post_json
from engine.adapters.payments.settlement import Settlement
from engine.domain.errors import PaymentRefusedError
from engine.ports.payments import Asked, Line, Notice, Opened, Order, Outcome, Refunded, Values, Verdict

LEAST, MOST = 1_000, 50_000_000  # dong
CREATE = ("accessKey", "amount", "extraData", "ipnUrl", "orderId", "orderInfo", "partnerCode", "redirectUrl") + (
    *("requestId", "requestType"),
)
NOTICE = ("accessKey", "amount", "extraData", "message", "orderId", "orderInfo", "orderType", "partnerCode") + (
    *("payType", "requestId", "responseTime", "resultCode", "transId"),
)
QUERY = ("accessKey", "orderId", "partnerCode", "requestId")
REFUND = ("accessKey", "amount", "description", "orderId", "partnerCode", "requestId", "transId")
# 9000: authorised only; 1000, 7000, 7002: the payer or MoMo is still at it
OUTCOMES: Mapping[int, Outcome] = {0: "paid", 9000: "held", 1000: "open", 7000: "open", 7002: "open"}
NOT_KNOWN, TWICE = 42, 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Momo:
    """Implements PaymentProvider. `api_url` ends before /create; `notice_url` is where MoMo tells us."""

    partner: str
    access_key: str
    secret: str
    api_url: str
    notice_url: str
    minutes: int = 100
    timeout: float = PATIENCE
    settlement: Settlement = Settlement()
    name: str = "momo"
    title: str = "Ví MoMo"
    title_en: str = "MoMo wallet"
    refunds: bool = True

    def takes(self, amount: int) -> bool:
        """Whether MoMo takes the amount: 1.000 to 50.000.000 dong."""
        return LEAST <= amount <= MOST

    def create(self, order: Order) -> Opened:
        """Ask MoMo for its page; the order's number is the request's, so a repeat gets the same."""
        fields = {
            "partnerCode": self.partner,
            "requestId": order.id,
            "amount": order.amount,
            "orderId": order.id,
            "orderInfo": order.text[:255],
            "redirectUrl": order.return_url,
            "ipnUrl": self.notice_url,
            "requestType": "captureWallet",
            "extraData": "",
            "lang": "en" if order.language == "en" else "vi",
            "autoCapture": True,
        }
        reply = self._call("create", fields, CREATE)
        url = str(reply.get("payUrl") or "")
        if _code(reply) != 0 or not re.match(r"https?://", url):
            raise PaymentRefusedError(order=order.id, reason=f"MoMo {_code(reply)}: {reply.get('message')}")
        return Opened(kind="redirect", url=url, expires_at=order.at + timedelta(minutes=self.minutes))

    def verify_return(self, fields: Mapping[str, str]) -> Notice | None:
        """What came back with the browser, signed like a notice."""
        return self.read_notice(fields)

    def read_notice(self, fields: Values) -> Notice | None:
        """The signed notice."""
        given = str(fields.get("signature") or "").encode()
        own = self._sign(fields, NOTICE).encode()
        if not hmac.compare_digest(own, given) or fields.get("partnerCode") != self.partner:
            return None
        try:
            return self._notice(fields)
        except ValueError:
            return None

    def answer(self, verdict: Verdict) -> tuple[int, Values | None]:
        """204 for what need not come again; else a status that makes MoMo repeat, or tells it off."""
        statuses: Mapping[Verdict, int] = {"forged": 403, "unknown": 404, "mismatch": 422, "error": 500}
        return statuses.get(verdict, 204), None

    def query(self, asked: Asked) -> Notice | None:
        """What MoMo knows of an order."""
        number = f"{asked.order}Q{int(asked.now.timestamp())}"
        reply = self._call("query", self._request(asked.order, number), QUERY)
        if _code(reply) == NOT_KNOWN:
            return None
        if reply.get("orderId") != asked.order:
            raise ConnectionError(f"MoMo answers about another order than {asked.order}")
        try:
            return self._notice(reply)
        except ValueError as error:
            raise ConnectionError(f"MoMo answers about {asked.order}: {error}") from error

    def refund(self, asked: Asked) -> Refunded:
        """Give all of it back; the refund's number is the order's own, so what was asked for before (41) is known."""
        number = f"{asked.order}R"
        fields = {
            **self._request(number, number),
            "amount": asked.amount,
            "transId": int(asked.reference) if asked.reference.isdecimal() else 0,
            "description": f"Hoan tien {asked.order}",
            "lang": "vi",
        }
        reply = self._call("refund", fields, REFUND)
        code = _code(reply)
        if code in (0, TWICE):
            return Refunded(code=str(code), reference=str(reply.get("transId") or ""))
        if OUTCOMES.get(code) == "open":
            raise ConnectionError(f"MoMo has not done the refund of {asked.order} yet ({code})")
        raise PaymentRefusedError(order=asked.order, reason=f"MoMo {code}: {reply.get('message')}")

    def statement(self, day: date) -> Sequence[Line] | None:
        """The day's settlement, where the installation says where it lies."""
        return self.settlement.of(day)

    def _request(self, order: str, number: str) -> dict[str, Any]:
        return {"partnerCode": self.partner, "requestId": number[:50], "orderId": order, "lang": "vi"}

    def _call(self, path: str, fields: Mapping[str, Any], names: Iterable[str]) -> Values:
        signed = {**fields, "signature": self._sign(fields, names)}
        return post_json(f"{self.api_url}/{path}", signed, timeout=self.timeout)

    def _sign(self, fields: Values, names: Iterable[str]) -> str:
        """Over the raw values, in the alphabet's order of their names."""
        values = {**fields, "accessKey": self.access_key}
        text = "&".join(f"{name}={values.get(name, '')}" for name in names)
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _notice(self, fields: Values) -> Notice:
        code = _code(fields)
        return Notice(
            order=str(fields.get("orderId", "")),
            amount=int(fields.get("amount") or 0),
            outcome=OUTCOMES.get(code, "failed"),
            code=str(code),
            reference=str(fields.get("transId") or ""),
        )


def _code(fields: Values) -> int:
    """The result code; ConnectionError (a ValueError in a notice) where there is none."""
    text = str(fields.get("resultCode", ""))
    if not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise MomoAnswerError(f"no result code but {text[:20]!r}")
    return int(text)


class MomoAnswerError(ConnectionError, ValueError):
    """MoMo trả lời không đúng dạng. | MoMo answers in a form of its own."""


def from_section(section: Mapping[str, Any]) -> Momo:
    """The provider of a section of the connectors' file; KeyError names what is missing."""
    return Momo(
        partner=section["partner"],
        access_key=section["access_key"],
        secret=section["secret"],
        api_url=section["api_url"],
        notice_url=section["notice_url"],
        minutes=int(section.get("minutes", 100)),
        timeout=float(section.get("timeout", PATIENCE)),
        settlement=Settlement.from_section(section),
    )
