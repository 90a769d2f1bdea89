"""Accounts: how people register, prove themselves, recover a password and come in from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.people.codes import Codes
from engine.people.linking import Linking
from engine.people.recovering import Recovering
from engine.people.registering import Registering
from engine.ports.people import PeopleStore


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The part of the portal about accounts. `subtypes` and `levels`: their names, from the catalog."""

    registering: Registering
    recovering: Recovering
    linking: Linking
    codes: Codes
    store: PeopleStore
    subtypes: Mapping[str, Mapping[str, Any]]
    levels: Mapping[int, Mapping[str, str]]
