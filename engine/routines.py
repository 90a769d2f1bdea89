"""What the house does at its own hours, beside what cases ask for: each slot once, whichever process comes first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.errors import DatabaseUnavailableError
from engine.ports import Clock
from engine.ports.routines import RoutineLog

LOG = logging.getLogger("motcua.routines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """Work to be done once in every slot of length `every`; slots begin at local midnight plus `offset`.

    `work` gets the instant it runs at and must be safe to repeat: a process may die in its midst.
    """

    name: str
    every: timedelta
    work: Callable[[datetime], object]
    offset: timedelta = timedelta()

    def slot(self, now: datetime) -> datetime:
        """When the slot that `now` lies in began."""
        start = now.replace(hour=0, minute=0, second=0, microsecond=0) + self.offset
        return start + (now - start) // self.every * self.every


class Routines:
    """Runs the routines that are due."""

    def __init__(self, unit: str, clock: Clock, log: RoutineLog, routines: Sequence[Routine]) -> None:
        self._unit = unit
        self._clock = clock
        self._log = log
        self._routines = routines
        self._done: dict[str, datetime] = {}  # slots this process need not ask the database about again

    def run_due(self) -> int:
        """Run every routine whose slot nobody has taken yet; how many were run. Past slots are not made up for."""
        return sum(self._run(routine, self._clock.now()) for routine in self._routines)

    def _run(self, routine: Routine, now: datetime) -> bool:
        slot = routine.slot(now)
        if self._done.get(routine.name) == slot:
            return False
        mine = self._log.begin(self._unit, routine.name, slot, now)
        self._done[routine.name] = slot
        if mine:
            try:
                routine.work(now)
            except DatabaseUnavailableError:
                raise
            except Exception:  # one routine that fails must not stop the others; its next slot tries again
                LOG.exception("the routine %s failed", routine.name)
        return mine
