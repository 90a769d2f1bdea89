"""A filled form as plain name and value pairs, to be carried through a page in hidden fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from web.forms.parse import OTHER
from web.forms.schema import (
    INPUTS,
    MANY,
    Component,
    components,
    dig,
    kind,
    options,
    other_allowed,
    path_of,
)
from web.forms.values import typed

Token = Callable[[Mapping[str, Any]], str]


def carry(holder: Component, data: Mapping[str, Any], token: Token, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Pairs that the form reader turns into the same data again."""
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "group":
            yield from carry(component, data, token, path)
        elif kind(component) == "dynamiclist":
            rows = dig(data, path)
            for index in range(len(rows) if isinstance(rows, list) else 0):
                yield f"_rows.{path}", str(index)
                yield from carry(component, data, token, f"{path}.{index}")
        elif kind(component) in INPUTS and component.get("key"):
            yield from _pairs(component, path, dig(data, path), token)


def _pairs(component: Component, path: str, value: Any, token: Token) -> Iterator[tuple[str, str]]:
    what = kind(component)
    if what == "filepicker" or what in MANY:
        write = token if what == "filepicker" else str
        for item in value or ():
            yield path, write(item)
    elif what == "checkbox" and value:
        yield path, "true"
    elif what in ("select", "radio"):
        yield from _chosen(component, path, value)
    elif text := typed(component, value):
        yield path, text


def _chosen(component: Component, path: str, value: Any) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if other_allowed(component) and value not in [own for own, _ in options(component)]:
        yield path, OTHER
        yield f"_other.{path}", str(value)
    else:
        yield path, str(value)
