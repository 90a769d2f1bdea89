"""The left rail of officers' pages: their queues with counts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from engine.domain.procedure import Group
from web.house import house, queries


@dataclass(frozen=True, slots=True)
class Rail:
    """The officer's own count, and each group with its count."""

    mine: int
    groups: list[tuple[Group, int]]


def rail() -> Rail:
    """What the rail shows to the officer who is signed in."""
    known, counts = house().catalog.groups, queries().counts(g.actor)
    groups = [(known[name], counts.get(name, 0)) for name in known if name in g.actor.groups]
    return Rail(counts.get("mine", 0), groups)
