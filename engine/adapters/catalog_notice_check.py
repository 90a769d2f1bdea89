"""What may be wrong with the book of notices: names without a value, missing templates, what would be told twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpmn.model import ProcessDefinition
from engine.adapters.catalog_findings import Finding, finding, missing
from engine.domain.events import EVENT_TYPES
from engine.domain.notice import LANGUAGES, NoticeBook, Template, Trigger
from engine.domain.notice_text import NAMES
from engine.domain.wording import LONGEST, faults, text_of

FILE = "_shared/notices.toml"
NOTIFY = "notify"  # the type of jobs by which a diagram tells the applicant


def notice_findings(book: NoticeBook | None, definitions: Iterable[ProcessDefinition]) -> Iterator[Finding]:
    """Names that no notice will have, templates that are missing, and what would be told twice."""
    if book is None:
        return
    for template in book.templates.values():
        yield from _names(template)
    for lang in LANGUAGES:
        yield from _strange("short", "short", book.short[lang])
    told = set()
    for trigger in (each for triggers in book.triggers.values() for each in triggers):
        told.add(trigger.template)
        yield from _trigger_findings(book, trigger)
    yield from _diagrams(book, told, definitions)


def _names(template: Template) -> Iterator[Finding]:
    for part in LONGEST:
        for lang in LANGUAGES:
            yield from _strange(template.key, part, text_of(template, part, lang))
    if not template.status and not template.short and template.only != "email":
        vi, en = "thiếu lời ngắn cho tin nhắn", "there is no short text for messages"
        yield finding(FILE, template.key, "notice-status", vi, en)


def _strange(key: str, part: str, text: str) -> Iterator[Finding]:
    for rule, vi, en in faults(part, text):
        yield finding(FILE, key, rule, vi, en)


def _trigger_findings(book: NoticeBook, trigger: Trigger) -> Iterator[Finding]:
    kinds = [kind for (tag, _), kind in EVENT_TYPES.items() if tag == trigger.tag]
    if not kinds:
        yield missing(FILE, trigger.template, f"sự kiện {trigger.tag}", f"event {trigger.tag}")
    fields = {name for kind in kinds for name in kind.__dataclass_fields__} | {"by_kind", "groups", "status"}
    for path in (*trigger.when, *trigger.unless, *trigger.data.values()):
        if kinds and path.partition(".")[0] not in fields:
            yield missing(FILE, trigger.template, f"trường {path}", f"field {path}")
    for name in sorted(set(trigger.data) - NAMES):
        yield missing(FILE, trigger.template, f"biến {name}", f"variable {name}")
    if trigger.template not in book.templates:
        yield missing(FILE, trigger.template, f"mẫu {trigger.template}", f"template {trigger.template}")


def _diagrams(book: NoticeBook, told: set[str], definitions: Iterable[ProcessDefinition]) -> Iterator[Finding]:
    """A diagram's `notify` needs its template; one that an event tells as well needs a topic, or it is told twice."""
    elements = [e for d in definitions for e in d.elements.values() if e.job_type == NOTIFY]
    for name in sorted({e.headers.get("template", "") for e in elements if e.headers.get("template", "")[:1] != "="}):
        template = book.template(name)
        if template is None and name:
            yield missing(FILE, name, f"mẫu thông báo {name}", f"notice template {name}")
        elif name in told and template is not None and not template.topic:
            vi, en = "báo hai lần: cần topic", "told twice: it needs a topic"
            yield finding(FILE, name, "notice-twice", vi, en)
