"""How VNPAY 2.1.0 signs: pay addresses and notices over sorted, encoded fields; its API over values joined by pipes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus

SIGNATURE = "vnp_SecureHash"
UNSIGNED = (SIGNATURE, "vnp_SecureHashType")
QUERY = ("RequestId", "Version", "Command", "TmnCode", "TxnRef", "TransactionDate", "CreateDate", "IpAddr", "OrderInfo")
REFUND = (
    *("RequestId", "Version", "Command", "TmnCode", "TransactionType", "TxnRef", "Amount", "TransactionNo"),
    *("TransactionDate", "CreateBy", "CreateDate", "IpAddr", "OrderInfo"),
)
REFUND_REPLY = (
    *("ResponseId", "Command", "ResponseCode", "Message", "TmnCode", "TxnRef", "Amount", "BankCode", "PayDate"),
    *("TransactionNo", "TransactionType", "TransactionStatus", "OrderInfo"),
)
QUERY_REPLY = (*REFUND_REPLY, "PromotionCode", "PromotionAmount")


def signed_text(fields: Mapping[str, Any]) -> str:
    """What is signed of a pay address or a notice: the fields that say something, sorted, in the encoding of forms."""
    own = sorted((n, str(v)) for n, v in fields.items() if n.startswith("vnp_") and n not in UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in own if value)


def joined(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    """What is signed of a request to the API, or of its answer: the values in their fixed order, none left out."""
    values = (fields.get(f"vnp_{name}") for name in names)
    return "|".join("" if value is None else str(value) for value in values)


def sign(secret: str, text: str) -> str:
    """The HMAC-SHA512 of the text, in lower-case hex."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def is_signed(secret: str, text: str, fields: Mapping[str, Any]) -> bool:
    """Whether the fields bear the signature of the text."""
    given = str(fields.get(SIGNATURE) or "").lower()
    return hmac.compare_digest(sign(secret, text).encode(), given.encode())
