"""A procedure as it lies in the catalog, as far as facts are looked up in it; it need not be complete yet."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.adapters.catalog_files import FileCatalog
from engine.adapters.form_expand import expand

ROOT = Path(__file__).resolve().parents[2] / "catalog"
FACTS = ROOT.parent / "tests" / "data" / "procedures.json"
ELEMENT = re.compile(r'\bid="(\w+)"')
TABLES = ("fee", "exemption", "document", "rule", "special_step")


@dataclass(frozen=True)
class Component:
    """A component of the form: its data, those around it, and its place in the order of the form."""

    data: Mapping[str, Any]
    around: tuple[Mapping[str, Any], ...]
    place: int

    @property
    def own(self) -> Mapping[str, Any]:
        """The properties the form-js schema does not know."""
        return self.data.get("properties") or {}

    @property
    def texts(self) -> list[str]:
        """What it says to people."""
        return [str(self.data[key]) for key in ("label", "dateLabel", "description") if self.data.get(key)]

    @property
    def hidden(self) -> bool:
        """Whether a condition may hide it, or a group around it."""
        return any((each.get("conditional") or {}).get("hide") for each in (self.data, *self.around))

    @property
    def checks(self) -> list[tuple[str, str]]:
        """(FEEL, message) of each of its own checks."""
        found = [(k, v) for k, v in self.own.items() if re.fullmatch(r"check\d*", k)]
        return [(str(text), str(self.own.get(key.replace("check", "message"), ""))) for key, text in found]


@dataclass(frozen=True)
class Entry:
    """procedure.toml, form.json with the shared fields filled in, officer forms, and the ids in the diagrams."""

    head: Mapping[str, Any]
    fields: Mapping[str, Component]
    components: tuple[Component, ...]
    elements: frozenset[str]
    forms: Mapping[str, frozenset[str]]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The entries of a [[table]]."""
        return list(self.head.get(table, []))

    def has(self, place: str) -> bool:
        """Whether something stands at a place such as rule.copies_eq, element.sign_register or form.review.reason."""
        kind, _, name = place.partition(".")
        if kind in TABLES:
            return any(row["key"] == name for row in self.rows(kind))
        if kind == "form":
            form, _, key = name.partition(".")
            return form in self.forms and (not key or key in self.forms[form])
        known = {"field": self.fields, "element": self.elements, "info": self.head.get("info", {}), "head": self.head}
        return name in known.get(kind, {})


def read(slug: str) -> Entry | None:
    """The procedure's folder, or None when there is none yet."""
    folder = ROOT / slug
    if not (folder / "procedure.toml").exists():
        return None
    form = json.loads((folder / "form.json").read_text("utf-8")) if (folder / "form.json").exists() else {}
    components = tuple(flat(_expanded(form)))
    diagrams = [*folder.glob("*.bpmn"), *(ROOT / "_shared" / "processes").glob("*.bpmn")]
    forms = [*folder.glob("forms/*.json"), *(ROOT / "_shared" / "forms").glob("*.json")]
    return Entry(
        head=tomllib.loads((folder / "procedure.toml").read_text("utf-8")),
        fields={name_of(c.data): c for c in sorted(components, key=_inmost_first) if name_of(c.data)},
        components=components,
        elements=frozenset(x for path in diagrams for x in ELEMENT.findall(path.read_text("utf-8"))),
        forms={path.stem: frozenset(_keys(path)) for path in forms},
    )


def flat(form: Mapping[str, Any]) -> Iterator[Component]:
    """All components in the order of the form."""
    place = 0

    def inside(outer: Mapping[str, Any], around: tuple[Mapping[str, Any], ...]) -> Iterator[Component]:
        nonlocal place
        for data in outer.get("components", []):
            place += 1
            yield Component(data, around, place)
            yield from inside(data, (*around, data))

    yield from inside(form, ())


def name_of(component: Mapping[str, Any]) -> str:
    """The key, or the path of a group or table."""
    return str(component.get("key") or component.get("path") or "")


@cache
def facts() -> dict[str, dict[str, Any]]:
    """The facts of all procedures by slug."""
    return {each["slug"]: each for each in json.loads(FACTS.read_text("utf-8"))}


@cache
def _catalog() -> FileCatalog:
    return FileCatalog.load(ROOT)


def _inmost_first(component: Component) -> tuple[int, int]:
    """Of two fields of one name the one that lies less deep, then the earlier one, is meant."""
    return -len(component.around), -component.place


def _expanded(form: Mapping[str, Any]) -> Mapping[str, Any]:
    shared = _catalog().shared
    return expand(form, shared.options, shared.fields)


def _keys(path: Path) -> Iterator[str]:
    return (name_of(c.data) for c in flat(json.loads(path.read_text("utf-8"))))
