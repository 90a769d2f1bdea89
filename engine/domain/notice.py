"""Notices to citizens: what is to be told, by which template, and what becomes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Literal

Language = Literal["vi", "en"]
State = Literal["open", "sent", "inbox", "failed", "expired", "dismissed"]
Outcome = Literal["sent", "delivered", "later", "refused", "undelivered"]
Texts = Mapping[str, str]  # by language

LANGUAGES: tuple[Language, ...] = ("vi", "en")
SHORT_CHANNELS = ("zalo", "sms")  # whoever looks at the telephone reads it: no personal detail there
CHANNELS = (*SHORT_CHANNELS, "email")  # in the order in which one stands in for the other
OVER = ("sent", "delivered")  # outcomes of a try after which no other channel is needed
GIVEN_UP = ("refused", "undelivered")  # outcomes after which the same channel is not tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a notice says. Of the notices of one case with the same `topic` the first is sent and no other.

    `per`: names of variables that tell two notices of a topic apart. `secret`: a one-time code or link, sent at once on
    the channel `only` to whoever asked for it, wiped once it was sent, void after `minutes`, in nobody's inbox.
    """

    key: str
    title: Texts
    body: Texts
    status: Texts = field(default_factory=dict)  # at most 30 signs, for the short channels
    short: Texts = field(default_factory=dict)  # in place of the book's own short text
    topic: str = ""
    per: tuple[str, ...] = ()
    secret: bool = False
    only: str = ""
    minutes: int = 0
    attach: bool = False  # the newest signed results go along by e-mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """An event that is told: its tag, what its fields have to be, and which fields become variables of the template.

    Of two notices of one topic in one commit the one of the lower `rank` is told.
    """

    tag: str
    template: str
    rank: int = 0
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)  # variable -> path in the event


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBook:
    """The templates by key, what is told of which event, and the text for channels where little is said."""

    templates: Mapping[str, Template]
    triggers: Mapping[str, tuple[Trigger, ...]]  # by tag
    short: Texts

    def template(self, key: str) -> Template | None:
        """The template; None for one that the book does not know."""
        return self.templates.get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A stored file that goes along."""

    sha256: str
    name: str
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to be told to somebody. A second one of the unit under the same key is the same one."""

    unit: str
    key: str
    template: str
    created_at: datetime
    run_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    event: str = ""
    case_id: str = ""
    account: str = ""
    phone: str = ""
    email: str = ""
    wish: str = ""  # the channel that whoever asked for it would like
    attachments: tuple[Attachment, ...] = ()
    expires_at: datetime | None = None

    @property
    def id(self) -> str:
        """What rows and addresses call it: 32 hex digits of its unit and key."""
        return hashlib.sha256(f"{self.unit}/{self.key}".encode()).hexdigest()[:32]

    @property
    def reachable(self) -> bool:
        """Whether there is anybody who could learn of it."""
        return bool(self.account or self.phone or self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One attempt on one channel, and what came of it. `provider_id`: what the channel calls it."""

    channel: str
    at: datetime
    outcome: Outcome
    provider_id: str = ""
    error: str = ""
    forgiven: bool = False  # somebody had the notice tried again since


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotice:
    """A notice as it is kept, with what was tried so far."""

    notice: Notice
    state: State = "open"
    attempts: int = 0
    finished_at: datetime | None = None
    read_at: datetime | None = None
    tries: tuple[Try, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What an account wants: channels, language, and hours in which no telephone shall ring."""

    email: bool = True
    sms: bool = False
    zalo: bool = False
    lang: Language = "vi"
    quiet_from: time = time(22)
    quiet_to: time = time(6)


DEFAULT = Preferences()


def topic_key(template: Template | None, case_id: str, data: Mapping[str, Any], otherwise: str) -> str:
    """The key under which a notice of a case is sent once: its topic where it has one, else `otherwise`."""
    if template is None or not template.topic or not case_id:
        return otherwise
    parts = [case_id, template.topic, *(str(data.get(name) or "") for name in template.per)]
    return "/".join(parts)[:400]
