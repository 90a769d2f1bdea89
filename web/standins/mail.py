"""A mail server that keeps what it gets: the SMTP sink of a demonstration, and a page for each mail."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, abort, make_response
from flask.typing import ResponseReturnValue

from web.standins.book import Book, Party
from web.standins.stage import Stage

LARGEST = 30_000_000  # bytes of one mail
PARTY = Party(
    name="mail",
    title="Máy chủ thư điện tử",
    title_en="Mail server",
    lies={
        "later": ("450: hãy thử lại sau", "450: try again later"),
        "busy": ("451 sau khi nhận nội dung", "451 after the content"),
        "vanishes": ("cắt đường truyền giữa chừng", "cuts the line midway"),
    },
)


class Sink:
    """What the SMTP server does with a mail: the mood says whether it takes it."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def handle_RCPT(  # the library calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse for now or for good."""
        mood = self._book.mood(PARTY.name)
        await asyncio.sleep(mood.delay)
        if mood.refuse:
            return "550 5.1.1 no such mailbox here"
        if mood.lie == "later":
            return "450 4.2.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # as above
        """Keep the mail."""
        mood = self._book.mood(PARTY.name)
        if mood.lie == "busy":
            return "451 4.3.0 no room at the moment"
        if mood.lie == "vanishes":
            cast(Any, server.transport).abort()
            return "421 gone"
        content = envelope.original_content or b""
        mail = message_from_bytes(content, policy=default)
        self._book.note(PARTY.name, "mail", {"to": ", ".join(envelope.rcpt_tos), **self._read(mail)})
        return "250 OK kept"

    def _read(self, mail: EmailMessage) -> dict[str, Any]:
        body, page = mail.get_body(("plain",)), mail.get_body(("html",))
        files = []
        for part in mail.iter_attachments():
            data = cast(bytes, part.get_payload(decode=True) or b"")
            kept = self._book.keep(data)
            files.append({"name": part.get_filename() or "", "size": len(data), "sha256": kept})
        return {
            "from": str(mail["From"]),
            "subject": str(mail["Subject"]),
            "message_id": str(mail["Message-ID"]),
            "text": body.get_content() if body else "",
            "html": page.get_content() if page else "",
            "files": files,
        }


def smtp_sink(book: Book, port: int) -> Controller:
    """The SMTP server on loopback, not yet started."""
    return Controller(
        Sink(book), hostname="127.0.0.1", port=port, data_size_limit=LARGEST, enable_SMTPUTF8=True, ready_timeout=10
    )


def create_mail(stage: Stage) -> Flask:
    """The files of mails that came in."""
    app = Flask("web")

    @app.get("/file/<sha256>")
    def file(sha256: str) -> ResponseReturnValue:
        data = stage.book.file(sha256)
        if data is None:
            abort(404)
        answer = make_response(data)
        answer.headers["Content-Type"] = "application/pdf" if data.startswith(b"%PDF") else "application/octet-stream"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return app
