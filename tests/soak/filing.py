"""How a citizen of the soak files: begins a draft, saves its parts, and comes to the button that sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.soak.person import Person, hidden
from web.forms.carry import carry
from web.forms.schema import Component
from web.forms.sections import sections

Field = tuple[str, str]


def written(person: Person, code: str, schema: Component, application: Mapping[str, Any]) -> tuple[str, list[Field]]:
    """The address of the check before sending, and the fields that send."""
    begin = f"/thu-tuc/{code}/nop"
    fields = hidden(person.read(begin).text)
    home = person.press(begin, [*fields.items(), ("_for", "self")]).location
    for part in sections(schema):
        page = f"{home}/phan/{part.id}"
        own = hidden(person.read(page).text)
        person.press(page, [*own.items(), *carry(part.schema, application, str), ("_action", "autosave")])
    check = f"{home}/kiem-tra"
    own = hidden(person.read(check).text)
    return check, [*own.items(), ("_declared", "true"), ("_action", "submit")]


def cause_of(check: str) -> str:
    """The cause that history records of a draft that was sent."""
    return f"draft/{check.split('/')[-2]}"
