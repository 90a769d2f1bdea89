"""All stand-ins behind one address on loopback: the console at its root, each party under its own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.settings import Settings
from web.standins import (
    bank,
    identity,
    mail,
    mobile_signature,
    momo,
    post,
    post_office,
    registers,
    sms,
    tsa,
    usb_token,
    vnpay,
    zalo,
)
from web.standins.book import Book, Party
from web.standins.console import create_console
from web.standins.stage import Maker, Stage

# every outside party, and what stands in for it
CAST: tuple[tuple[Party, Maker], ...] = (
    (tsa.PARTY, tsa.create_tsa),
    (registers.INSURANCE, registers.create_insurance),
    (registers.SUBSCRIBERS, registers.create_subscribers),
    (post_office.POST_OFFICE, post_office.create_post_office),
    (usb_token.USB, usb_token.create_usb),
    (mobile_signature.MSSP, mobile_signature.create_mssp),
    (vnpay.PARTY, vnpay.create_vnpay),
    (momo.PARTY, momo.create_momo),
    (bank.PARTY, bank.create_bank),
    (identity.IDENTITY, identity.create_identity),
    (mail.PARTY, mail.create_mail),
    (sms.PARTY, sms.create_sms),
    (zalo.PARTY, zalo.create_zalo),
    (post.POST, post.create_post),
)


def create_standins(
    settings: Settings, connectors: Mapping[str, Mapping[str, Any]]
) -> tuple[DispatcherMiddleware, Book]:
    """The WSGI application of all stand-ins, and their book."""
    book = Book([party for party, _ in CAST])
    stage = Stage(settings=settings, connectors=connectors, book=book)
    mounts: dict[str, Any] = {f"/{party.name}": make(stage) for party, make in CAST}
    return DispatcherMiddleware(create_console(book), mounts), book
