"""Forms as stored: option sets and shared field groups of the catalog are copied into the schema that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.domain.form import MAX_DEPTH, refuse

Options = Mapping[str, Sequence[Mapping[str, Any]]]
Groups = Mapping[str, Sequence[Mapping[str, Any]]]


def expand(schema: Mapping[str, Any], options: Options, fields: Groups) -> dict[str, Any]:
    """The schema with every optionSet and fieldGroup filled in; CatalogError names a component that asks in vain.

    Ids of shared fields get the id of their group in front, because a form may use a group several times.
    """
    return {**schema, "components": _all(schema.get("components", []), options, fields, "", 0)}


def _all(components: Any, options: Options, fields: Groups, prefix: str, depth: int) -> list[dict[str, Any]]:
    if not isinstance(components, Sequence) or isinstance(components, str) or depth > MAX_DEPTH:
        raise refuse(prefix, "components không đúng hoặc lồng quá sâu", "wrong or too deep components")
    return [_one(component, options, fields, prefix, depth) for component in components]


def _one(component: Any, options: Options, fields: Groups, prefix: str, depth: int) -> dict[str, Any]:
    if not isinstance(component, Mapping):
        raise refuse(prefix, "thành phần không phải đối tượng", "a component is no object")
    found = dict(component)
    if prefix:
        found["id"] = f"{prefix}_{component.get('id', component.get('key', ''))}"
    own = component.get("properties") or {}
    if "optionSet" in own:
        found["values"] = [dict(option) for option in _known(component, options, own["optionSet"], "optionSet")]
    if "fieldGroup" in own:
        shared = _known(component, fields, own["fieldGroup"], "fieldGroup")
        found["components"] = _all(shared, options, fields, str(found.get("id", "")), depth + 1)
    elif "components" in component:
        found["components"] = _all(component["components"], options, fields, prefix, depth + 1)
    return found


def _known(component: Mapping[str, Any], known: Mapping[str, Any], name: Any, what: str) -> Any:
    if not isinstance(name, str) or name not in known:
        raise refuse(component, f"không có {what} “{name}”", f"there is no {what} “{name}”")
    return known[name]
