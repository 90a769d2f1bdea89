"""A filled form as lines for reading: labels with answers, hidden and empty parts left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from web.forms.node import Line
from web.forms.schema import INPUTS, Component, components, dig, kind, options, path_of, shown, words
from web.forms.values import typed


def read_out(
    schema: Component,
    data: Mapping[str, Any],
    visible: frozenset[str] | None = None,
    lang: str = "vi",
    blank: str = "",
) -> list[Line]:
    """Headings and answers in the form's order; `visible` None shows all that has a value.

    `blank` stands where a visible question was not answered; without it such questions are left out.
    """
    return list(_lines(schema, data, "", _Reader(visible, lang, blank=blank)))


class _Reader:
    """How to read: what is visible, in which language, how deep."""

    def __init__(self, visible: frozenset[str] | None, lang: str, level: int = 2, blank: str = "") -> None:
        self.visible, self.lang, self.level, self.blank = visible, lang, level, blank

    def deeper(self) -> _Reader:
        return _Reader(self.visible, self.lang, self.level + 1, self.blank)

    def sees(self, component: Component, path: str) -> bool:
        return self.visible is None or shown(component, path, self.visible)


def _lines(holder: Component, data: Mapping[str, Any], prefix: str, reader: _Reader) -> Iterator[Line]:
    for component in components(holder):
        path = path_of(component, prefix)
        if not reader.sees(component, path):
            continue
        if kind(component) in ("group", "dynamiclist"):
            inner = list(_inside(component, data, path, reader.deeper()))
            label = words(component, "label", reader.lang)
            if inner and label:
                yield Line(label=label, level=reader.level)
            yield from inner
        elif kind(component) in INPUTS and component.get("key"):
            yield from (replace(line, path=path) for line in _answer(component, dig(data, path), reader))


def _inside(component: Component, data: Mapping[str, Any], path: str, reader: _Reader) -> Iterator[Line]:
    if kind(component) == "group":
        yield from _lines(component, data, path, reader)
        return
    rows = dig(data, path)
    for index in range(len(rows) if isinstance(rows, list) else 0):
        inner = list(_lines(component, data, f"{path}.{index}", reader.deeper()))
        if inner:
            yield Line(label=f"{'Mục' if reader.lang == 'vi' else 'Item'} {index + 1}", level=reader.level)
        yield from inner


def _answer(component: Component, value: Any, reader: _Reader) -> Iterator[Line]:
    lang = reader.lang
    label = words(component, "label", lang) or str(component.get("key"))
    if value in (None, "", []) or (value is False and kind(component) == "checkbox"):
        if reader.blank:
            yield Line(label=label, value=reader.blank)
        return
    if kind(component) == "filepicker":
        files = tuple(file for file in value if isinstance(file, Mapping)) if isinstance(value, list) else ()
        yield Line(label=label, value="", files=files)
    else:
        yield Line(label=label, value=spoken(component, value, lang))


def spoken(component: Component, value: Any, lang: str) -> str:
    """An answer in words: option labels, yes and no, dates as people write them."""
    if isinstance(value, bool):
        return ("Có" if value else "Không") if lang == "vi" else ("Yes" if value else "No")
    labels = dict(_labels(component))
    if isinstance(value, list):
        return "; ".join(labels.get(str(item), str(item)) for item in value)
    return labels.get(str(value), typed(component, value))


def _labels(component: Component) -> Iterator[tuple[str, str]]:
    for value, label in options(component):
        yield str(value), label
