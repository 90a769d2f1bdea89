"""The part of a worker that brings signals from the case that threw them to all others that wait for them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from engine.commands.bus import Bus
from engine.commands.event_messages import DeliverSignal, FinishBroadcast, ReportSignal, StartBySignal
from engine.commands.opening import starts
from engine.domain.actor import Actor, system
from engine.domain.case import Broadcast, Case
from engine.domain.errors import (
    CaseSuspendedError,
    DatabaseBusyError,
    DatabaseUnavailableError,
    DomainError,
    LeaseLostError,
    NotFoundError,
    StaleVersionError,
)
from engine.domain.procedure import Procedure
from engine.domain.process import Start
from engine.ports import Lease, Ports

BATCH = 20
LEASE = timedelta(seconds=60)
OTHERS_TURN = (LeaseLostError, StaleVersionError, DatabaseBusyError)  # somebody else is at it, or the next lease
SOON, WHILE_HELD, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=10), timedelta(hours=1)


class Spreader:
    """Serves the receivers of a signal one by one, each by a command of its own.

    The key of a command is the broadcast and the receiver, and the same for every worker: who takes over from one that
    died in the middle gets the first answer for those that were served.
    """

    def __init__(self, ports: Ports, bus: Bus) -> None:
        self._ports = ports
        self._bus = bus

    def run_due(self, now: datetime) -> int:
        """Spread one batch of signals; how many were taken on."""
        leases = self._ports.store.claim("broadcast", now, limit=BATCH, lease=LEASE)
        for lease in leases:
            case = self._ports.store.case(lease.unit, lease.case_id)
            if case is not None and lease.key in case.broadcasts:
                self._spread(lease, case, case.broadcasts[lease.key])
        return len(leases)

    def _spread(self, lease: Lease, case: Case, signal: Broadcast) -> None:
        receivers = [each for each in self._ports.store.listening(case.unit, signal.signal) if each != case.id]
        answers = [self._deliver(case, signal, receiver) for receiver in receivers]
        begins = starts(self._ports, self._ports.clock.now().date(), "signal", signal.signal)
        answers += [self._begin(case, signal, procedure, start) for procedure, start in begins]
        pauses = [answer for answer in answers if isinstance(answer, timedelta)]
        retry_at = self._ports.clock.now() + min(pauses) if pauses else None
        command = FinishBroadcast(lease=lease, reached=answers.count(True), retry_at=retry_at)
        key = f"signal/{signal.id}/finish/{lease.fence}/{lease.until.isoformat()}"
        with suppress(*OTHERS_TURN):
            self._bus.handle(command, _machine(case), key)

    def _deliver(self, case: Case, signal: Broadcast, receiver: str) -> bool | timedelta:
        """Whether the signal reached the receiver, or how long to wait before it is tried again."""
        command = DeliverSignal(
            unit=case.unit,
            case_id=receiver,
            broadcast=signal.id,
            signal=signal.signal,
            payload=signal.payload,
            thrown_at=signal.thrown_at,
        )
        try:
            answer = self._bus.handle(command, _machine(case), f"signal/{signal.id}/{receiver}")
        except NotFoundError:
            return False
        except (StaleVersionError, DatabaseBusyError):
            return SOON
        except CaseSuspendedError:
            return WHILE_HELD
        except DatabaseUnavailableError:  # nothing the receiver stumbled over: the lease runs out, and it goes on
            raise
        except Exception as error:  # one receiver that cannot go on must not keep the signal from the others
            return self._report(case, signal, receiver, error)
        return bool(answer.data["reached"])

    def _begin(self, case: Case, signal: Broadcast, procedure: Procedure, start: Start) -> bool | timedelta:
        """Whether the signal began a case, or how long to wait before it is tried again."""
        command = StartBySignal(
            unit=case.unit,
            procedure=procedure.code,
            element_id=start.element_id,
            broadcast=signal.id,
            signal=signal.signal,
            payload=signal.payload,
        )
        key = f"signal/{signal.id}/start/{procedure.code}/{start.element_id}"
        try:
            self._bus.handle(command, _machine(case), key)
        except (StaleVersionError, DatabaseBusyError):
            return SOON
        except DatabaseUnavailableError:
            raise
        except Exception as error:  # as above
            return self._report(case, signal, case.id, error)
        return True

    def _report(self, case: Case, signal: Broadcast, receiver: str, error: Exception) -> timedelta:
        command = ReportSignal(unit=case.unit, case_id=receiver, broadcast=signal.id, error=said(error))
        key = f"signal/{signal.id}/{receiver}/failed/{self._ports.ids.new()}"
        with suppress(NotFoundError, *OTHERS_TURN):
            self._bus.handle(command, _machine(case), key)
        return LONGEST_RETRY


def _machine(case: Case) -> Actor:
    """One name for all workers: a repeat under the same key must be the same command."""
    return system(case.unit, "signal")


def said(error: Exception) -> str:
    """What went wrong, for people of the house: later lines of a driver's error hold the personal data it was given."""
    if isinstance(error, DomainError):
        return error.message
    line = next((text.strip() for text in str(error).splitlines() if text.strip()), "")
    return f"{type(error).__name__}: {line}" if line else type(error).__name__
