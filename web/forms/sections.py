"""A form in its parts: each part at the top of the form is a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from web.forms.schema import INPUTS, Component, components, inputs, kind, path_of, shown, words

REST = "noi_dung"  # what stands in no group of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A page of a form: its id in addresses, what it is called, its part of the schema, the names of its answers."""

    id: str
    title: str
    hint: str
    schema: Component
    names: frozenset[str]
    uploads: bool

    def holds(self, path: str) -> bool:
        """Whether the answer at this path is given here."""
        return path.split(".", 1)[0] in self.names

    def asks(self, visible: frozenset[str]) -> bool:
        """Whether anything of it is to be answered or seen."""
        return _asks(self.schema, visible, "")

    def inputs(self, data: Mapping[str, Any]) -> Iterator[tuple[Component, str]]:
        """Its questions with their paths, once per row of the data's lists."""
        return inputs(self.schema, data)


def sections(schema: Component, lang: str = "vi") -> tuple[Section, ...]:
    """The pages of a form in its order; texts between groups go with the group after them."""
    return tuple(_section(each, lang) for each in _parts(schema))


def _parts(schema: Component) -> Iterator[list[Component]]:
    loose: list[Component] = []
    for one in components(schema):
        loose.append(one)
        if kind(one) == "group":
            if _fields(loose[:-1]):
                yield loose[:-1]
                loose = [one]
            yield loose
            loose = []
    if loose:
        yield loose


def _fields(parts: list[Component]) -> bool:
    return any(kind(one) in INPUTS or kind(one) == "dynamiclist" for one in parts)


def _section(parts: list[Component], lang: str) -> Section:
    group = parts[-1] if kind(parts[-1]) == "group" else {}
    schema = {"components": parts}
    return Section(
        id=str(group.get("id") or group.get("path") or REST),
        title=words(group, "label", lang) or ("Answers" if lang == "en" else "Nội dung khai"),
        hint=words(group, "description", lang),
        schema=schema,
        names=frozenset(_names(schema, "")),
        uploads=any(kind(one) == "filepicker" for one, _ in _all(schema, "")),
    )


def _names(holder: Component, prefix: str) -> Iterator[str]:
    for one, path in _all(holder, prefix):
        if path and (one.get("key") or kind(one) in ("group", "dynamiclist")):
            yield path.split(".", 1)[0]


def _all(holder: Component, prefix: str) -> Iterator[tuple[Component, str]]:
    for one in components(holder):
        path = path_of(one, prefix)
        yield one, path
        yield from _all(one, path)


def _asks(holder: Component, visible: frozenset[str], prefix: str) -> bool:
    for one in components(holder):
        path = path_of(one, prefix)
        if not shown(one, path, visible):
            continue
        if kind(one) == "dynamiclist" or (kind(one) in INPUTS and one.get("key")):
            return True
        if kind(one) == "group" and _asks(one, visible, path):
            return True
    return False
