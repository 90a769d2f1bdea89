"""Outside parties in tests: stand-ins on loopback in threads of their own, and houses that speak to them, or do not."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from waitress.server import create_server

from engine.bootstrap import App, build
from engine.connectors import load, smtp_port
from engine.ports import Clock
from engine.settings import Settings
from tests.support.desk import ROOT, UNIT
from tests.support.listening import running
from web.app import create_app
from web.standins.book import Book
from web.standins.mail import smtp_sink
from web.standins.serving import create_standins


def free() -> socket.socket:
    """A socket bound to a free port of this machine."""
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    return made


def with_next_free() -> socket.socket:
    """A socket bound to a free port whose next one is free too: the stand-in mail server takes that."""
    while True:
        first = free()
        with socket.socket() as second:
            if not second.connect_ex(("127.0.0.1", first.getsockname()[1] + 1)):
                first.close()
                continue
        return first


@contextmanager
def mails(book: Book, settings: Settings) -> Iterator[None]:
    """The stand-in mail server while it listens."""
    sink = smtp_sink(book, smtp_port(settings))
    sink.start()
    try:
        yield
    finally:
        sink.stop()


def sections(*wanted: str) -> str:
    """These sections of the demonstration's connectors, as they stand there; everything else is a quick double."""
    text = (ROOT / "catalog" / "_shared" / "standins.toml").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=\[)", text)
    return "".join(block for block in blocks if re.match(r"\[([\w.]+)\]", block) and block[1:].split("]")[0] in wanted)


def served(app: Any, at: socket.socket) -> AbstractContextManager[str]:
    """A WSGI application on a socket that is bound already, so that its address was known before; the address."""
    return running(create_server(app, sockets=[at], threads=8, ident=None))


@dataclass(frozen=True, slots=True)
class Outside:
    """A served house, and the stand-ins it speaks to."""

    app: App
    base: str
    standins: str
    book: Book


PAYING = ("payments", "vnpay", "vietqr", "momo")
EVERYONE: tuple[str, ...] = ()


@contextmanager
def house_and_standins(
    home: Path,
    url: str,
    *,
    clock: Clock | None = None,
    prepare: Callable[[App], object] = lambda app: None,
    parties: tuple[str, ...] = PAYING,
) -> Iterator[Outside]:
    """A demonstration that speaks to the stand-ins of these sections over loopback; nothing ticks by itself."""
    part = home / "connectors.toml"
    part.write_text(sections(*parties), encoding="utf-8")
    ours, theirs = free(), with_next_free()
    base, standins = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (ours, theirs))
    settings = Settings(
        home=home,
        database_url=url,
        catalog=ROOT / "catalog",
        unit=UNIT,
        demo=True,
        secure_cookies=False,
        public_url=base,
        standins=standins,
        connectors=part if parties else None,
    )
    app = build(settings, clock=clock)
    prepare(app)
    outside, book = create_standins(settings, load(replace(settings, connectors=None)))
    try:
        with served(outside, theirs), served(create_app(app), ours), mails(book, settings):
            yield Outside(app, base, standins, book)
    finally:
        app.store.close()
