"""Rules and special steps of the facts, looked up in rules, checks of fields, and special steps of the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.facts.entry import Component, Entry, flat
from tests.facts.fields import Gap
from tests.facts.head import pairs
from tests.facts.wording import alike


def gaps(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    """Rules and steps that the catalog does not have."""
    names = [row["key"] for section in fact["form"]["sections"] for row in section["fields"]]
    for rule in fact["rules"]:
        if "*" in str(rule.get("field")):
            yield from _everywhere(rule, entry, [name for name in names if fnmatchcase(name, rule["field"])])
        elif not _found(rule, entry):
            yield f"rule.{rule['key']}", f"no such rule: {rule.get('message') or rule['rule']}"
    for step, mine in pairs(fact["steps"], entry.rows("special_step")):
        if mine is None:
            yield f"step.{step['key']}", f"no such special step: {step['name']}"


def _found(rule: Mapping[str, Any], entry: Entry) -> bool:
    """A rule of that key or message, or a check of a field with that message."""
    message = rule.get("message", "")
    for row in entry.rows("rule"):
        if row["key"].startswith(rule["key"]) or (message and alike(message, row["message"])):
            return True
    wanted = [entry.fields[rule["field"]]] if rule.get("field") in entry.fields else entry.components
    return any(message and alike(message, said) for component in wanted for _, said in component.checks)


def _everywhere(rule: Mapping[str, Any], entry: Entry, names: list[str]) -> Iterator[Gap]:
    """A rule for all fields of a name, such as *_ho_ten: each of them has a check, a pattern, or is in a rule."""
    mild = rule.get("severity", "error") != "error"  # a check of a field always blocks
    rows = [row for row in entry.rows("rule") if not mild or row["key"].startswith(rule["key"])]
    ruled = {field.split(".")[0] for row in rows for field in row.get("fields", [])}
    for name in names:
        component = entry.fields.get(name)
        if component is None or component.data.get("readonly") or name in ruled:
            continue
        if mild or not _checked(component):
            yield f"rule.{rule['key']}.{name}", f"no check of {name}: {rule['message']}"


def _checked(component: Component) -> bool:
    inner = [component, *flat(component.data)]
    return any(c.checks or (c.data.get("validate") or {}).get("pattern") for c in inner)
