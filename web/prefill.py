"""Answers that the house knows already: facts of the personal page, put where the catalog says they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from web.forms.schema import Component, dig, inputs, kind, nfc, options, other_allowed, put

Facts = Mapping[str, Any]


def facts(profile: Facts, on_behalf_of: Mapping[str, str], rules: Facts) -> dict[str, Any]:
    """What is known, by the names that `from` of filing.toml uses; `profile` is of whoever has signed in."""
    other = {name: on_behalf_of.get(name, "") for name in ("name", "id_number")}
    person = other if on_behalf_of.get("kind") == "person" else profile
    known = {f"profile.{name}": value for name, value in profile.items()}
    known |= {f"applicant.{name}": value for name, value in person.items()}
    known["applicant.id_kind"] = _kind_of(str(person.get("id_number") or ""), rules)
    known["other"] = on_behalf_of.get("kind") == "person"
    known["organisation"] = on_behalf_of.get("kind") == "organisation"
    if known["organisation"]:
        known["organisation.name"] = on_behalf_of.get("name", "")
    return {name: value for name, value in known.items() if value not in (None, "", False)}


def _kind_of(number: str, rules: Facts) -> str:
    kinds = (one["value"] for one in rules.get("id_kind", ()) if re.fullmatch(one["pattern"], number))
    return str(next(kinds, ""))


def filled(schema: Component, blank: dict[str, Any], known: Facts, rules: Facts) -> tuple[dict[str, Any], Facts]:
    """The blank form with what is known, and by path what was put in."""
    asked = {path: component for component, path in inputs(schema, blank)}
    put_in: dict[str, Any] = {}
    for rule in rules.get("prefill", ()):
        for field in rule["fields"]:
            for path, value in _answers(field, known.get(rule["from"]), rules):
                if path in asked and value not in (None, "") and _fits(asked[path], value):
                    put(blank, path, value)
                    put_in[path] = dig(blank, path)
    return blank, put_in


def _answers(field: str, value: Any, rules: Facts) -> Iterator[tuple[str, Any]]:
    """One answer, or those of a group: a fact of several parts, or a line that is an address."""
    if isinstance(value, Mapping):
        yield from ((f"{field}.{name}", part) for name, part in value.items())
        return
    yield field, value
    if isinstance(value, str):
        yield from ((f"{field}.{name}", part) for name, part in address(value, rules.get("address", {})).items())


def _fits(component: Component, value: Any) -> bool:
    """Whether a choice has this option; anything else is judged when it is sent."""
    if kind(component) not in ("select", "radio") or other_allowed(component):
        return True
    return value in [own for own, _ in options(component)]


def address(line: str, words: Facts) -> dict[str, str]:
    """An address in one line by its levels, from the end; what is of no level is the detail."""
    parts = [part.strip() for part in nfc(line).split(",") if part.strip()]
    found: dict[str, str] = {}
    for level in ("tinh_thanh", "quan_huyen", "phuong_xa"):
        if len(parts) > 1 and _begins(parts[-1], words.get(level, ())):
            found[level] = parts.pop()
    detail = str(words.get("detail", ""))
    return {**found, detail: ", ".join(parts)} if detail and parts else found


def _begins(part: str, words: Any) -> bool:
    return any(re.match(rf"{re.escape(word)}[ .]", part.casefold()) for word in words)
