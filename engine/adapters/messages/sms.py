"""SMS under a registered brand name, by a gateway that speaks the eSMS protocol."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from engine.domain.errors import ChannelDownError, ChannelRefusedError
from engine.domain.notice import Outcome
from engine.domain.notice_text import clean, international, one_line, plain_sms
from engine.ports.notices import Outgoing

ACCEPTED, REPEATED = "100", "124"
# What another try would not change. Others (no money left, blocked, address not listed …) the house can mend.
HOPELESS: Mapping[str, str] = {
    "108": "the number is wrong",
    "118": "the kind of message is not allowed",
    "146": "the text fits no registered template",
    "177": "the number's network is not registered for the brand name",
}
MENDABLE: Mapping[str, str] = {
    "99": "the account is blocked",
    "101": "the key is wrong",
    "103": "the account is empty",
    "104": "the brand name is not there",
    "140": "our address is not listed",
}
CUSTOMER_CARE = "2"
UNICODE_SIGNS = 70
DELIVERED = "5"  # states of a message in a callback: on its way before, refused or deleted otherwise
ON_ITS_WAY = ("1", "2", "3")


@dataclass(frozen=True, slots=True, kw_only=True)
class EsmsChannel:
    """Implements the Channel port. `callback`: where the gateway tells the end; it knows the secret in its path."""

    url: str
    api_key: str
    secret_key: str
    brand: str
    callback: str = ""
    callback_secret: str = ""
    marks: bool = False  # send marks, at 70 signs a message
    sandbox: bool = False
    seconds: tuple[float, float] = (3.05, 10.0)

    def send(self, message: Outgoing) -> str:
        """Hand the message over; what the gateway calls it. Accepted is not delivered: the callback tells that."""
        phone = international(message.recipient)
        if not phone:
            raise ChannelRefusedError(channel="sms", reason=HOPELESS["108"])
        content = clean(message.text, UNICODE_SIGNS) if self.marks else plain_sms(message.text)
        answer = self._post({
            "ApiKey": self.api_key,
            "SecretKey": self.secret_key,
            "Phone": phone,
            "Content": content,
            "Brandname": self.brand,
            "SmsType": CUSTOMER_CARE,
            "IsUnicode": "1" if self.marks else "0",
            "Sandbox": "1" if self.sandbox else "0",
            "RequestId": message.key[:50],
            "CallbackUrl": self.callback,
        })  # fmt: skip
        code = str(answer.get("CodeResult", ""))
        if code == ACCEPTED:
            return str(answer.get("SMSID") or message.key)
        if code == REPEATED:  # an earlier try was taken, though we never heard of it
            return message.key
        if code in HOPELESS:
            raise ChannelRefusedError(channel="sms", reason=f"{code}: {HOPELESS[code]}")
        said = MENDABLE.get(code) or one_line(str(answer.get("ErrorMessage", "")))
        raise ChannelDownError(channel="sms", reason=f"{code}: {said}")

    def _post(self, fields: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            answer = requests.post(self.url, json=dict(fields), timeout=self.seconds, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise ChannelDownError(channel="sms", reason=type(error).__name__) from error
        return told if isinstance(told, Mapping) else {}

    def told(self, secret: str, fields: Mapping[str, str]) -> tuple[str, Outcome, str] | None:
        """(id, outcome, error) of a callback; None for one that does not know the secret, or tells no end."""
        known = bool(self.callback_secret) and hmac.compare_digest(secret.encode(), self.callback_secret.encode())
        state, number = fields.get("SendStatus", ""), fields.get("SMSID", "")
        if not known or not number or not state or state in ON_ITS_WAY:
            return None
        if state == DELIVERED and fields.get("SendFailed", "0") in ("", "0"):
            return number, "delivered", ""
        return number, "undelivered", f"state {one_line(state, 20)}"
