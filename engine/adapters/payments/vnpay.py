"""VNPAY 2.1.0: a signed pay address, signed notices, and an API that is asked about orders and gives money back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from engine.adapters.payments import vnpay_signing as signing
from engine.adapters.payments.exchange import PATIENCE, post_json
from engine.adapters.payments.settlement import Settlement
from engine.domain.errors import PaymentRefusedError
from engine.ports.payments import Asked, Line, Notice, Opened, Order, Outcome, Refunded, Values, Verdict

VERSION = "2.1.0"
ZONE = timezone(timedelta(hours=7))
MOST = 9_999_999_999  # dong: the amount has twelve digits, the last two of them hundredths
PAID, REVIEWED = "00", "07"
# vnp_TransactionStatus; 04: taken from the payer's bank, not settled at VNPAY; 05, 06, 09: paid, then a refund
OUTCOMES: Mapping[str, Outcome] = {
    **{"00": "paid", "05": "paid", "06": "paid", "09": "paid"},
    **{"01": "open", "04": "held", "07": "held"},
}
GOES_BACK = ("00", "94")  # accepted; asked for before
NOT_KNOWN = "91"
ANSWERS: Mapping[Verdict, tuple[str, str]] = {
    "forged": ("97", "Invalid signature"),
    "unknown": ("01", "Order not found"),
    "mismatch": ("04", "Invalid amount"),
    "repeated": ("02", "Order already confirmed"),
    "recorded": ("00", "Confirm Success"),
    "error": ("99", "Unknown error"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vnpay:
    """Implements PaymentProvider. `minutes`: how long a pay address is good for."""

    code: str
    secret: str
    pay_url: str
    api_url: str
    minutes: int = 15
    timeout: float = PATIENCE
    settlement: Settlement = Settlement()
    name: str = "vnpay"
    title: str = "VNPAY"
    title_en: str = "VNPAY"
    refunds: bool = True

    def takes(self, amount: int) -> bool:
        """Whether the amount fits into an order."""
        return 0 < amount <= MOST

    def create(self, order: Order) -> Opened:
        """The signed address of VNPAY's page; nothing goes out."""
        expires = order.at + timedelta(minutes=self.minutes)
        fields = {
            "vnp_Version": VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": self.code,
            "vnp_Amount": str(order.amount * 100),
            "vnp_CreateDate": stamp(order.at),
            "vnp_CurrCode": "VND",
            "vnp_ExpireDate": stamp(expires),
            "vnp_IpAddr": order.ip,
            "vnp_Locale": "en" if order.language == "en" else "vn",
            "vnp_OrderInfo": order_info(order.text),
            "vnp_OrderType": "other",
            "vnp_ReturnUrl": order.return_url,
            "vnp_TxnRef": order.id,
        }
        text = signing.signed_text(fields)
        url = f"{self.pay_url}?{text}&{signing.SIGNATURE}={signing.sign(self.secret, text)}"
        return Opened(kind="redirect", url=url, expires_at=expires, details={"created": stamp(order.at)})

    def verify_return(self, fields: Mapping[str, str]) -> Notice | None:
        """What came back with the browser, signed like a notice."""
        return self.read_notice(fields)

    def read_notice(self, fields: Values) -> Notice | None:
        """The signed notice. Paid is what both codes call paid; code 07 is neither paid nor failed."""
        if not signing.is_signed(self.secret, signing.signed_text(fields), fields):
            return None
        amount, code = str(fields.get("vnp_Amount", "")), str(fields.get("vnp_ResponseCode", ""))
        if fields.get("vnp_TmnCode") != self.code or not re.fullmatch(r"[0-9]{1,14}", amount):
            return None
        return Notice(
            order=str(fields.get("vnp_TxnRef", "")),
            amount=_dong(amount),
            outcome=_outcome(code, str(fields.get("vnp_TransactionStatus", ""))),
            code=code,
            reference=str(fields.get("vnp_TransactionNo", "")),
        )

    def answer(self, verdict: Verdict) -> tuple[int, Values | None]:
        """Always 200; what was made of it stands in RspCode. 00 and 02 end VNPAY's repeats."""
        code, message = ANSWERS[verdict]
        return 200, {"RspCode": code, "Message": message}

    def query(self, asked: Asked) -> Notice | None:
        """What VNPAY knows of an order (querydr)."""
        fields = {**self._request("querydr", asked), "vnp_OrderInfo": f"Truy van {asked.order}"}
        reply = self._asked(fields, signing.QUERY, signing.QUERY_REPLY)
        code = str(reply.get("vnp_ResponseCode"))
        if code == NOT_KNOWN:
            return None
        amount, status = str(reply.get("vnp_Amount", "")), str(reply.get("vnp_TransactionStatus", ""))
        if code != PAID or reply.get("vnp_TxnRef") != asked.order or not amount.isdecimal():
            raise ConnectionError(f"VNPAY answers {code} about {asked.order}: {reply.get('vnp_Message')}")
        return Notice(
            order=asked.order,
            amount=_dong(amount),
            outcome=OUTCOMES.get(status, "failed"),
            code=status,
            reference=str(reply.get("vnp_TransactionNo", "")),
        )

    def refund(self, asked: Asked) -> Refunded:
        """Give all of it back; what was asked for before (94) is as good as accepted."""
        fields = {
            **self._request("refund", asked),
            "vnp_TransactionType": "02",
            "vnp_Amount": str(asked.amount * 100),
            "vnp_TransactionNo": asked.reference or "0",
            "vnp_CreateBy": "motcua",
            "vnp_OrderInfo": order_info(f"Hoan tien {asked.order}"),
        }
        reply = self._asked(fields, signing.REFUND, signing.REFUND_REPLY)
        code = str(reply.get("vnp_ResponseCode"))
        if code in GOES_BACK:
            return Refunded(code=code, reference=str(reply.get("vnp_TransactionNo") or asked.reference))
        raise PaymentRefusedError(order=asked.order, reason=f"VNPAY {code}: {reply.get('vnp_Message')}")

    def statement(self, day: date) -> Sequence[Line] | None:
        """The day's settlement, where the installation says where it lies."""
        return self.settlement.of(day)

    def _request(self, command: str, asked: Asked) -> dict[str, str]:
        """The fields of a request; its number is the same when the same is asked again within a minute."""
        same = f"{command}/{asked.order}/{stamp(asked.now)[:12]}"
        return {
            "vnp_RequestId": hashlib.sha256(same.encode()).hexdigest()[:32],
            "vnp_Version": VERSION,
            "vnp_Command": command,
            "vnp_TmnCode": self.code,
            "vnp_TxnRef": asked.order,
            "vnp_TransactionDate": str(asked.details.get("created") or stamp(asked.at)),
            "vnp_CreateDate": stamp(asked.now),
            "vnp_IpAddr": "127.0.0.1",
        }

    def _asked(self, fields: dict[str, str], names: Sequence[str], reply_names: Sequence[str]) -> Values:
        fields[signing.SIGNATURE] = signing.sign(self.secret, signing.joined(fields, names))
        reply = post_json(self.api_url, fields, timeout=self.timeout)
        if not signing.is_signed(self.secret, signing.joined(reply, reply_names), reply):
            raise ConnectionError(f"an answer about {fields['vnp_TxnRef']} is not signed by VNPAY")
        return reply


def stamp(at: datetime) -> str:
    """`yyyyMMddHHmmss` in Viet Nam's time."""
    return at.astimezone(ZONE).strftime("%Y%m%d%H%M%S")


def order_info(text: str) -> str:
    """Letters, digits and a few signs, 255 at most: VNPAY takes no marks."""
    return re.sub(r"[^A-Za-z0-9 .:\-]", "", text)[:255]


def _dong(hundredths: str) -> int:
    """An amount that is no whole dong fits no order."""
    return int(hundredths) // 100 if hundredths.endswith("00") else -1


def _outcome(code: str, status: str) -> Outcome:
    if code == PAID and status == PAID:
        return "paid"
    if REVIEWED in (code, status):
        return "held"
    return OUTCOMES[status] if OUTCOMES.get(status) in ("open", "held") else "failed"


def from_section(section: Mapping[str, Any]) -> Vnpay:
    """The provider of a section of the connectors' file; KeyError names what is missing."""
    return Vnpay(
        code=section["code"],
        secret=section["secret"],
        pay_url=section["pay_url"],
        api_url=section["api_url"],
        minutes=int(section.get("minutes", 15)),
        timeout=float(section.get("timeout", PATIENCE)),
        settlement=Settlement.from_section(section),
    )
