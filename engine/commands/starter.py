"""The part of a worker that opens the cases of start timers that have fallen due."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from engine.commands.bus import Bus
from engine.commands.event_messages import FailStart, ScheduleStarts, StartByTimer
from engine.commands.spreader import BATCH, LEASE, LONGEST_RETRY, OTHERS_TURN, said
from engine.domain.actor import system
from engine.domain.errors import DatabaseUnavailableError
from engine.ports import Ports, StartLease

LOG = logging.getLogger("motcua.worker")


class Starter:
    """Looks after start timers: one that cannot open its case does not keep the others from theirs."""

    def __init__(self, ports: Ports, bus: Bus) -> None:
        self._ports = ports
        self._bus = bus
        self._planned = False

    def plan_once(self) -> None:
        """When the worker begins: what was deployed by a release that knew no start timers, or before a unit came, is
        planned too."""
        if not self._planned:
            self._plan(self._ports.clock.now())
            self._planned = True

    def run_due(self, now: datetime) -> int:
        """Open one batch of cases; how many start timers were taken on."""
        claims = self._ports.store.claim_starts(now, limit=BATCH, lease=LEASE)
        for claim in claims:
            self._open(claim)
        return len(claims)

    def _plan(self, now: datetime) -> None:
        for procedure in self._ports.catalog.in_force(now.date()):
            if not any(start.kind == "timer" for start in self._ports.runner.starts(procedure)):
                continue
            for unit in list(self._ports.catalog.settings["units"])[:1]:  # one command plans for all units
                key = f"starts/{procedure.code}/{self._ports.ids.new()}"
                try:
                    self._bus.handle(ScheduleStarts(procedure=procedure.code), system(unit, "starts"), key)
                except DatabaseUnavailableError:  # planned with the next batch
                    raise
                except Exception:
                    LOG.exception("the start timers of %s cannot be planned", procedure.code)

    def _open(self, claim: StartLease) -> None:
        key = f"starts/{claim.procedure}/{claim.element_id}/{claim.fence}/{claim.until.isoformat()}"
        try:
            self._bus.handle(StartByTimer(claim=claim), system(claim.unit, "starts"), key)
        except OTHERS_TURN:
            return
        except DatabaseUnavailableError:  # not the timer's fault
            raise
        except Exception as error:  # as above
            LOG.warning("the start timer %s of %s opened no case: %s", claim.element_id, claim.procedure, said(error))
            failed = FailStart(claim=claim, error=said(error), retry_at=self._ports.clock.now() + LONGEST_RETRY)
            with suppress(*OTHERS_TURN):
                self._bus.handle(failed, system(claim.unit, "starts"), key + "/failed")
