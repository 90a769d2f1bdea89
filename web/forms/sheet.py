"""One form on one page: opens it, reads what was sent, obeys its small buttons and draws it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    lang: str = "vi"

    def blank(self) -> dict[str, Any]:
        """The data a new form begins with."""
        return defaults(self.form.schema)

    def read(self, fields: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> Sent:
        """What was sent; files are stored at once."""
        sent = FormReader(MultiDict(fields), self.uploads).read(self.form.schema)
        take_uploads(self.form.schema, sent, files, uploads=self.uploads, house=self.limits)
        return sent

    def obey(self, action: str, data: dict[str, Any]) -> None:
        """Carry out a small button: `add:path`, `remove:path.row`, `unfile:path:number`."""
        verb, _, target = action.partition(":")
        if verb == "add":
            self._add(target, data)
        elif verb == "remove":
            path, _, row = target.rpartition(".")
            _drop(dig(data, path), row)
        elif verb == "unfile":
            path, _, number = target.rpartition(":")
            _drop(dig(data, path), number)

    def _add(self, path: str, data: dict[str, Any]) -> None:
        rows, component = dig(data, path), _list_at(self.form.schema, path)
        if isinstance(rows, list) and component is not None and len(rows) < ROW_LIMIT:
            rows.append(defaults(component))

    def visible(self, data: Mapping[str, Any]) -> frozenset[str]:
        """What the server shows for these data."""
        return self.form.visible(data, self.context)

    def draw(self, data: Mapping[str, Any], errors: Errors | None = None) -> Drawing:
        """The form as nodes."""
        filling = Filling(
            data=data,
            visible=self.visible(data),
            settled=self.form.settled(data, self.context),
            errors=errors or {},
            token=self.uploads.token,
            limits=self.limits,
            lang=self.lang,
        )
        return draw(self.shown(data, filling.errors), filling)

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


def _drop(items: Any, number: str) -> None:
    if isinstance(items, list) and number.isdigit() and int(number) < len(items):
        items.pop(int(number))


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
