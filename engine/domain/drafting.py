"""An application on its way: what was answered, where the person stands, and what two devices did to each other."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.domain.errors import DomainError

MOST_OVERWRITTEN = 5
Data = Mapping[str, Any]


class DraftTooLargeError(DomainError):
    """Hồ sơ đang soạn đã quá dài nên phần vừa nhập chưa được lưu; hãy bớt nội dung hoặc tệp rồi lưu lại.
    | The draft has become too long, so what you typed was not saved; shorten it or take out files."""

    code = "draft_too_large"


class DraftSentError(DomainError):
    """Hồ sơ này đã được nộp nên không sửa ở đây được nữa. | This draft has been sent; it can no longer be changed."""

    code = "draft_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unfinished application of one account; `data` is nested as forms are, files in it are references.

    `sections` tells of every section that was saved the draft's version at that moment; `prefilled` what was taken from
    elsewhere, by path; `overwritten` the answers that a later save replaced without having seen them.
    """

    id: str
    unit: str
    account: str
    procedure: str
    procedure_version: int
    created_at: datetime
    updated_at: datetime
    channel: str = "online"
    delivery: str = ""
    on_behalf_of: Mapping[str, str] = field(default_factory=dict)  # kind, name, id_number, relation; {}: oneself
    data: Data = field(default_factory=dict)
    prefilled: Data = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)  # answers to the pages' own questions
    section: str = ""
    sections: Mapping[str, int] = field(default_factory=dict)
    savers: Mapping[str, str] = field(default_factory=dict)  # which open page saved a section last
    overwritten: tuple[Data, ...] = ()  # section, at (ISO text), data
    version: int = 1
    sending: bool = False
    case_id: str | None = None
    warned_at: datetime | None = None

    @property
    def key(self) -> str:
        """The key under which it is sent: however often that happens, one case comes of it."""
        return f"draft/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page saves: the section's id, the names of its answers, what they are now, the version it had seen."""

    section: str
    names: frozenset[str]
    data: Data
    seen: int
    tab: str = ""  # the open page that saves: it has seen what it saved itself


def save(draft: Draft, page: Page, now: datetime) -> tuple[Draft, bool]:
    """The draft with the page's answers; True when somebody else had changed them unseen (they are kept aside)."""
    before, after = part(draft.data, page.names), part(page.data, page.names)
    own = page.tab != "" and draft.savers.get(page.section) == page.tab
    unseen = not own and draft.sections.get(page.section, 0) > page.seen and before != after
    kept = draft.overwritten
    if unseen:
        kept = (*kept, _aside(page.section, before, now))[-MOST_OVERWRITTEN:]
    version = draft.version + 1
    return (
        replace(
            draft,
            data=merged(draft.data, after, page.names),
            section=page.section,
            sections={**draft.sections, page.section: version},
            savers={**draft.savers, page.section: page.tab},
            overwritten=kept,
            version=version,
            updated_at=now,
            warned_at=None,
        ),
        unseen,
    )


def swap_back(draft: Draft, number: int, names: Collection[str], now: datetime) -> Draft:
    """The draft with the answers that were set aside as `number`; those they replace are set aside in turn."""
    chosen = draft.overwritten[number]
    others = tuple(one for index, one in enumerate(draft.overwritten) if index != number)
    aside = _aside(str(chosen["section"]), part(draft.data, names), now)
    version = draft.version + 1
    return replace(
        draft,
        data=merged(draft.data, chosen["data"], names),
        sections={**draft.sections, str(chosen["section"]): version},
        savers={**draft.savers, str(chosen["section"]): ""},
        overwritten=(*others, aside),
        version=version,
        updated_at=now,
    )


def part(data: Data, names: Collection[str]) -> dict[str, Any]:
    """The answers under these names."""
    return {name: value for name, value in data.items() if name in names}


def merged(data: Data, answers: Data, names: Collection[str]) -> dict[str, Any]:
    """The data with these names answered anew; a name without an answer has none any more."""
    return {**{name: value for name, value in data.items() if name not in names}, **part(answers, names)}


def check_size(draft: Draft, limit: int) -> None:
    """DraftTooLargeError when the answers, with those set aside, take more than `limit` characters of JSON (twice)."""
    if len(_text(draft.data)) > limit or len(_text(list(draft.overwritten))) > MOST_OVERWRITTEN * limit:
        raise DraftTooLargeError()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _aside(section: str, data: Data, now: datetime) -> dict[str, Any]:
    return {"section": section, "at": now.isoformat(timespec="seconds"), "data": dict(data)}


def without(data: Any, refused: Iterable[str]) -> Any:
    """The data without what lies at these dotted paths; rows keep their places."""
    gone = frozenset(refused)
    return _without(data, gone, "") if gone else data


def _without(data: Any, gone: frozenset[str], path: str) -> Any:
    head = f"{path}." if path else ""
    if isinstance(data, Mapping):
        return {k: _without(v, gone, f"{head}{k}") for k, v in data.items() if f"{head}{k}" not in gone}
    if isinstance(data, list):
        return [_without(v, gone, f"{head}{n}") for n, v in enumerate(data) if f"{head}{n}" not in gone]
    return data
