"""A local stand-in of a payment provider: signed pay addresses, signed notices; no money moves."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from engine.domain.errors import PaymentRefusedError
from engine.domain.fee import money

FIELDS = ("amount", "case_code", "order", "paid", "reference")
ORDER_FIELDS = ("amount", "case_code", "order", "return_url")


class StandinPayments:
    """Implements the Payments port; the web stand-in page asks it for the notice a provider would send."""

    name = "standin"
    most = 499_999_999  # dong: a single order above it is refused, as providers do; below 0 every order is refused

    def __init__(self, secret: bytes, page: str = "/standins/payment") -> None:
        self._secret = secret
        self._page = page

    def order(self, *, order: str, amount: int, case_code: str, return_url: str) -> str:
        """The signed address of the stand-in's pay page; the same order gives the same address. PaymentRefusedError."""
        if amount > self.most:
            raise PaymentRefusedError(order=order, reason=f"{money(amount)} vượt mức cho một lệnh ({money(self.most)})")
        fields = {"order": order, "amount": str(amount), "case_code": case_code, "return_url": return_url}
        return f"{self._page}?{urlencode({**fields, 'signature': self._sign(fields, ORDER_FIELDS)})}"

    def check_order(self, fields: Mapping[str, str]) -> bool:
        """Whether a pay address is ours."""
        return self._valid(fields, ORDER_FIELDS)

    def notice(self, *, order: str, amount: int, case_code: str, paid: bool) -> dict[str, str]:
        """The fields a provider would send, server to server, after the payer decided."""
        reference = hashlib.sha256(f"{order}/{amount}".encode()).hexdigest()[:12].upper()
        fields = {
            "order": order,
            "amount": str(amount),
            "case_code": case_code,
            "paid": "1" if paid else "0",
            "reference": reference,
        }
        return {**fields, "signature": self._sign(fields, FIELDS)}

    def check_notice(self, fields: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The notice's facts, or None when it is not signed by the provider."""
        if not self._valid(fields, FIELDS) or not fields["amount"].isdecimal():
            return None
        return {
            "order": fields["order"],
            "amount": int(fields["amount"]),
            "case_code": fields["case_code"],
            "paid": fields["paid"] == "1",
            "reference": fields["reference"],
        }

    def _valid(self, fields: Mapping[str, str], names: tuple[str, ...]) -> bool:
        if not all(name in fields for name in (*names, "signature")):
            return False
        return hmac.compare_digest(self._sign(fields, names).encode(), fields["signature"].encode())

    def _sign(self, fields: Mapping[str, str], names: tuple[str, ...]) -> str:
        text = urlencode([(name, fields[name]) for name in names])
        return hmac.new(self._secret, text.encode(), hashlib.sha512).hexdigest()
