"""The queue of notices, what people want of it, and the channels they leave by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.domain.notice import Attachment, KeptNotice, Notice, Outcome, Preferences, State, Try


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLease:
    """A notice claimed by a deliverer; `fence` grows with every claim, `wants` are its account's preferences."""

    kept: KeptNotice
    fence: int
    wants: Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What becomes of a claimed notice: what was tried, its state, and when it is looked at again (None: never).

    `wipe`: its data are thrown away.
    """

    tries: tuple[Try, ...] = ()
    state: State = "open"
    run_at: datetime | None = None
    wipe: bool = False


class NoticeQueue(Protocol):
    """Keeps notices until they are delivered, and afterwards as the inbox of their accounts."""

    def put(self, notices: Sequence[Notice]) -> None:
        """Queue them, apart from any case; one that is there under its key already is left as it is."""
        ...

    def claim(self, now: datetime, *, limit: int, lease: timedelta) -> list[NoticeLease]:
        """Claim what is due, oldest first; what others hold is passed over."""
        ...

    def settle(self, claim: NoticeLease, settled: Settled, at: datetime) -> bool:
        """Keep what came of a claim; False, and nothing kept, when somebody else has claimed the notice since."""
        ...

    def soonest(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a notice falls due."""
        ...

    def called_back(self, channel: str, provider_id: str, outcome: Outcome, at: datetime, error: str = "") -> bool:
        """A channel tells what became of a message; False for one it never took, or whose end was told before.

        `undelivered` puts the notice back into the queue at once.
        """
        ...

    def of_account(self, unit: str, account: str, *, limit: int = 50, before: str = "") -> list[KeptNotice]:
        """The inbox, newest first; `before`: the id of the last one seen."""
        ...

    def one(self, unit: str, notice_id: str) -> KeptNotice | None:
        """The notice with this id."""
        ...

    def unread(self, unit: str, account: str) -> int:
        """How many of the inbox were not read, counted to 100."""
        ...

    def read(self, unit: str, account: str, at: datetime, ids: Sequence[str] = ()) -> None:
        """Mark as read: these, or all."""
        ...

    def of_case(self, unit: str, case_id: str) -> list[KeptNotice]:
        """What was told about a case, oldest first."""
        ...

    def listed(self, unit: str, state: State | None = None, *, limit: int = 100) -> list[KeptNotice]:
        """Notices of a unit, newest first."""
        ...

    def counts(self, unit: str) -> Mapping[str, int]:
        """How many notices there are by state."""
        ...

    def again(self, unit: str, notice_id: str, at: datetime) -> bool:
        """Put a failed notice back into the queue, its failures forgiven; False when it is not a failed one."""
        ...

    def preferences(self, unit: str, account: str) -> Preferences:
        """What the account wants; the default for one that never said."""
        ...

    def prefer(self, unit: str, account: str, wants: Preferences, at: datetime) -> None:
        """Keep what the account wants."""
        ...


class NoticeRows(Protocol):
    """Makes the rows that messages become, where messages are rows of the very database that keeps the cases."""

    def row(
        self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str, at: datetime
    ) -> Notice:
        """The row of a message, to be written by whoever saves the case; the same key gives the same row."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message ready for a channel. `key` is the same at every try, so that the channel can tell a repeat.

    `files`: (attachment, content). `params`: what a channel with templates of its own fills in.
    """

    key: str
    recipient: str
    template: str
    subject: str
    text: str
    params: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[Attachment, bytes], ...] = ()


class Channel(Protocol):
    """A way out of the house."""

    def send(self, message: Outgoing) -> str:
        """Hand the message over and return what the channel calls it.

        ChannelDownError when another try may help (`alone`: the channel takes others), ChannelRefusedError when none
        will.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a channel lets us in by. `version` grows with every renewal."""

    access: str
    refresh: str
    expires_at: datetime
    version: int = 0


class Tokens(Protocol):
    """Keeps the tokens of channels; a refresh token is good for one use, so one of many processes renews at a time."""

    def current(self, unit: str, channel: str) -> Token | None:
        """The newest token."""
        ...

    def begin(self, unit: str, channel: str, version: int, now: datetime, until: datetime) -> bool:
        """Whether the caller is to renew the token of this version; the others wait until it did, or `until`."""
        ...

    def replace(self, unit: str, channel: str, token: Token) -> bool:
        """Keep the next token (`token.version` one more than the last); False when that was kept before."""
        ...
