"""Reads a form-js schema: labels, properties, paths and options of its components."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Component = Mapping[str, Any]

INPUTS = frozenset(
    {"textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist", "taglist", "filepicker"}
)
MANY = frozenset({"checklist", "taglist"})


def components(holder: Mapping[str, Any]) -> list[Component]:
    """The components directly inside a schema, group or dynamic list."""
    return list(holder.get("components", ()))


def kind(component: Component) -> str:
    """The component's type."""
    return str(component.get("type", ""))


def properties(component: Component) -> Mapping[str, Any]:
    """The house's additions to a component."""
    return component.get("properties") or {}


def rules(component: Component) -> Mapping[str, Any]:
    """The component's `validate` part."""
    return component.get("validate") or {}


def words(component: Component, what: str, lang: str) -> str:
    """The text `what` ("label", "description") in the language, Vietnamese when there is no other."""
    if lang == "en":
        english = properties(component).get(f"{what}En")
        if english:
            return str(english)
    text = str(component.get(what) or "")
    return "" if text.startswith("=") else text


def path_of(component: Component, prefix: str) -> str:
    """Where the component's data live: `a.b`, `rows.0.c`; the prefix itself for a group without a path."""
    own = component.get("path") if kind(component) in ("group", "dynamiclist") else component.get("key")
    return ".".join(part for part in (prefix, str(own or "")) if part)


def options(component: Component) -> list[tuple[Any, str]]:
    """(value, label) of a choice; static options only."""
    found = component.get("values") or ()
    return [(option.get("value"), str(option.get("label", option.get("value", "")))) for option in found]


def is_true(value: Any) -> bool:
    """Whether a property says yes; form editors store texts."""
    return value is True or str(value).strip().lower() == "true"


def other_allowed(component: Component) -> bool:
    """Whether a select also takes free text."""
    return kind(component) == "select" and is_true(properties(component).get("allowOther"))


def required(component: Component) -> bool:
    """Whether the component must always be answered."""
    return bool(rules(component).get("required")) or is_true(properties(component).get("mustBeTrue"))


def nfc(text: str) -> str:
    """The text in Unicode normal form C."""
    return unicodedata.normalize("NFC", text)


def dig(data: Any, path: str) -> Any:
    """The value at a dotted path, or None."""
    for part in path.split(".") if path else ():
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path (rows of lists must exist); a name that collides is kept as it stands."""
    here: Any = data
    *way, last = path.split(".")
    for part in way:
        if isinstance(here, list):
            here = here[int(part)] if part.isdigit() and int(part) < len(here) else None
        elif isinstance(here, dict):
            here = here.setdefault(part, {})
        if not isinstance(here, dict | list):
            data[path] = value
            return
    if isinstance(here, dict):
        here[last] = value
    else:
        data[path] = value


def inputs(holder: Mapping[str, Any], data: Any, prefix: str = "") -> Iterator[tuple[Component, str]]:
    """Every input component with its path, once per row of the data's lists."""
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "dynamiclist":
            rows = dig(data, path)
            for index in range(len(rows) if isinstance(rows, list) else 0):
                yield from inputs(component, data, f"{path}.{index}")
        elif kind(component) == "group":
            yield from inputs(component, data, path)
        elif kind(component) in INPUTS and component.get("key"):
            yield component, path


def lists(holder: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The paths of the lists that stand directly in a form or in its groups."""
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "dynamiclist":
            yield path
        elif kind(component) == "group":
            yield from lists(component, path)


def defaults(holder: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """What an empty form begins with: default values, and the first rows of lists."""
    data: dict[str, Any] = {}
    _fill(holder, data, prefix)
    return data


def _fill(holder: Mapping[str, Any], data: dict[str, Any], prefix: str) -> None:
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "group":
            _fill(component, data, path)
        elif kind(component) == "dynamiclist":
            count = min(int(component.get("defaultRepetitions") or 0), 20)
            put(data, path, [defaults(component) for _ in range(count)])
        elif component.get("key") and component.get("defaultValue") not in (None, "", []):
            put(data, path, component["defaultValue"])


def shown(component: Component, path: str, visible: Iterable[str]) -> bool:
    """Whether the server decided to show the component. Groups and texts go by their id or by what they hold."""
    seen = visible if isinstance(visible, frozenset) else frozenset(visible)
    if component.get("key"):
        return path in seen or _without_rows(path) in seen
    if not (component.get("conditional") or {}).get("hide"):
        return True
    if {path, str(component.get("id")), f"{path}.{component.get('id')}"} & seen:
        return True
    inner = components(component)
    return any(bool(child.get("key")) and shown(child, path_of(child, path), seen) for child in inner)


def _without_rows(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit())


def watched(holder: Mapping[str, Any]) -> frozenset[str]:
    """Names that any condition of the form mentions: a change of such an answer may change what is shown."""
    found: set[str] = set()
    for component in components(holder):
        own = properties(component)
        texts = [(component.get("conditional") or {}).get("hide"), own.get("requiredIf"), own.get("computed")]
        for text in texts:
            found.update(re.findall(r"[^\W\d]\w*", str(text or "")))
        found |= watched(component)
    return frozenset(found)
