"""One form on one page: opens it, reads what was sent, obeys its small buttons and draws it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from engine.domain.errors import FormInvalidError
from web.forms.draw import Filling, draw
from web.forms.node import Drawing, Line
from web.forms.parse import ROW_LIMIT, FormReader, Sent, take_uploads
from web.forms.readable import read_out
from web.forms.schema import Component, components, defaults, dig, inputs, kind, path_of
from web.forms.uploads import Uploads
from web.house import CompiledForm

Errors = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form with what it needs: the expressions' context, the person's uploads, the house's limits, the language."""

    form: CompiledForm
    validate: Callable[[Mapping[str, Any]], dict[str, Any]]
    context: Mapping[str, Any]
    uploads: Uploads
    limits: Mapping[str, Any]
    prefilled: Mapping[str, Any] = field(default_factory=dict)
    lang: str = "vi"

    def blank(self) -> dict[str, Any]:
        """The data a new form begins with."""
        return defaults(self.form.schema)

    def read(
        self, fields: MultiDict[str, str], files: MultiDict[str, FileStorage], part: Component | None = None
    ) -> Sent:
        """What was sent of the form or of a part of it; files are stored at once."""
        schema = part or self.form.schema
        sent = FormReader(MultiDict(fields), self.uploads).read(schema)
        take_uploads(schema, sent, files, uploads=self.uploads, house=self.limits)
        return sent

    def obey(self, action: str, data: dict[str, Any]) -> None:
        """Carry out a small button: `add:path`, `remove:path.row`, `unfile:path:number`, `upfile:path:number`."""
        verb, _, target = action.partition(":")
        if verb == "add":
            self._add(target, data)
        elif verb == "remove":
            path, _, row = target.rpartition(".")
            _drop(dig(data, path), row)
        elif verb == "unfile":
            path, _, number = target.rpartition(":")
            _drop(dig(data, path), number)
        elif verb == "upfile":
            path, _, number = target.rpartition(":")
            _lift(dig(data, path), number)

    def _add(self, path: str, data: dict[str, Any]) -> None:
        rows, component = dig(data, path), _list_at(self.form.schema, path)
        if isinstance(rows, list) and component is not None and len(rows) < ROW_LIMIT:
            rows.append(defaults(component))

    def visible(self, data: Mapping[str, Any]) -> frozenset[str]:
        """What the server shows for these data."""
        return self.form.visible(data, self.context)

    def draw(self, data: Mapping[str, Any], errors: Errors | None = None, part: Component | None = None) -> Drawing:
        """The form, or a part of it, as nodes."""
        filling = Filling(
            data=data,
            visible=self.visible(data),
            settled=self.form.settled(data, self.context),
            errors=errors or {},
            token=self.uploads.token,
            limits=self.limits,
            prefilled=self.prefilled,
            lang=self.lang,
        )
        return draw(part or self.shown(data, filling.errors), filling)

    def shown(self, data: Mapping[str, Any], errors: Errors) -> Component:
        """The part of the form that is on the page: all of it."""
        return self.form.schema

    def check(self, sent: Sent) -> dict[str, Any]:
        """Clean values; raises FormInvalidError, where problems of reading replace the rules' at the same field."""
        visible = self.visible(sent.data)
        problems = {path: list(found) for path, found in sent.problems.items() if path in visible}
        clean: dict[str, Any] = {}
        try:
            clean = self.validate(sent.data)
        except FormInvalidError as error:
            problems = {**error.errors, **problems}
        if problems:
            raise FormInvalidError(problems)
        return clean

    def file_problems(self, sent: Sent) -> dict[str, list[str]]:
        """Refused uploads only: what is said when the form is not yet sent for good."""
        pickers = {path for component, path in inputs(self.form.schema, sent.data) if kind(component) == "filepicker"}
        return {path: found for path, found in sent.problems.items() if path in pickers}

    def lines(self, data: Mapping[str, Any]) -> list[Line]:
        """The form for reading."""
        return read_out(self.form.schema, data, self.visible(data), self.lang)

    def lines_of(self, part: Component, data: Mapping[str, Any], blank: str, visible: frozenset[str]) -> list[Line]:
        """A part of the form for reading; `blank` stands where nothing was answered of what is visible."""
        return read_out(part, data, visible, self.lang, blank)


def _drop(items: Any, number: str) -> None:
    if isinstance(items, list) and number.isdigit() and int(number) < len(items):
        items.pop(int(number))


def _lift(items: Any, number: str) -> None:
    """One place forward."""
    if isinstance(items, list) and number.isdigit() and 0 < int(number) < len(items):
        at = int(number)
        items[at - 1], items[at] = items[at], items[at - 1]


def _list_at(holder: Component, path: str, prefix: str = "") -> Component | None:
    for component in components(holder):
        here = path_of(component, prefix)
        if kind(component) == "dynamiclist":
            if here == path:
                return component
            row = path[len(here) + 1 :].split(".")[0] if path.startswith(f"{here}.") else ""
            found = _list_at(component, path, f"{here}.{row}") if row.isdigit() else None
        else:
            found = _list_at(component, path, here) if kind(component) == "group" else None
        if found is not None:
            return found
    return None
