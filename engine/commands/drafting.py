"""Unfinished applications of an account: begun, saved page by page, sent once, forgotten when nobody comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.commands.bus import Bus
from engine.commands.messages import SubmitCase
from engine.domain import drafting
from engine.domain.actor import Actor
from engine.domain.drafting import Draft, DraftSentError, Page
from engine.domain.errors import (
    DatabaseUnavailableError,
    DomainError,
    DuplicateCommandError,
    NotFoundError,
    RuleError,
    StaleVersionError,
)
from engine.ports import Ports
from engine.ports.drafts import Drafts

TRIES = 8
MOST_OPEN = 50
TEMPLATE = "draft_expiring"
Change = Callable[[Draft], Draft]
Reach = Callable[[str], Mapping[str, Any] | None]  # account id -> {name, email, phone, …}


class Drafting:
    """What pages do with unfinished applications."""

    def __init__(self, ports: Ports, bus: Bus, drafts: Drafts, reach: Reach) -> None:
        self._ports = ports
        self._bus = bus
        self._drafts = drafts
        self._reach = reach

    def begin(self, actor: Actor, draft_id: str, *, procedure: str, version: int, **more: Any) -> Draft:
        """A new draft, or the one that was begun under this id; `more` are further attributes of it.

        RuleError when the account has too many open ones, NotFoundError when the id is somebody else's.
        """
        if len(self.mine(actor)) >= MOST_OPEN:
            raise RuleError(
                reason=f"Anh/chị đang soạn {MOST_OPEN} hồ sơ; hãy nộp hoặc xóa bớt trước khi soạn hồ sơ mới.",
                reason_en=f"You have {MOST_OPEN} drafts; send or delete some before you begin another one.",
            )
        now = self._ports.clock.now()
        draft = Draft(
            id=draft_id,
            unit=actor.unit,
            account=actor.id,
            procedure=procedure,
            procedure_version=version,
            created_at=now,
            updated_at=now,
            **more,
        )
        try:
            self._drafts.add(draft)
        except StaleVersionError:
            return self.get(actor, draft_id)
        return draft

    def mine(self, actor: Actor) -> Sequence[Draft]:
        """The actor's drafts that were not sent, last changed first."""
        return [one for one in self._drafts.of(actor.unit, actor.id) if self._settled(one).case_id is None]

    def get(self, actor: Actor, draft_id: str) -> Draft:
        """A draft of the actor's own; NotFoundError in the same words when there is none and when it is another's."""
        draft = self._drafts.get(actor.unit, draft_id)
        if draft is None or draft.account != actor.id:
            raise NotFoundError(what="hồ sơ đang soạn", id="")
        return self._settled(draft)

    def save(self, actor: Actor, draft_id: str, page: Page) -> tuple[Draft, bool]:
        """Save a page; True when it replaced what had been saved elsewhere unseen (kept aside in the draft)."""
        unseen = False

        def change(draft: Draft) -> Draft:
            nonlocal unseen
            saved, unseen = drafting.save(draft, page, self._ports.clock.now())
            return saved

        return self.change(actor, draft_id, change), unseen

    def change(self, actor: Actor, draft_id: str, change: Change) -> Draft:
        """The draft after `change`, which is asked anew when somebody else saved meanwhile.

        DraftSentError when it was sent, DraftTooLargeError, NotFoundError.
        """
        for _ in range(TRIES):
            before = self.get(actor, draft_id)
            if before.case_id is not None:
                raise DraftSentError()
            after = replace(change(before), version=before.version + 1)
            drafting.check_size(after, int(self._ports.catalog.settings["limits"]["draft"]))
            try:
                self._drafts.save(after)
            except StaleVersionError:
                continue
            return after
        raise StaleVersionError()

    def remove(self, actor: Actor, draft_id: str) -> None:
        """Forget a draft of the actor's own; a second time nothing happens."""
        draft = self._drafts.get(actor.unit, draft_id)
        if draft is not None and draft.account == actor.id:
            self._drafts.remove(draft.unit, draft.id)

    def send(self, actor: Actor, draft_id: str, command: SubmitCase) -> str:
        """File the draft as `command`; the id of its case, the same however often it is sent. Raises DomainError.

        That it is being sent is written down first: whoever comes back after a broken line, or to a house that was
        killed in between, is told by the command's own answer whether there is a case.
        """
        draft = self.get(actor, draft_id)
        if draft.case_id is None and not draft.sending:
            draft = self._sending(actor, draft_id, True)
        if draft.case_id is not None:
            return draft.case_id
        try:
            result = self._bus.handle(command, actor, draft.key)
        except (DatabaseUnavailableError, DuplicateCommandError) as error:
            settled = self.get(actor, draft_id) if isinstance(error, DuplicateCommandError) else draft
            if settled.case_id is None:
                raise
            return settled.case_id
        except DomainError:
            self._sending(actor, draft_id, False)
            raise
        return self._sent(self.get(actor, draft_id), str(result.case_id)).case_id or ""

    def _sending(self, actor: Actor, draft_id: str, now: bool) -> Draft:
        try:
            return self.change(actor, draft_id, lambda one: replace(one, sending=now))
        except DraftSentError:  # the same request at the same instant was through first
            return self.get(actor, draft_id)

    def _settled(self, draft: Draft) -> Draft:
        """A draft that was on its way when the line broke: with its case, if one came of it."""
        if not draft.sending or draft.case_id is not None:
            return draft
        answer = self._ports.store.remembered(draft.unit, draft.key)
        case_id = answer.result.get("case_id") if answer else None
        return self._sent(draft, str(case_id)) if case_id else draft

    def _sent(self, draft: Draft, case_id: str) -> Draft:
        if draft.case_id is not None:
            return draft
        sent = replace(draft, case_id=case_id, version=draft.version + 1)
        try:
            self._drafts.save(sent)
        except StaleVersionError:  # another request noted it, or saved a page: the next one to look settles it
            return sent
        return sent

    def expire(self, now: datetime) -> int:
        """Forget drafts that nobody touched for `drafts.days`, and warn their owners `drafts.notice_days` before."""
        rules = self._ports.catalog.settings.get("drafts") or {}
        days, notice = int(rules.get("days", 30)), int(rules.get("notice_days", 5))
        units, gone = self._ports.catalog.settings["units"], 0
        for unit in units:
            for draft in self._drafts.untouched(unit, now - timedelta(days=days - notice)):
                if draft.updated_at < now - timedelta(days=days):
                    self._drafts.remove(unit, draft.id)
                    gone += 1
                elif draft.warned_at is None and draft.case_id is None:
                    self._warn(draft, now, draft.updated_at + timedelta(days=days))
        return gone

    def _warn(self, draft: Draft, now: datetime, until: datetime) -> None:
        """Tell the owner, by mail else by SMS; only what it is about and the day travel."""
        person = self._reach(draft.account) or {}
        channel = "email" if person.get("email") else "sms"
        recipient = str(person.get("email") or person.get("phone") or "")
        name = self._ports.catalog.procedure(draft.procedure, draft.procedure_version).name
        data = {
            "procedure": name,
            "until": until.date().isoformat(),
            "account": draft.account,
            "path": f"/nop/{draft.id}",
        }
        if recipient:
            key = f"draft/{draft.id}/expiring/{draft.version}"
            self._ports.messages.send(channel=channel, recipient=recipient, template=TEMPLATE, data=data, key=key)
        try:
            self._drafts.save(replace(draft, warned_at=now, version=draft.version + 1))
        except StaleVersionError:
            return  # somebody is at it: there is nothing to warn of
