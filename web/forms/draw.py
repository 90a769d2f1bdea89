"""From a form-js schema and what was typed so far to the nodes that a template draws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from web.forms.node import Choice, Drawing, Node, Problem, Upload
from web.forms.parse import OTHER
from web.forms.schema import (
    INPUTS,
    Component,
    components,
    dig,
    is_true,
    kind,
    options,
    other_allowed,
    path_of,
    properties,
    required,
    rules,
    shown,
    watched,
    words,
)
from web.forms.uploads import limits_of
from web.forms.values import decimals, typed

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
_HINTS = {
    "date": ("Ngày/tháng/năm, ví dụ 03/08/2026.", "Day/month/year, for example 03/08/2026."),
    "time": ("Giờ:phút, ví dụ 14:05.", "Hour:minute, for example 14:05."),
    "datetime": ("Ngày/tháng/năm giờ:phút, ví dụ 03/08/2026 14:05.", "Day/month/year hour:minute."),
    "number": ("Chỉ nhập chữ số.", "Digits only."),
    "decimal": ("Chữ số và dấu phẩy thập phân, ví dụ 2,5.", "Digits and a decimal comma, for example 2,5."),
    "partial": ("Năm, tháng/năm hoặc ngày/tháng/năm.", "Year, month/year or day/month/year."),
    "partial_time": (
        "Ngày/tháng/năm, có thể chỉ năm hoặc tháng/năm; biết giờ thì ghi trước ngày, ví dụ 14:30 05/12/2022.",
        "Day/month/year, or month/year, or the year; a time goes before the day, for example 14:30 05/12/2022.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """The state of a form on its way: what was typed, what is wrong, what the server shows."""

    data: Mapping[str, Any]
    visible: frozenset[str]
    settled: Mapping[str, Any]
    errors: Mapping[str, list[str]]
    token: Callable[[Mapping[str, Any]], str]
    limits: Mapping[str, Any]
    prefilled: Mapping[str, Any] = field(default_factory=dict)  # what was taken from elsewhere, by path
    lang: str = "vi"


def html_id(path: str) -> str:
    """A path as an HTML id."""
    return "f-" + re.sub(r"[^\w-]", "-", path)


def draw(schema: Component, filling: Filling) -> Drawing:
    """The form as nodes, with the error summary in the order of the page."""
    artist = _Artist(filling, watched(schema))
    nodes = tuple(artist.nodes(schema, ""))
    problems = tuple(_problems(nodes, dict(filling.errors)))
    flat = list(_flat(nodes))
    return Drawing(
        nodes=nodes,
        problems=problems,
        live=any(node.live for node in flat),
        uploads=any(node.kind == "filepicker" for node in flat),
    )


def _flat(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _flat(node.children)


def _problems(nodes: tuple[Node, ...], errors: dict[str, list[str]]) -> Iterator[Problem]:
    for node in _flat(nodes):
        for message in errors.pop(node.name, ()) if node.name else ():
            yield Problem(target=node.target, label="" if node.label in message else node.label, message=message)
    for messages in errors.values():
        for message in messages:
            yield Problem(target="", label="", message=message)


class _Artist:
    """Draws one form."""

    def __init__(self, filling: Filling, watch: frozenset[str]) -> None:
        self._filling = filling
        self._watch = watch

    def nodes(self, holder: Component, prefix: str) -> Iterator[Node]:
        for component in components(holder):
            path = path_of(component, prefix)
            if not shown(component, path, self._filling.visible):
                continue
            what = kind(component)
            if what == "group":
                yield self._group(component, path)
            elif what == "dynamiclist":
                yield self._list(component, path)
            elif what in INPUTS and component.get("key"):
                yield self._field(component, path)
            elif what in ("text", "separator", "spacer"):
                yield Node(kind=what, html=markdown(words(component, "text", self._filling.lang)))

    def _group(self, component: Component, path: str) -> Node:
        return Node(
            kind="group",
            id=html_id(str(component.get("id") or path)),
            label=words(component, "label", self._filling.lang),
            hint=words(component, "description", self._filling.lang),
            section=is_true(properties(component).get("section")),
            children=tuple(self.nodes(component, path)),
        )

    def _list(self, component: Component, path: str) -> Node:
        rows = dig(self._filling.data, path)
        return Node(
            kind="dynamiclist",
            id=html_id(path),
            name=path,
            label=words(component, "label", self._filling.lang),
            hint=words(component, "description", self._filling.lang),
            errors=self._errors(path),
            read_only=component.get("allowAddRemove") is False,
            children=tuple(
                Node(
                    kind="row",
                    id=html_id(f"{path}.{index}"),
                    name=f"{path}.{index}",
                    value=str(index),
                    errors=self._errors(f"{path}.{index}"),
                    children=tuple(self.nodes(component, f"{path}.{index}")),
                )
                for index in range(len(rows) if isinstance(rows, list) else 0)
            ),
        )

    def _errors(self, path: str) -> tuple[str, ...]:
        return tuple(self._filling.errors.get(path, ()))

    def _field(self, component: Component, path: str) -> Node:
        own = properties(component)
        value = dig(self._filling.settled if own.get("computed") else self._filling.data, path)
        names = {str(component.get("key")), *path.split(".")}
        return Node(
            kind=kind(component),
            id=html_id(path),
            name=path,
            label=words(component, "label", self._filling.lang),
            hint=self._hint(component),
            value="true" if value is True else typed(component, value),
            required=required(component),
            live=bool(names & self._watch) and not own.get("computed"),
            read_only=bool(own.get("computed") or component.get("readonly") is True or component.get("disabled")),
            other=_other(component, value),
            errors=self._errors(path),
            choices=tuple(_choices(component, path, value)),
            uploads=tuple(self._uploads(component, value)),
            attributes=self._attributes(component),
            prefilled=self._is_prefilled(path, value),
        )

    def _attributes(self, component: Component) -> dict[str, str]:
        found = _attributes(component)
        if kind(component) == "filepicker":
            found["accept"] = ",".join(limits_of(component, self._filling.limits).endings)
            if capture := properties(component).get("capture"):
                found["data-capture"] = str(capture)
        return found

    def _is_prefilled(self, path: str, value: Any) -> bool:
        """Whether the answer still is what the house knew of the person."""
        return value not in (None, "", []) and self._filling.prefilled.get(path) == value

    def _hint(self, component: Component) -> str:
        own = words(component, "description", self._filling.lang)
        if properties(component).get("computed"):
            return own
        what = ""
        if kind(component) == "datetime":
            what = str(component.get("subtype") or "date")
        elif kind(component) == "number":
            what = "decimal" if decimals(component) else "number"
        elif is_true(properties(component).get("partialDate")):
            what = "partial"
        elif is_true(properties(component).get("partialDateTime")):
            what = "partial_time"
        general = _HINTS.get(what, ("", ""))[1 if self._filling.lang == "en" else 0]
        if kind(component) == "filepicker":
            general = self._file_hint(component)
        return " ".join(part for part in (own, general) if part)

    def _file_hint(self, component: Component) -> str:
        limits = limits_of(component, self._filling.limits)
        if self._filling.lang == "en":
            return f"{limits.kinds}, at most {limits.megabytes} MB each, {limits.files} files."
        return f"{limits.kinds}, mỗi tệp không quá {limits.megabytes} MB, nhiều nhất {limits.files} tệp."

    def _uploads(self, component: Component, value: Any) -> Iterator[Upload]:
        if kind(component) == "filepicker" and isinstance(value, list):
            for stored in value:
                if isinstance(stored, Mapping) and "sha256" in stored:
                    token, name, size = self._filling.token(stored), str(stored["name"]), int(stored["size"])
                    yield Upload(token=token, name=name, size=size, sha256=str(stored["sha256"]))


def _choices(component: Component, path: str, value: Any) -> Iterator[Choice]:
    chosen = value if isinstance(value, list) else [value]
    for index, (own, label) in enumerate(options(component)):
        yield Choice(id=f"{html_id(path)}-{index}", value=str(own), label=label, chosen=own in chosen)


def _other(component: Component, value: Any) -> str | None:
    """The free text of a select that takes it; None when it does not."""
    if not other_allowed(component):
        return None
    known = {own for own, _ in options(component)}
    return str(value) if value not in (None, "", OTHER) and value not in known else ""


def _attributes(component: Component) -> dict[str, str]:
    own, found = rules(component), {}
    if own.get("maxLength"):
        found["maxlength"] = str(int(own["maxLength"]) * 2)  # NFD and blanks at the ends do not count
    if kind(component) == "number":
        found["inputmode"] = "decimal" if decimals(component) else "numeric"
    if kind(component) == "datetime" or properties(component).get("normalize") == "digits":
        found["inputmode"] = "text" if component.get("subtype") == "datetime" else "numeric"
    if properties(component).get("unit"):
        found["data-unit"] = str(properties(component)["unit"])
    validation = own.get("validationType")
    if validation in ("email", "phone"):
        found["inputmode"] = "email" if validation == "email" else "tel"
    return found


def markdown(text: str) -> Markup:
    """Catalog text as HTML; HTML inside it is shown as text."""
    return Markup(_MARKDOWN.render(text)) if text else Markup("")
