"""Asks outside parties something harmless, to see whether they answer: nothing is sent, ordered or paid."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from engine.adapters.files_s3 import s3_files
from engine.adapters.messages.channels import channels
from engine.adapters.messages.smtp import SmtpChannel
from engine.adapters.signing.apart import apart
from engine.adapters.uploads.clamav import scanner_of
from engine.ports import Clock
from engine.ports.notices import Tokens
from engine.ports.payments import Asked, PaymentProvider

Section = Mapping[str, Any]
SECONDS = 5.0
ADDRESSES = ("url", "address", "issuer")  # under these a section says where its party is


def askers(
    sections: Mapping[str, Section],
    *,
    providers: Mapping[str, PaymentProvider],
    unit: str,
    tokens: Tokens,
    clock: Clock,
) -> dict[str, Callable[[], str]]:
    """How each configured party is asked, by its section; what it gives back is its answer in words. Anything raised
    is the answer, too. A section that names nobody to ask has no entry."""
    found: dict[str, Callable[[], str]] = {}
    for name, section in sections.items():
        if address := next((str(section[key]) for key in ADDRESSES if "://" in str(section.get(key, ""))), None):
            found[name] = lambda address=address: _reached(address)  # type: ignore[misc]  # an address for each
    special: dict[str, Callable[[Section], str]] = {
        "mail": lambda section: _mail(section, unit, tokens, clock),
        "idp": _identity_provider,
        "signing": _time_stamp,
        "clamav": _scanner,
        "files": _bucket,
        "certificates": _revocation,
    }
    for name, ask in special.items():
        if name in sections and not (name == "files" and sections[name].get("kind", "disk") == "disk"):
            found[name] = lambda ask=ask, name=name: ask(sections[name])  # type: ignore[misc]  # a section for each
    for name, provider in providers.items():
        if name != "vietqr":
            found[name] = lambda provider=provider: _payments(provider, clock.now())  # type: ignore[misc]  # one for each
    return found


def _reached(address: str) -> str:
    answer = requests.get(address, timeout=SECONDS, allow_redirects=False, stream=True)
    answer.close()
    if answer.status_code >= 500:
        raise ConnectionError(f"HTTP {answer.status_code}")
    return f"HTTP {answer.status_code} ({urlsplit(address).hostname}): chỉ thử kết nối, không gửi gì"


def _mail(section: Section, unit: str, tokens: Tokens, clock: Clock) -> str:
    channel = channels({"mail": section}, unit, tokens, clock).get("email")
    if not isinstance(channel, SmtpChannel):
        raise ValueError("[mail] makes no channel")
    return channel.ask()


def _identity_provider(section: Section) -> str:
    """The keys with which it signs: without them nobody could come in."""
    answer = requests.get(str(section["keys"]), timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
    keys = answer.json()["keys"]
    if not keys:
        raise ValueError("JWKS has no key")
    return f"{len(keys)} khóa ký tại {urlsplit(str(section['keys'])).hostname}"


def _time_stamp(section: Section) -> str:
    """A stamp over random bytes."""
    stamper = RequestsHTTPTimeStamper(section["tsa"], timeout=SECONDS)
    digest = hashlib.sha256(secrets.token_bytes(16)).digest()
    token = apart(lambda: asyncio.run(stamper.async_timestamp(digest, "sha256")))
    info = token["content"]["encap_content_info"]["content"].parsed
    return f"dấu thời gian {info['gen_time'].native:%H:%M:%S %d/%m/%Y} UTC"


def _scanner(section: Section) -> str:
    scanner = scanner_of({**section, "seconds": SECONDS})
    answer = scanner.ask() if scanner else ""
    if answer != "PONG":
        raise ConnectionError(f"clamd: {answer[:100]!r}")
    return answer


def _bucket(section: Section) -> str:
    there = s3_files({**section, "timeout": SECONDS}).exists(hashlib.sha256(secrets.token_bytes(16)).hexdigest())
    return "kho trả lời" if not there else "kho trả lời lạ"


def _revocation(section: Section) -> str:
    addresses = [str(one) for one in section.get("revoked", ())]
    for address in addresses:
        requests.get(address, timeout=SECONDS, allow_redirects=False).raise_for_status()
    return f"{len(addresses)} danh sách thu hồi"


def _payments(provider: PaymentProvider, now: datetime) -> str:
    """An order that nobody made: a provider that knows us says so, with its signature."""
    order = f"THU{secrets.token_hex(6).upper()}"
    try:
        found = provider.query(Asked(order=order, amount=1000, at=now, now=now))
    except ConnectionError as error:
        if order in str(error):  # answered, signed, about our order: that it is none is what was expected
            return f"trả lời: {error}"[:200]
        raise
    return "không có đơn này, như phải thế" if found is None else f"trả lời {found.outcome} {found.code}"
