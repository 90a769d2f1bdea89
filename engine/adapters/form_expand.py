"""Forms as stored: option sets and shared field groups of the catalog are copied into the schema that names them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.domain.form import MAX_DEPTH, refuse

Options = Mapping[str, Sequence[Mapping[str, Any]]]
Groups = Mapping[str, Sequence[Mapping[str, Any]]]


def expand(schema: Mapping[str, Any], options: Options, fields: Groups) -> dict[str, Any]:
    """The schema with every optionSet and fieldGroup filled in; CatalogError names a component that asks in vain.

    Ids of shared fields get the id of their group in front, because a form may use a group several times. A group may
    say more in its properties: `prefix` stands before the data names of the shared fields (and for {prefix} in their
    texts), `omit` names fields that are left out, `label:NAME` and `labelEn:NAME` give a field another label.
    """
    return {**schema, "components": _all(schema.get("components", []), options, fields, "", 0)}


def offered(options: Options, deliveries: Collection[str]) -> Options:
    """The option sets without ways of receiving a result (`delivery` of an option) that a procedure does not have."""
    return {
        name: [option for option in values if option.get("delivery", "") in {"", *deliveries}]
        for name, values in options.items()
    }


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
        known = _known(component, options, own["optionSet"], "optionSet")
        found["values"] = [{name: option[name] for name in option if name != "delivery"} for option in known]
    if "fieldGroup" in own:
        shared = _adapted(component, own, _known(component, fields, own["fieldGroup"], "fieldGroup"))
        found["components"] = _all(shared, options, fields, str(found.get("id", "")), depth + 1)
    elif "components" in component:
        found["components"] = _all(component["components"], options, fields, prefix, depth + 1)
    return found


def _adapted(component: Mapping[str, Any], own: Mapping[str, Any], shared: Any) -> list[Any]:
    """The shared fields as this group wants them."""
    omitted = {name.strip() for name in str(own.get("omit", "")).split(",") if name.strip()}
    relabelled = {name.partition(":")[2] for name in own if name.startswith(("label:", "labelEn:"))}
    for name in sorted((omitted | relabelled) - {_name(each) for each in shared}):
        raise refuse(component, f"nhóm ô chung không có ô “{name}”", f"the field group has no field “{name}”")
    return [_renamed(each, own) for each in shared if _name(each) not in omitted]


def _name(component: Any) -> str:
    """The data name of a shared field: its key, or the path of a group or list."""
    return str(component.get("key") or component.get("path") or "") if isinstance(component, Mapping) else ""


def _renamed(component: Any, own: Mapping[str, Any]) -> Any:
    if not isinstance(component, Mapping):
        return component
    prefix, name = str(own.get("prefix", "")), _name(component)
    found = {part: _filled(value, prefix) for part, value in component.items()}
    for part in ("key", "path", "id"):
        if component.get(part):
            found[part] = f"{prefix}{component[part]}"
    if f"label:{name}" in own:
        found["label"] = own[f"label:{name}"]
    if f"labelEn:{name}" in own:
        found["properties"] = {**(found.get("properties") or {}), "labelEn": own[f"labelEn:{name}"]}
    return found


def _filled(value: Any, prefix: str) -> Any:
    """The same with the prefix where a text says {prefix}."""
    if isinstance(value, str):
        return value.replace("{prefix}", prefix)
    if isinstance(value, Mapping):
        return {name: _filled(part, prefix) for name, part in value.items()}
    return [_filled(part, prefix) for part in value] if isinstance(value, list) else value


def _known(component: Mapping[str, Any], known: Mapping[str, Any], name: Any, what: str) -> Any:
    if not isinstance(name, str) or name not in known:
        raise refuse(component, f"không có {what} “{name}”", f"there is no {what} “{name}”")
    return known[name]
