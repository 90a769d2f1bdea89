"""The left rail of officers' pages: their queues with counts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from engine.domain.procedure import Group
from engine.ports import COUNTED
from web.house import house, queries
from web.texts import t


@dataclass(frozen=True, slots=True)
class Rail:
    """The officer's own count, and each group with its count, as they are shown."""

    mine: str
    groups: list[tuple[Group, str]]


def rail() -> Rail:
    """What the rail shows to the officer who is signed in."""
    known, counts = house().catalog.groups, queries().counts(g.actor)
    groups = [(known[name], shown(counts.get(name, 0))) for name in known if name in g.actor.groups]
    return Rail(shown(counts.get("mine", 0)), groups)


def shown(count: int) -> str:
    """A count as people read it: where it was given up, how many there are at least."""
    return str(count) if count < COUNTED else t(f"hơn {COUNTED - 1}", f"{COUNTED - 1}+")
