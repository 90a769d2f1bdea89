"""The work screen's part of the officers' side: what each has seen, forms that save themselves, checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.adapters.db import SqlSeenCases, SqlUnfinishedForms
from engine.commands.looking import Autosaving, Looking
from engine.portal import Made
from engine.queries.checks import Checks
from engine.routines import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What the work screen uses beside commands and queries."""

    looking: Looking
    autosaving: Autosaving
    checks: Checks

    @property
    def routines(self) -> tuple[Routine, ...]:
        """In the small hours forms that nobody came back to are forgotten."""
        hour = timedelta(hours=3)
        return (Routine(name="unfinished_forms", every=timedelta(days=1), offset=hour, work=self.autosaving.expire),)


def furnish_handling(made: Made) -> Handling:
    """Put it together."""
    return Handling(
        looking=Looking(made.ports, SqlSeenCases(made.store)),
        autosaving=Autosaving(made.ports, SqlUnfinishedForms(made.store)),
        checks=Checks(made.ports.expressions.evaluate),
    )
