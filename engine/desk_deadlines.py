"""Deadlines of the officers' side, put together: who sees which terms, and reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.adapters.db import SqlDeadlines, SqlReminders
from engine.adapters.db.staff import SqlStaff
from engine.adapters.reminder_rules import read_reminders
from engine.commands.reminding import Reminding
from engine.desk_leading import make_mandates
from engine.portal import Made
from engine.queries.deadlines import DeadlineQueries
from engine.routines import Routine

EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesPart:
    """What the dashboard and the lists of reminders use."""

    queries: DeadlineQueries
    routines: tuple[Routine, ...] = ()


def furnish_deadlines(made: Made) -> DeadlinesPart:
    """Put the part together."""
    rules = read_reminders(made.settings.catalog)
    reminders = SqlReminders(made.store)
    reminding = Reminding(made.ports, reminders, make_mandates(made).store, SqlStaff(made.store), rules)
    return DeadlinesPart(
        queries=DeadlineQueries(made.ports, SqlDeadlines(made.store), reminders, rules),
        routines=(Routine(name="reminders", every=EVERY, work=reminding.run),),
    )
