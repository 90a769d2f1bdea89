"""The stand-ins that messages go to, in this process and on loopback: a mail server, an SMS gateway and Zalo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.settings import Settings
from tests.support.desk import ROOT, UNIT
from tests.support.listening import running
from tests.support.postgres import free_port
from web.standins import mail, sms, zalo
from web.standins.book import Book
from web.standins.headers import keep_underscores
from web.standins.stage import Stage


@dataclass(frozen=True, slots=True)
class Posted:
    """Where they are, what they got, and the connectors that name them."""

    url: str
    port: int
    book: Book
    connectors: dict[str, dict[str, Any]]

    def got(self, party: str) -> list[dict[str, Any]]:
        """What a party took, oldest first."""
        return [dict(entry.fields) for entry in self.book.entries(party)[::-1] if entry.what == party]


@contextmanager
def posted(home: Path, callback: str = "") -> Iterator[Posted]:
    """The three of them, until the block ends."""
    book = Book([mail.PARTY, sms.PARTY, zalo.PARTY])
    settings = Settings(home=home, database_url="", catalog=ROOT / "catalog", unit=UNIT, demo=True)
    connectors: dict[str, dict[str, Any]] = {}
    stage = Stage(settings=settings, connectors=connectors, book=book)
    connectors.update(_sections(callback))
    makers = ((mail.PARTY, mail.create_mail), (sms.PARTY, sms.create_sms), (zalo.PARTY, zalo.create_zalo))
    app = DispatcherMiddleware(lambda e, s: [], {f"/{party.name}": make(stage) for party, make in makers})
    server = keep_underscores(create_server(app, host="127.0.0.1", port=0, threads=6, ident=None))
    url = f"http://127.0.0.1:{server.effective_port}"
    connectors["sms"]["url"] = f"{url}/sms/MainService.svc/json/SendMultipleMessage_V4_post_json/"
    connectors["zalo"] |= {"url": f"{url}/zalo/message/template", "token_url": f"{url}/zalo/v4/oa/access_token"}
    sink = mail.smtp_sink(book, free_port())
    connectors["mail"]["port"] = sink.port
    sink.start()
    try:
        with running(server):
            yield Posted(url=url, port=sink.port, book=book, connectors=connectors)
    finally:
        sink.stop()


def _sections(callback: str) -> dict[str, dict[str, Any]]:
    return {
        "mail": {"host": "127.0.0.1", "security": "none", "sender": "mot-cua@xa-mau.example", "sender_name": "Xã Mẫu"},
        "sms": {
            "api_key": "key",
            "secret_key": "secret",
            "brand": "XA MAU",
            "callback": callback,
            "callback_secret": "known-to-the-gateway",
        },
        "zalo": {
            "app_id": "1",
            "secret_key": "app-secret",
            "refresh_token": "first",
            "templates": {"default": "300001"},
        },
    }
