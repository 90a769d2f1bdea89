"""Where unfinished applications are kept, the parts of files on their way up, and what people say is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.drafting import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file on its way: which field of which draft it is for, how long it will be, how much of it has come."""

    unit: str
    draft: str
    key: str  # the sender's own, so that the same file goes on where it stopped
    path: str
    name: str
    size: int
    received: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """What somebody says is wrong with a page, or what the house noted itself (`kind` "quarantine")."""

    unit: str
    id: str
    at: datetime
    kind: str  # page | quarantine
    account: str
    page: str
    text: str


class Drafts(Protocol):
    """Keeps unfinished applications."""

    def add(self, draft: Draft) -> None:
        """Keep a new one; StaleVersionError when its id is taken."""
        ...

    def get(self, unit: str, draft_id: str) -> Draft | None:
        """The draft."""
        ...

    def of(self, unit: str, account: str) -> Sequence[Draft]:
        """An account's drafts that were not sent, last changed first; at most 100."""
        ...

    def save(self, draft: Draft) -> None:
        """Replace the version before it; StaleVersionError when that is no longer the newest, or gone."""
        ...

    def remove(self, unit: str, draft_id: str) -> None:
        """Forget it and what was on its way to it; nothing happens when it is gone already."""
        ...

    def untouched(self, unit: str, since: datetime) -> Sequence[Draft]:
        """Drafts that nobody changed at or after this instant, oldest first; at most 500."""
        ...

    def incoming(self, unit: str, draft_id: str, key: str) -> Incoming | None:
        """The file on its way under this key."""
        ...

    def append(self, incoming: Incoming, offset: int, content: bytes) -> Incoming:
        """Keep a part that begins at `offset`; StaleVersionError when that is not where the last one ended."""
        ...

    def content(self, incoming: Incoming) -> bytes:
        """What has come of it so far."""
        ...

    def drop(self, unit: str, draft_id: str, key: str) -> None:
        """Forget a file on its way."""
        ...

    def on_their_way(self, unit: str, draft_id: str) -> int:
        """How many bytes of unfinished files a draft holds."""
        ...


class PageReports(Protocol):
    """Keeps what people say is wrong with a page."""

    def add(self, report: PageReport) -> None:
        """Keep it."""
        ...

    def newest(self, unit: str, limit: int = 100) -> Sequence[PageReport]:
        """The last ones, newest first."""
        ...
