"""Money in hand as part of a case's own step: it is noted in the commit that takes the task or settles the refund."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.work import Work
from engine.domain import events
from engine.domain.case import Task
from engine.domain.cash import in_hand
from engine.domain.context import missing

Values = Mapping[str, Any]


def takes_cash(settings: Values, form_id: str | None, data: Values) -> bool:
    """Whether a form with these answers says that money was taken in hand (`[cash]` of settings.toml)."""
    rules = settings.get("cash", {})
    taken = rules.get("taken", {})
    return bool(taken) and form_id == rules.get("form") and all(data.get(name) == said for name, said in taken.items())


def note_taken(work: Work, task: Task, data: Values, drawer: str) -> None:
    """The money lies in the drawer from now on, whether or not the process can go on; with one task only once."""
    if work.actor.kind != "officer" or not takes_cash(work.ports.catalog.settings, task.form_id, data):
        return
    amount = missing(work.case)
    if amount > 0 and not in_hand(work.case, task.key):
        work.add(events.CashTaken(key=task.key, amount=amount, by=work.actor.id, drawer=drawer))


def note_given_back(work: Work, order: str, amount: int, drawer: str) -> None:
    """The money has left the drawer."""
    work.add(events.CashGivenBack(order=order, amount=amount, by=work.actor.id, drawer=drawer))
