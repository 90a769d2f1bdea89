"""A choice among the answers of the application: what an officer points at when something has to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.domain.form import INPUTS, join

PROPERTY: Final = "choices"
APPLICATION: Final = "application"


def asks(schema: Mapping[str, Any]) -> bool:
    """Whether a select of the schema offers the answers of the application."""
    return any(_offers(one) or asks(one) for one in schema.get("components", ()) if isinstance(one, Mapping))


def offering(schema: Mapping[str, Any], application: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with those selects filled: value = path of an answer, label = the group around it and its own label.

    What the server works out, and declarations that have to be ticked, are not offered; a list is one answer.
    """
    values = [{"value": path, "label": label} for path, label in _answers(application, "", "")]
    return {**schema, "components": [_filled(one, values) for one in schema.get("components", ())]}


def _offers(component: Mapping[str, Any]) -> bool:
    return (component.get("properties") or {}).get(PROPERTY) == APPLICATION


def _filled(component: Any, values: list[dict[str, str]]) -> Any:
    if not isinstance(component, Mapping):
        return component
    found = dict(component)
    if _offers(component):
        found["values"] = values
    if "components" in component:
        found["components"] = [_filled(one, values) for one in component["components"]]
    return found


def _answers(holder: Mapping[str, Any], prefix: str, around: str) -> Iterator[tuple[str, str]]:
    for component in holder.get("components", ()):
        kind, own = component.get("type"), component.get("properties") or {}
        if kind == "group":
            title = _title(component) or around
            yield from _answers(component, join(prefix, str(component.get("path") or "")), title)
        elif kind == "dynamiclist":
            yield join(prefix, str(component.get("path"))), _title(component) or str(component.get("path"))
        elif kind in INPUTS and not own.get("computed") and str(own.get("mustBeTrue", "")).lower() != "true":
            label = _title(component) or str(component.get("key"))
            path = join(prefix, str(component.get("key")))
            yield path, f"{around}: {label}" if around else label


def _title(component: Mapping[str, Any]) -> str:
    words = component.get("label") or component.get("dateLabel") or component.get("timeLabel") or ""
    return " ".join(str(words).split())
