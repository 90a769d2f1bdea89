"""Mail by SMTP: text with an HTML alternative, and files."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from engine.domain.errors import ChannelDownError, ChannelRefusedError
from engine.domain.notice_text import one_line
from engine.ports.notices import Outgoing

LINK = re.compile(r"https?://[^\s<>&]+")
PERMANENT = 500  # replies from here on will be the same next time
CLOSING = 421  # of the others the one that is about the server, not about this mail
SECURITY = ("none", "starttls", "tls")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpChannel:
    """Implements the Channel port. `security`: none, starttls or tls; `seconds`: how long anything may take."""

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = ""
    security: str = "starttls"
    seconds: float = 10.0

    def send(self, message: Outgoing) -> str:
        """Hand the mail over; its Message-ID, which is the same at every try."""
        mail = self._mail(message)
        try:
            with self._open() as server:
                server.send_message(mail, self.sender, [message.recipient.strip()])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refusal(code, said) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:  # an address beyond ASCII, and a server that knows none
            raise ChannelRefusedError(channel="email", reason=one_line(str(error))) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelDownError(channel="email", reason=one_line(f"{type(error).__name__}: {error}")) from error
        return str(mail["Message-ID"])

    def ask(self) -> str:
        """Sign in and do nothing: what the server says to NOOP; OSError, smtplib.SMTPException."""
        with self._open() as server:
            code, said = server.noop()
        return one_line(f"{code} {said.decode(errors='replace')}")

    def _open(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.seconds, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)
        return server

    def _mail(self, message: Outgoing) -> EmailMessage:
        """The mail; ChannelRefusedError for an address that is none, or a heading that would break out of its line."""
        mail = EmailMessage(policy=SMTP)
        try:
            mail["From"] = Address(one_line(self.sender_name), addr_spec=self.sender)
            mail["To"] = Address(addr_spec=message.recipient.strip())
            mail["Subject"] = one_line(message.subject) or "Một Cửa"
        except (ValueError, IndexError, MessageError) as error:
            raise ChannelRefusedError(channel="email", reason=one_line(str(error)) or "address") from error
        mail["Message-ID"] = f"<{message.key}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text + "\n", cte="base64")
        mail.add_alternative(html_of(message), subtype="html", cte="base64")
        for attachment, content in message.files:
            kind, _, sub = attachment.media_type.partition("/")
            mail.add_attachment(content, maintype=kind, subtype=sub or "octet-stream", filename=attachment.name)
        return mail


def _refusal(code: int, said: bytes | str) -> ChannelRefusedError | ChannelDownError:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    reason = one_line(f"{code} {text}")
    if code >= PERMANENT:
        return ChannelRefusedError(channel="email", reason=reason)
    return ChannelDownError(channel="email", reason=reason, alone=code != CLOSING)


def html_of(message: Outgoing) -> str:
    """The text as a page: nothing of it is markup, addresses can be clicked."""
    text = escape(message.text)
    linked = LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', text)
    lines = "".join(f"<p>{line}</p>\n" for line in linked.split("\n") if line)
    title = escape(message.subject)
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body style="font:16px/1.5 sans-serif;max-width:40rem"><h1 style="font-size:1.25rem">{title}</h1>\n'
        f"{lines}</body></html>\n"
    )
