"""A notice becomes a message for a channel: the whole text where only its reader sees it, code and status elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from engine.domain.notice import SHORT_CHANNELS, KeptNotice, Language, Notice, NoticeBook, Template
from engine.domain.notice_text import SHORT_NAMES, one_line, render
from engine.domain.wording import Wording, counting, worded
from engine.ports.notices import Outgoing

NOTHING = Template(key="", title={"vi": "", "en": ""}, body={"vi": "", "en": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Writes messages. `public_url`: the official domain, which links lead to; `content` fetches a file by its hash;
    `wordings` gives what a unit says in words of its own."""

    book: NoticeBook
    public_url: str
    zone: tzinfo
    content: Callable[[str], bytes]
    wordings: Callable[[str], Sequence[Wording]] = lambda unit: ()

    def template(self, notice: Notice) -> Template:
        """The template in the words that counted when the notice was written; what nobody has written a text for says
        that there is news."""
        known = self.book.template(notice.template) or self.book.template("status") or NOTHING
        own = counting(self.wordings(notice.unit), known.key, notice.created_at.astimezone(self.zone))
        return worded(known, own.texts) if own else known

    def page(self, notice: Notice, lang: Language) -> tuple[str, str]:
        """Title and text as the portal and an e-mail show them."""
        template, data = self.template(notice), self._data(notice, lang)
        if template.minutes:
            data["minutes"] = template.minutes
        return one_line(render(template.title[lang], data, lang, self.zone)), render(
            template.body[lang], data, lang, self.zone
        )

    def short(self, notice: Notice, lang: Language) -> tuple[str, Mapping[str, str]]:
        """The text of a short message and what it is made of: nothing that is not meant for any eyes."""
        template, data = self.template(notice), self._data(notice, lang)
        said = {name: data[name] for name in SHORT_NAMES if name in data}
        if template.minutes:
            said["minutes"] = template.minutes
        if template.status:
            said["status"] = template.status[lang]
        text = render((template.short or self.book.short)[lang], said, lang, self.zone)
        return text, {name: one_line(str(value), 200) for name, value in said.items() if name != "otp"}

    def message(self, kept: KeptNotice, channel: str, lang: Language) -> Outgoing:
        """What leaves by this channel; NotFoundError where a file that should go along is not there."""
        notice = kept.notice
        again = sum(each.forgiven or each.outcome == "undelivered" for each in kept.tries)
        key = f"{notice.id}-{again}"
        if channel in SHORT_CHANNELS:
            text, params = self.short(notice, lang)
            return Outgoing(
                key=key, recipient=notice.phone, template=notice.template, subject="", text=text, params=params
            )
        subject, text = self.page(notice, lang)
        files = tuple((each, self.content(each.sha256)) for each in notice.attachments)
        return Outgoing(
            key=key, recipient=notice.email, template=notice.template, subject=subject, text=text, files=files
        )

    def _data(self, notice: Notice, lang: Language) -> dict[str, Any]:
        path = notice.data.get("path") or (f"/cases/{notice.data['code']}" if notice.data.get("code") else "/")
        return {**notice.data, "link": f"{self.public_url}{path}"}
