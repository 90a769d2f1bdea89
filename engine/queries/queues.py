"""Queues as their pages show them: which tasks, in which order, how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.calendar import tomorrow
from engine.ports import COUNTED, Clock, ReadModels
from engine.queries.views import Page

FEW = 100  # of what is late, or free, nobody need know more than that


class Queues:
    """Reads queues for officers."""

    def __init__(self, clock: Clock, models: ReadModels) -> None:
        self._clock = clock
        self._models = models

    def inbox(self, actor: Actor, *, filters: Mapping[str, Any], after: str | None = None, limit: int = 50) -> Page:
        """Open tasks of the actor's groups and the actor's own, due date first.

        Filters: group, mine, search, procedure; overdue, today (due by its end) and free as True; aside "only" or
        "all": tasks set aside until a later day, which otherwise a search alone finds.
        """
        asked, group = self._asked(filters), filters.get("group")
        groups = actor.groups | {group} if group and access.assigns(actor) else actor.groups
        rows = self._models.inbox(actor.unit, sorted(groups), actor.id, asked, after=after, limit=limit)
        return Page(rows, rows[-1]["cursor"] if len(rows) == limit else None)

    def _asked(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        """The filters with the instants they mean now."""
        now = self._clock.now()
        asked = {name: filters[name] for name in ("group", "mine", "search", "procedure", "free") if filters.get(name)}
        if filters.get("overdue"):
            asked["overdue"] = now
        elif filters.get("today"):
            asked["overdue"] = tomorrow(now)
        if filters.get("aside") == "only":
            asked["asleep"] = now
        elif filters.get("aside") != "all" and not filters.get("search"):
            asked["awake"] = now
        return asked

    def counts(self, actor: Actor) -> Mapping[str, int]:
        """Open tasks by group and "mine", COUNTED at most; "overdue", "today", "free" and "aside" of all, FEW at most.

        What is set aside is counted as "aside" alone.
        """
        groups = sorted(actor.groups)
        asked: dict[str, dict[str, Any]] = {name: {"group": name} for name in groups}
        asked["mine"] = {"mine": True}
        views = {name: {**self._asked(view), "most": COUNTED} for name, view in asked.items()}
        for name in ("overdue", "today", "free"):
            views[f"all {name}"] = {**self._asked({name: True}), "most": FEW}
        views["all aside"] = {**self._asked({"aside": "only"}), "most": FEW}
        found = self._models.counts(actor.unit, groups, actor.id, views)
        return {name.removeprefix("all "): number for name, number in found.items()}
