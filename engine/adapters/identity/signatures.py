"""Two ways that end in a signature by the person's own key: a USB token, and a SIM asked through its service."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.adapters.identity.certificates import FORGED, UNREADABLE, CertificateCheck, refused
from engine.adapters.identity.outgoing import Outgoing
from engine.domain.registration import (
    NotVouchedError,
    OutsideSilentError,
    Registration,
    RegistrationOverError,
    Standing,
    alive,
)

CHALLENGE_LIFE = timedelta(minutes=2)
WAITING = frozenset({"504"})  # OUTSTANDING_TRANSACTION
REFUSALS = {  # status codes of ETSI TS 102 204 that end a request
    "208": ("yêu cầu ký đã hết hạn mà chưa được xác nhận trên điện thoại", "nobody confirmed on the phone in time"),
    "401": ("yêu cầu ký bị từ chối trên điện thoại", "it was refused on the phone"),
    "402": ("mã PIN của SIM đã bị khóa", "the PIN of the SIM is blocked"),
    "404": ("SIM này chưa có chứng thư số", "this SIM has no certificate"),
    "105": ("số điện thoại này không có SIM ký số", "this number has no signing SIM"),
}


def challenge(*, purpose: str, origin: str, session: str, until: datetime) -> str:
    """What is to be signed: 32 random bytes, what for, where, for which browser; a text that the signer can read."""
    lines = {
        "motcua-challenge": "1",
        "purpose": purpose,
        "origin": origin,
        "session": hashlib.sha256(session.encode()).hexdigest(),
        "until": until.isoformat(),
        "nonce": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise refused(UNREADABLE) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbToken:
    """The vendor's local program signs; its answer comes back through the browser. `page`: where it listens."""

    page: str
    origin: str
    check: CertificateCheck

    def begin(self, given: Mapping[str, str], *, session: str, now: datetime) -> Standing:
        """A fresh challenge, for two minutes and one use."""
        until = now + CHALLENGE_LIFE
        text = challenge(purpose="register", origin=self.origin, session=session, until=until)
        kept = {"challenge": text, "sent": now.isoformat(), "until": until.isoformat(), "page": self.page}
        return Standing(wants="signature", reference=kept)

    def go_on(self, registration: Registration, answer: Mapping[str, str], now: datetime) -> Standing:
        """The signature over our own challenge; what else came with it is not believed."""
        kept = registration.reference
        ends = ("sent", "until", "challenge")
        if not all(name in kept for name in ends) or not alive(
            datetime.fromisoformat(kept["sent"]), datetime.fromisoformat(kept["until"]), now
        ):
            raise RegistrationOverError()
        if answer.get("challenge", kept["challenge"]).replace("\r\n", "\n") != kept["challenge"]:
            raise refused(FORGED)
        chain = answer.get("certificate", "").encode()
        signature = _bytes(answer.get("signature", ""))
        facts = self.check.owner(chain, signature, kept["challenge"].encode(), now)
        return Standing(wants="nothing", facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class MobileSignature:
    """A mobile signature service after ETSI TS 102 204: asked once, then asked how it stands."""

    outgoing: Outgoing
    ap_id: str
    ap_password: str
    origin: str
    check: CertificateCheck
    seconds: int = 120

    def begin(self, given: Mapping[str, str], *, session: str, now: datetime) -> Standing:
        """The phone shows the request and four signs by which its owner knows it as ours."""
        until = now + timedelta(seconds=self.seconds)
        text = challenge(purpose="register", origin=self.origin, session=session, until=until)
        event = f"{secrets.randbelow(10000):04d}"
        question = {
            **self._caller(secrets.token_hex(8), now),
            "MobileUser": {"MSISDN": "+84" + given["phone"][1:]},
            "DataToBeSigned": {
                "MimeType": "text/plain",
                "Encoding": "base64",
                "Value": base64.b64encode(text.encode()).decode(),
            },
            "DataToBeDisplayed": {"Value": f"Một Cửa: đăng ký tài khoản. Mã đối chiếu {event}."},
            "MessagingMode": "asynchClientServer",
            "TimeOut": self.seconds,
        }
        answer = self.outgoing.ask("/MSS_Signature", question)
        self._refuse(answer)
        transaction = str(answer.get("MSSP_TransID") or "")
        if not transaction:
            raise OutsideSilentError(**self.outgoing.party.words)
        kept = {"challenge": text, "transaction": transaction, "event": event, "until": until.isoformat()}
        return Standing(wants="patience", reference=kept)

    def go_on(self, registration: Registration, answer: Mapping[str, str], now: datetime) -> Standing:
        """Ask how it stands; the answer is believed only for the signature it carries."""
        kept = registration.reference
        if now >= datetime.fromisoformat(kept["until"]) + timedelta(seconds=30):
            raise refused(REFUSALS["208"])
        question = {**self._caller(secrets.token_hex(8), now), "MSSP_TransID": kept["transaction"]}
        found = self.outgoing.ask("/MSS_StatusQuery", question)
        status = self._refuse(found)
        if status in WAITING:
            return Standing(wants="patience", facts=registration.facts, reference=kept)
        signature = found.get("MSS_Signature")
        if not isinstance(signature, Mapping) or found.get("MSSP_TransID") != kept["transaction"]:
            raise refused(UNREADABLE)
        chain, signed = str(signature.get("Certificate", "")).encode(), kept["challenge"].encode()
        facts = self.check.owner(chain, _bytes(str(signature.get("Base64Signature", ""))), signed, now)
        return Standing(wants="nothing", facts={**facts, "phone": registration.given["phone"]})

    def _caller(self, transaction: str, now: datetime) -> dict[str, object]:
        who = {"AP_ID": self.ap_id, "AP_PWD": self.ap_password, "AP_TransID": transaction, "Instant": now.isoformat()}
        return {"MajorVersion": "1", "MinorVersion": "1", "AP_Info": who}

    def _refuse(self, answer: Mapping[str, object]) -> str:
        """The status code, unless it says that this ended."""
        status = answer.get("Status")
        code = str((status.get("StatusCode") or {}).get("Value", "")) if isinstance(status, Mapping) else ""
        if code in REFUSALS:
            raise refused(REFUSALS[code])
        if code not in ("100", "500", *WAITING):
            raise NotVouchedError(**self.outgoing.party.words)
        return code
