"""The demonstration's mailbox: every mail, SMS and Zalo notice that the stand-ins took, as its reader would see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from web.standins.book import Book, Entry

KINDS = {"mail": "Thư điện tử", "sms": "Tin nhắn SMS", "zalo": "Zalo"}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as its reader sees it. `files`: name, size, sha256."""

    kind: str
    at: datetime
    to: str
    title: str
    lines: tuple[str, ...]
    files: tuple[Any, ...] = ()


def messages(book: Book, to: str = "") -> list[Message]:
    """What came in, newest first; `to`: only what went to an address or number with these signs in it."""
    found = [_read(entry) for entry in book.entries() if entry.party in KINDS and entry.what == entry.party]
    wanted = _plain(to)
    return [each for each in found if wanted in _plain(each.to)][:SHOWN]


def _plain(address: str) -> str:
    """Numbers are written with and without the country's code."""
    text = address.strip().casefold().replace(" ", "")
    return text[1:] if text.startswith("0") else text


def _read(entry: Entry) -> Message:
    fields, at = entry.fields, entry.at.astimezone(ZONE)
    if entry.party == "mail":
        lines = tuple(str(fields["text"]).strip().split("\n"))
        return Message(
            kind="mail", at=at, to=fields["to"], title=fields["subject"], lines=lines, files=tuple(fields["files"])
        )
    if entry.party == "sms":
        return Message(
            kind="sms", at=at, to=fields["Phone"], title=fields["Brandname"], lines=(str(fields["Content"]),)
        )
    data = fields["template_data"] if isinstance(fields["template_data"], dict) else {}
    lines = tuple(f"{name}: {value}" for name, value in data.items() if value)
    return Message(kind="zalo", at=at, to=fields["phone"], title=f"Mẫu {fields['template_id']}", lines=lines)


def add_mailbox(app: Flask, book: Book) -> None:
    """Hang the mailbox into the console."""

    @app.get("/hop-thu")
    def mailbox() -> ResponseReturnValue:
        to = request.args.get("to", "")[:200]
        return render_template("standins/mailbox.html", messages=messages(book, to), kinds=KINDS, to=to)
