"""notices.toml of the catalog: the templates of notices and the events that are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.adapters.catalog_toml import Table, read_table
from engine.domain.notice import CHANNELS, NoticeBook, Template, Texts, Trigger


def read_notices(file: str, data: bytes) -> NoticeBook:
    """The book of notices; CatalogError names file, key and reason."""
    top = read_table(file, data)
    templates = {}
    for row in top.tables("template"):
        template = _template(row)
        if template.key in templates:
            row.wrong("key", f"trùng: {template.key}", f"doubled: {template.key}")
        templates[template.key] = template
    triggers: dict[str, tuple[Trigger, ...]] = {}
    for rank, row in enumerate(top.tables("event")):
        trigger = _trigger(row, rank)
        triggers[trigger.tag] = (*triggers.get(trigger.tag, ()), trigger)
    book = NoticeBook(templates=templates, triggers=triggers, short=_texts(top, "short"))
    top.done()
    return book


def _texts(table: Table, key: str, *, optional: bool = False) -> Texts:
    """Both languages, or neither where it may be absent."""
    vi, en = table.text(key, ""), table.text(f"{key}_en", "")
    if optional and not vi and not en:
        return {}
    for name, text in ((key, vi), (f"{key}_en", en)):
        if not text.strip():
            table.wrong(name, "thiếu", "is missing")
    return {"vi": vi, "en": en}


def _template(table: Table) -> Template:
    template = Template(
        key=table.text("key"),
        title=_texts(table, "title"),
        body=_texts(table, "body"),
        status=_texts(table, "status", optional=True),
        short=_texts(table, "short", optional=True),
        topic=table.text("topic", ""),
        per=table.items("per", str, []),
        secret=table.take("secret", bool, False),
        only=table.one_of("only", ("", *CHANNELS), ""),
        minutes=table.whole("minutes", 0),
        attach=table.take("attach", bool, False),
    )
    if template.secret != bool(template.only) or (template.secret and not template.minutes):
        table.wrong("secret", "cần only và minutes", "needs only and minutes")
    table.done()
    return template


def _trigger(table: Table, rank: int) -> Trigger:
    trigger = Trigger(
        tag=table.text("tag"),
        template=table.text("template"),
        rank=rank,
        when=_conditions(table, "when"),
        unless=_conditions(table, "unless"),
        data={name: str(path) for name, path in table.take("data", dict, {}).items()},
    )
    table.done()
    return trigger


def _conditions(table: Table, key: str) -> Mapping[str, tuple[Any, ...]]:
    given = table.take(key, dict, {})
    return {path: tuple(value) if isinstance(value, list) else (value,) for path, value in given.items()}
