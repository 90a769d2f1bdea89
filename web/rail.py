"""The left rail of officers' pages: their queues with counts, and notes that ask for their eye."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from engine.domain.procedure import Group
from engine.ports import COUNTED
from engine.queries.queues import FEW
from web.house import house, queries
from web.texts import t

BRIEF = frozenset({"overdue", "today", "free", "aside", "mentions"})  # counted no further than FEW


@dataclass(frozen=True, slots=True)
class Rail:
    """The officer's own count, each group with its count, and unread mentions and reminders, as they are shown."""

    mine: str
    groups: list[tuple[Group, str]]
    mentions: str


def rail() -> Rail:
    """What the rail shows to the officer who is signed in."""
    known, counted = house().catalog.groups, counts()
    groups = [(known[name], counted.get(name, "0")) for name in known if name in g.actor.groups]
    return Rail(counted.get("mine", "0"), groups, counted["mentions"])


def counts() -> dict[str, str]:
    """How much waits, by group and by view, as people read it; counted once for each request."""
    if "counts" not in g:
        desk = house().desk
        unread = desk.inbox.mentions.unread(g.actor.unit, g.actor.id) + desk.deadlines.queries.unread(g.actor)
        found = {**queries().counts(g.actor), "mentions": unread}
        g.counts = {name: shown(number, FEW if name in BRIEF else COUNTED) for name, number in found.items()}
    return dict(g.counts)


def shown(count: int, most: int) -> str:
    """A count as people read it: where it was given up, how many there are at least."""
    return str(count) if count < most else t(f"hơn {most - 1}", f"{most - 1}+")
