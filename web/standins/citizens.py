"""The invented people whom the stand-ins know; data of the catalog."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from engine.settings import Settings

Person = Mapping[str, Any]


def citizens(settings: Settings) -> list[Person]:
    """People with name, id_number, birth_date, phone, …"""
    return list(_data(settings)["person"])


def organisations(settings: Settings) -> list[Person]:
    """Enterprises and agencies with name, code, subtype and the id number of who acts for each."""
    return list(_data(settings)["organisation"])


def _data(settings: Settings) -> dict[str, Any]:
    path = settings.catalog / "_shared" / "standin_people.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def same_words(one: str, other: str) -> bool:
    """Whether two names are the same but for case and blanks."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
