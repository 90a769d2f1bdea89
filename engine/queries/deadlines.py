"""Which cases are late, due today or soon; and what an officer was reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.calendar import UncoveredDateError, tomorrow
from engine.domain.errors import ForbiddenError
from engine.domain.records import replace
from engine.domain.reminding import ReminderRules, Threshold
from engine.ports import Ports
from engine.ports.deadlines import Deadlines, Edges, Reminded, Reminders, Tallies, TermRow, Wish

Band = Literal["overdue", "today", "soon", "near", "all"]
WATCHERS = (access.DESK, *access.STEERERS)  # who sees the terms of everybody; other officers see their own
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The dashboard: where the bands are cut, the counts, and whether they are of the whole unit."""

    edges: Edges
    tallies: Tallies
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a list; `apologises`: the cases whose date the reader may ask to be moved."""

    rows: Sequence[TermRow]
    apologises: frozenset[str]
    next: str | None


class DeadlineQueries:
    """For officers, of their own unit; nobody but the desk, leaders and administrators sees what is others'."""

    def __init__(self, ports: Ports, deadlines: Deadlines, reminders: Reminders, rules: ReminderRules) -> None:
        self._ports = ports
        self._deadlines = deadlines
        self._reminders = reminders
        self._rules = rules

    def overview(self, actor: Actor) -> Overview:
        """Counts over what is due soon or late."""
        edges = self.edges(actor.unit)
        whole = actor.in_any(WATCHERS)
        tallies = self._deadlines.tallies(actor.unit, edges, None if whole else own(actor))
        return Overview(edges=edges, tallies=tallies, whole=whole)

    def cases(self, actor: Actor, band: Band, wish: Wish, *, after: str | None = None, limit: int = PAGE) -> Listed:
        """The cases of a band that the wish asks for; ForbiddenError where it asks for what is not the actor's."""
        asked = replace(_allowed(actor, wish), **_between(self.edges(actor.unit), band))
        rows = self._deadlines.rows(actor.unit, asked, after=after, limit=limit)
        may = frozenset(row.case_id for row in rows if not row.moved and self._apologises(actor, row))
        return Listed(rows=rows, apologises=may, next=rows[-1].cursor if len(rows) == limit else None)

    def edges(self, unit: str) -> Edges:
        """Where the bands are cut now."""
        now, days = self._ports.clock.now(), self._rules.soon_working_days
        try:
            soon = self._ports.catalog.calendar(unit).working_day_end(now, days)
        except UncoveredDateError:  # the next year is not known yet
            soon = now + timedelta(days=days)
        return Edges(now=now, tomorrow=tomorrow(now), soon=soon)

    def _apologises(self, actor: Actor, row: TermRow) -> bool:
        """As the command decides: the desk, whom the house names, and those whose turn it is."""
        named = self._ports.catalog.settings.get("apology", {}).get("groups", ())
        return actor.in_any((access.DESK, *named, *row.groups))

    def reminded(self, actor: Actor) -> list[tuple[Reminded, Threshold | None]]:
        """What the actor was reminded of and still counts, the newest first, with the threshold's words."""
        found = self._reminders.of(actor.unit, actor.id, sorted(actor.groups))
        return [(one, self._rules.named(one.threshold)) for one in found]

    def unread(self, actor: Actor) -> int:
        """Of how many cases the actor has not read the newest reminder."""
        return self._reminders.unread(actor.unit, actor.id, sorted(actor.groups))


def own(actor: Actor) -> tuple[str, ...]:
    """Whose tasks are the actor's business: the own ones, and those of whom the actor stands in for now."""
    return (actor.id, *(one.principal for one in actor.standings))


def _allowed(actor: Actor, wish: Wish) -> Wish:
    if actor.in_any(WATCHERS):
        return wish
    mine = own(actor)
    if wish.free or wish.group is not None or not set(wish.people or mine) <= set(mine):
        raise ForbiddenError()
    return replace(wish, people=wish.people or mine)


def _between(edges: Edges, band: Band) -> dict[str, datetime | None]:
    """From when to when a band goes; the last edge belongs to it."""
    end = edges.soon + timedelta(microseconds=1)
    since = {
        "overdue": None,
        "today": edges.now,
        "soon": max(edges.now, edges.tomorrow),
        "near": edges.now,
        "all": None,
    }
    until = {"overdue": edges.now, "today": min(edges.tomorrow, end), "soon": end, "near": end, "all": end}
    return {"since": since[band], "until": until[band]}
