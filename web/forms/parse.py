"""From names and values of an HTML form to nested data; what the schema does not know is passed on to be refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from engine.domain.received import FileLimits, RefusedFileError, check_number
from web.forms.schema import (
    MANY,
    Component,
    components,
    dig,
    inputs,
    kind,
    nfc,
    options,
    other_allowed,
    path_of,
    put,
)
from web.forms.uploads import Uploads, limits_of
from web.forms.values import clean, read
from web.texts import t

OTHER = "__other__"
UPLOADS = ("_upload.", "_camera.")  # names of file inputs: any file, or one just taken by the telephone
ROW_LIMIT = 200
Fields = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: nested data, problems found while reading (by path), and the names that were understood."""

    data: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class FormReader:
    """Reads one posted form along its schema."""

    def __init__(self, fields: Fields, uploads: Uploads) -> None:
        self._fields = fields
        self._uploads = uploads
        self._sent = Sent()

    def read(self, schema: Component) -> Sent:
        """The data of the form; names of the page itself begin with `_`."""
        self._walk(schema, "")
        for name in self._fields:
            if name not in self._sent.names and not name.startswith("_") and name != "csrf_token":
                put(self._sent.data, nfc(name)[:200], clean(self._fields[name]))
        return self._sent

    def _walk(self, holder: Component, prefix: str) -> None:
        for component in components(holder):
            path = path_of(component, prefix)
            if kind(component) == "group":
                self._walk(component, path)
            elif kind(component) == "dynamiclist":
                self._rows(component, path)
            elif component.get("key"):
                self._field(component, path)

    def _rows(self, component: Component, path: str) -> None:
        indexes = {int(text) for text in self._fields.getlist(f"_rows.{path}") if re.fullmatch(r"[0-9]{1,6}", text)}
        own = re.compile(re.escape(path) + r"\.([0-9]{1,6})\.")
        indexes |= {int(found[1]) for name in self._fields if (found := own.match(name))}
        rows: list[Any] = []
        put(self._sent.data, path, rows)
        for new, old in enumerate(sorted(indexes)[:ROW_LIMIT]):
            rows.append({})
            self._row(component, f"{path}.{old}", f"{path}.{new}")

    def _row(self, component: Component, old: str, new: str) -> None:
        if old != new:  # rows are numbered anew, so that no gaps are left by removed ones
            heads = (f"{old}.", f"_rows.{old}.", f"_other.{old}.")
            for name in [name for name in self._fields if name.startswith(heads)]:
                head, _, tail = name.partition(f"{old}.")
                self._fields.setlist(f"{head}{new}.{tail}", self._fields.poplist(name))
        self._walk(component, new)

    def _field(self, component: Component, path: str) -> None:
        self._sent.names.add(path)
        value, problem = self._value(component, path, self._fields.getlist(path))
        if value not in (None, "", []):
            put(self._sent.data, path, value)
        if problem:
            self._sent.problems.setdefault(path, []).append(problem)

    def _value(self, component: Component, path: str, texts: list[str]) -> tuple[Any, str | None]:
        what = kind(component)
        if what == "filepicker":
            return self._uploads.known(texts), None
        if what == "checkbox":
            return bool(texts), None
        chosen = [text for text in map(clean, texts) if text]
        if what in MANY:
            return [choice(component, text) for text in chosen], None
        if not chosen:
            return None, None
        if other_allowed(component) and chosen[0] == OTHER:
            return clean(self._fields.get(f"_other.{path}", "")), None
        if what in ("select", "radio"):
            return choice(component, chosen[0]), None
        return read(component, chosen[0])


def choice(component: Component, text: str) -> Any:
    """The option's own value (which need not be a text), else the text, to be refused by validation."""
    return next((value for value, _ in options(component) if str(value) == text), text)


def take_uploads(
    schema: Component, sent: Sent, files: MultiDict[str, FileStorage], *, uploads: Uploads, house: Mapping[str, Any]
) -> None:
    """Store the files that came along and add them to the data; refusals become problems at their fields."""
    from_name = {name: found for name, found in files.lists() if name.startswith(UPLOADS)}
    pickers = {path: component for component, path in _pickers(schema, sent)}
    for name, found in from_name.items():
        path = name.partition(".")[2]
        if path in pickers:
            chosen = [file for file in found if file.filename]
            _take(path, sent, chosen, uploads, limits_of(pickers[path], house))


def _pickers(schema: Component, sent: Sent) -> list[tuple[Component, str]]:
    return [(component, path) for component, path in inputs(schema, sent.data) if kind(component) == "filepicker"]


def _take(path: str, sent: Sent, found: list[FileStorage], uploads: Uploads, limits: FileLimits) -> None:
    kept = list(dig(sent.data, path) or [])
    for file in found:
        try:
            check_number(kept, limits)
            stored = uploads.take(file, limits)
        except RefusedFileError as refusal:
            sent.problems.setdefault(path, []).append(t(refusal.message, refusal.message_en))
            continue
        if stored["sha256"] not in {old["sha256"] for old in kept}:
            kept.append(stored)
    if kept:
        put(sent.data, path, kept)
