"""Stops, at its hours, what waited too long for a supplement asked beside the process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.commands.bus import Bus
from engine.commands.handling_messages import ExpireSupplement
from engine.domain import access
from engine.domain.actor import system
from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.domain.handling import is_beside
from engine.ports import Ports, ReadModels

LOOKED_AT = 200


class Expiring:
    """Looks for rounds whose time is over."""

    def __init__(self, ports: Ports, models: ReadModels, bus: Bus) -> None:
        self._ports = ports
        self._models = models
        self._bus = bus

    def run(self, now: datetime) -> int:
        """Stop every case that is overdue with its supplement; how many were tried. Safe to repeat."""
        found = [place for unit in self._ports.units() for place in self._overdue(unit, now)]
        for unit, case_id, key in found:
            command = ExpireSupplement(unit=unit, case_id=case_id)
            try:
                self._bus.handle(command, system(unit), f"expire:{case_id}:{key}:{now:%Y%m%d%H}")
            except DatabaseUnavailableError:
                raise
            except DomainError:  # somebody was quicker; the next hour looks again
                continue
        return len(found)

    def _overdue(self, unit: str, now: datetime) -> Iterator[tuple[str, str, str]]:
        """Tasks beside the process whose time is over, a page at a time."""
        after: str | None = None
        while True:
            waiting = {"overdue": now}
            rows = self._models.inbox(unit, [access.APPLICANT], None, waiting, after=after, limit=LOOKED_AT)
            yield from ((unit, str(row["case_id"]), str(row["key"])) for row in rows if is_beside(str(row["key"])))
            if len(rows) < LOOKED_AT:
                return
            after = str(rows[-1]["cursor"])
