"""What a supplement changed in an application: each answer before and after, and what is new to the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.queries.views import CaseView, HistoryRow
from web.forms.readable import spoken
from web.forms.schema import INPUTS, Component, components, dig, kind, path_of, words
from web.house import house
from web.texts import lang, t

TAG = "application:amended"


@dataclass(frozen=True, slots=True)
class Change:
    """One answer: its label, what it was, what it is; empty where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """The answers changed at one time. `new`: the reader has done nothing on the case since."""

    at: datetime
    who: str
    new: bool
    changes: tuple[Change, ...]


def amendments(view: CaseView, reader: str) -> list[Amendment]:
    """Every amendment of the case, the latest first."""
    rows = [row for row in view.history if row.tag == TAG]
    if not rows:
        return []
    fields = fields_of(view)
    seen = max((row.seq for row in view.history if row.actor == reader), default=0)
    return [_amendment(row, fields, row.seq > seen) for row in reversed(rows)]


def fields_of(view: CaseView) -> dict[str, Component]:
    """The questions of the applicant's form by their paths; lists are one question."""
    return dict(_fields(house().forms.compiled(view.procedure, view.procedure.form_id).schema, ""))


def _amendment(row: HistoryRow, fields: Mapping[str, Component], new: bool) -> Amendment:
    changes = tuple(_change(one, fields.get(one["path"])) for one in row.data.get("changes", ()))
    return Amendment(row.at, row.actor_name, new, changes)


def _change(one: Mapping[str, Any], component: Component | None) -> Change:
    if component is None:
        return Change(str(one["path"]), _said(None, one["before"]), _said(None, one["after"]))
    label = words(component, "label", lang()) or str(one["path"])
    return Change(label, _said(component, one["before"]), _said(component, one["after"]))


def _said(component: Component | None, value: Any) -> str:
    """An answer in one line; of files their names, of a list its rows."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return "; ".join(_row(component, item) for item in value)
    return spoken(component, value, lang()) if component is not None else str(value)


def _row(component: Component | None, item: Any) -> str:
    if isinstance(item, Mapping) and "sha256" in item:
        return str(item.get("name", t("tệp", "file")))
    inner = dict(_fields(component, "")) if component is not None else {}
    return ", ".join(
        _said(one, dig(item, path)) for path, one in inner.items() if dig(item, path) not in (None, "", [])
    )


def _fields(holder: Component, prefix: str) -> Iterator[tuple[str, Component]]:
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "group":
            yield from _fields(component, path)
        elif kind(component) in INPUTS or kind(component) == "dynamiclist":
            yield path, component
