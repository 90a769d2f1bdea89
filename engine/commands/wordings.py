"""What an administrator says in notices of the own unit, from a day on, in place of the catalog's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from engine.commands.changes import change, check_administers
from engine.commands.composing import Composer
from engine.domain.actor import Actor
from engine.domain.errors import NotFoundError
from engine.domain.notice import Language, Notice, Template
from engine.domain.registration import Problem
from engine.domain.wording import (
    Wording,
    WordingProblemsError,
    counting,
    day_problems,
    problems_of,
    texts_of,
    tidy,
    worded,
)
from engine.ports import Catalog, Clock, Ids
from engine.ports.administration import Change, WordingBook

SAMPLE = MappingProxyType(
    {
        "name": "Nguyễn Thị Mẫu",
        "receiver": "Nguyễn Thị Mẫu",
        "handler": "Lê Văn Thử",
        "number": "12/2026",
        "reason": "thiếu bản sao giấy chứng sinh",
        "items": "bản sao giấy chứng sinh",
        "text": "nội dung trả lời",
        "result": "Giấy xác nhận",
        "amount": 8000,
        "otp": "123456",
        "minutes": 5,
        "status": "Đang xử lý",
        "delivery": "tại Bộ phận Một cửa",
        "way": "tại Bộ phận Một cửa",
    }
)
MOMENTS = ("at", "due_at", "filed_at", "old_due_at", "received_at", "until_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A notice as people would read it: title and text of the portal and of mails, and the message of a telephone."""

    title: str
    body: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingDesk:
    """`changed` is called once something was written."""

    book: WordingBook
    clock: Clock
    ids: Ids
    catalog: Catalog
    composer: Composer
    changed: Callable[[], None]

    def templates(self) -> list[Template]:
        """All that may be worded, by key."""
        return sorted(self.composer.book.templates.values(), key=lambda one: one.key)

    def template(self, key: str) -> Template:
        """The template as the catalog has it; NotFoundError."""
        found = self.composer.book.template(key)
        if found is None:
            raise NotFoundError(what="mẫu", id=key[:60])
        return found

    def number(self, actor: Actor) -> int:
        """The number of the edition that is shown; who changes it says which one was seen."""
        return self.book.number(actor.unit)

    def rows(self, actor: Actor) -> Sequence[Wording]:
        """All that the actor's unit has written, oldest first."""
        return self.book.wordings().get(actor.unit, ())

    def now(self, actor: Actor, key: str) -> Wording | None:
        """The unit's own wording that counts; None: the catalog's."""
        return counting(self.rows(actor), key, self.clock.now())

    def look(self, actor: Actor, key: str, texts: Mapping[str, str], lang: Language) -> Shown:
        """A sample of what people would read; NotFoundError."""
        return self._shown(actor, worded(self.template(key), texts), lang)

    def problems(self, actor: Actor, key: str, texts: Mapping[str, str]) -> list[Problem]:
        """What is wrong with tidy texts, each at its field; NotFoundError."""
        return problems_of(self.template(key), texts, lambda one, lang: self._shown(actor, one, lang).short)

    def put(self, actor: Actor, key: str, typed: Mapping[str, str], day: date | None, number: int) -> Wording:
        """Other words from a day on, as what follows edition `number`.

        ForbiddenError, NotFoundError, WordingProblemsError, StaleVersionError.
        """
        check_administers(actor)
        texts = tidy(self.template(key), typed)
        return self._put(actor, key, texts, day=day, number=number, problems=self.problems(actor, key, texts))

    def back(self, actor: Actor, key: str, day: date | None, number: int) -> Wording:
        """The catalog's words again from a day on; the same errors."""
        check_administers(actor)
        self.template(key)
        return self._put(actor, key, {}, day=day, number=number, problems=[])

    def take_back(self, actor: Actor, key: str, edition: int, number: int) -> None:
        """Take back a wording whose day has not come; the same errors."""
        check_administers(actor)
        row = next((one for one in self.rows(actor) if (one.template, one.edition) == (key, edition)), None)
        if row is None:
            raise NotFoundError(what="nội dung", id=f"{key} {edition}"[:100])
        if row.valid_from <= self.clock.now().date():
            vi, en = (
                "Nội dung này đã dùng, không rút lại được; hãy ghi nội dung mới.",
                "It is in use: write another one.",
            )
            raise WordingProblemsError([Problem("valid_from", vi, en)])
        before = {"valid_from": row.valid_from.strftime("%d/%m/%Y"), "edition": row.edition}
        self.book.take_back(row, number + 1, self._change(actor, row, "notice:taken_back", before, {}))
        self.changed()

    def _put(
        self,
        actor: Actor,
        key: str,
        texts: Mapping[str, str],
        *,
        day: date | None,
        number: int,
        problems: Sequence[Problem],
    ) -> Wording:
        now = self.clock.now()
        wrong = [*problems, *day_problems(day, now.date())]
        if wrong or day is None:
            raise WordingProblemsError(wrong)
        row = Wording(
            unit=actor.unit,
            template=key,
            edition=number + 1,
            valid_from=day,
            texts=texts,
            changed_at=now,
            changed_by=actor.id,
        )
        counts = self.now(actor, key)
        before, after = self._told(key, counts.texts if counts else {}), self._told(key, texts)
        changed = {name for name in after if before[name] != after[name]}
        told = {name: after[name] for name in after if name in changed}
        facts = {**told, "valid_from": day.strftime("%d/%m/%Y"), "edition": row.edition}
        before = {name: before[name] for name in before if name in changed}
        self.book.put(row, self._change(actor, row, "notice:worded", before, facts))
        self.changed()
        return row

    def _told(self, key: str, texts: Mapping[str, str]) -> dict[str, Any]:
        """The texts as the log tells them."""
        return {f"notice_{name}": text for name, text in texts_of(worded(self.template(key), texts)).items()}

    def _change(
        self, actor: Actor, row: Wording, what: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Change:
        subject = f"{row.template} {row.valid_from.isoformat()}"
        return change(self.ids, self.clock, actor, what=what, subject=subject, before=before, after=after)

    def _shown(self, actor: Actor, template: Template, lang: Language) -> Shown:
        now = self.clock.now()
        book = replace(self.composer.book, templates={**self.composer.book.templates, template.key: template})
        composer = replace(self.composer, book=book, wordings=lambda unit: ())
        notice = Notice(
            unit=actor.unit,
            key="sample",
            template=template.key,
            created_at=now,
            run_at=now,
            data=self._sample(actor),
            case_id="",
        )
        title, body = composer.page(notice, lang)
        return Shown(title=title, body=body, short=composer.short(notice, lang)[0])

    def _sample(self, actor: Actor) -> dict[str, Any]:
        """Values for every name that a template may use."""
        now = self.clock.now()
        later, facts = (now + timedelta(days=3)).isoformat(), self.catalog.settings["units"].get(actor.unit, {})
        procedure = next((one.name for one in self.catalog.in_force(now.date())), "")
        code = f"{facts.get('agency_code', '')}-{now:%y%m%d}-0001"
        own = {"code": code, "procedure": procedure, "agency": facts.get("name", ""), "until": later[:10]}
        return {**SAMPLE, **dict.fromkeys(MOMENTS, later), **own}
