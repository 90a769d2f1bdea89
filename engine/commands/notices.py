"""What people and other parts do with notices: read them, say what they want, tell somebody something, try again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.commands.announcing import plain_values
from engine.commands.composing import Composer
from engine.commands.deliverer import Deliverer
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.notice import KeptNotice, Language, Notice, Outcome, Preferences, State
from engine.ports import Clock
from engine.ports.notices import NoticeQueue

STEERERS = ("administrator",)
PAGE = 30


class CallbackReader(Protocol):
    """Reads what an SMS gateway calls back with."""

    def told(self, secret: str, fields: Mapping[str, str]) -> tuple[str, Outcome, str] | None:
        """(id, outcome, error); None for a forged one, or one that tells no end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDesk:
    """The notices of one unit. Everybody sees their own; deliveries are for administrators (ForbiddenError)."""

    unit: str
    queue: NoticeQueue
    composer: Composer
    deliverer: Deliverer
    clock: Clock
    callbacks: CallbackReader | None = None

    def inbox(self, actor: Actor, before: str = "") -> list[KeptNotice]:
        """The actor's notices, newest first; one-time codes are not among them."""
        found = self.queue.of_account(actor.unit, actor.id, limit=PAGE, before=before)
        return [each for each in found if not self.composer.template(each.notice).secret]

    def own(self, actor: Actor, notice_id: str) -> KeptNotice | None:
        """One of the actor's own; None for any other, and for a one-time code."""
        kept = self.queue.one(actor.unit, notice_id)
        mine = kept is not None and kept.notice.account == actor.id
        return kept if kept is not None and mine and not self.composer.template(kept.notice).secret else None

    def unread(self, actor: Actor) -> int:
        """How many of them were not read, counted to 100."""
        return self.queue.unread(actor.unit, actor.id)

    def read(self, actor: Actor, ids: Sequence[str] = ()) -> None:
        """Mark as read: these of the actor's own, or all."""
        self.queue.read(actor.unit, actor.id, self.clock.now(), ids)

    def shown(self, kept: KeptNotice, lang: Language) -> tuple[str, str]:
        """Title and text."""
        return self.composer.page(kept.notice, lang)

    def preferences(self, actor: Actor) -> Preferences:
        """What the actor wants."""
        return self.queue.preferences(actor.unit, actor.id)

    def prefer(self, actor: Actor, wants: Preferences) -> None:
        """Keep what the actor wants; it holds for notices that wait already, too."""
        self.queue.prefer(actor.unit, actor.id, wants, self.clock.now())

    def tell(
        self, *, template: str, data: Mapping[str, Any], key: str, account: str = "", phone: str = "", email: str = ""
    ) -> None:
        """Tell somebody something that no case tells: a draft about to expire, a code. Twice under one key is once.

        `data`: variables of the template, `path` what the link leads to. NotFoundError for an unknown template.
        """
        known, now = self.composer.book.template(template), self.clock.now()
        if known is None:
            raise NotFoundError(what="mẫu thông báo", id=template)
        notice = Notice(
            unit=self.unit,
            key=key,
            template=template,
            data=plain_values(data),
            account=account,
            phone=phone,
            email=email,
            created_at=now,
            run_at=now,
            expires_at=now + timedelta(minutes=known.minutes) if known.minutes else None,
        )
        self.queue.put([notice])

    def called_back(self, secret: str, fields: Mapping[str, str]) -> bool:
        """The SMS gateway tells the end of a message; whether that was genuine and new."""
        told = self.callbacks.told(secret, fields) if self.callbacks else None
        if told is None:
            return False
        number, outcome, error = told
        return self.queue.called_back("sms", number, outcome, self.clock.now(), error)

    def deliveries(self, actor: Actor, state: State | None = None) -> list[KeptNotice]:
        """The newest notices of the unit."""
        self._check(actor)
        return self.queue.listed(actor.unit, state)

    def counts(self, actor: Actor) -> Mapping[str, int]:
        """How many notices there are by state."""
        self._check(actor)
        return self.queue.counts(actor.unit)

    def again(self, actor: Actor, notice_id: str) -> bool:
        """Try a failed notice again; False when it is not a failed one."""
        self._check(actor)
        return self.queue.again(actor.unit, notice_id, self.clock.now())

    def run_due(self) -> int:
        """Deliver what is due."""
        return self.deliverer.run_due()

    def soonest(self, now: datetime) -> datetime | None:
        """When the next notice falls due."""
        return self.queue.soonest(now)

    @staticmethod
    def _check(actor: Actor) -> None:
        if actor.kind != "officer" or not actor.in_any(STEERERS):
            raise ForbiddenError()
