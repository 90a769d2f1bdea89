"""Claims what is due and does it: timers fire, jobs run, failed tries wait longer each time."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from engine.commands.bus import Bus
from engine.commands.job_types import perform
from engine.commands.messages import CompleteJob, FailJob, FailTimer, FireTimer, ThrowJobError
from engine.commands.spreader import BATCH, LEASE, LONGEST_RETRY, OTHERS_TURN, Spreader, said
from engine.commands.starter import Starter
from engine.domain.actor import system
from engine.domain.case import Case, Job
from engine.domain.errors import DatabaseUnavailableError, JobError, NotFoundError
from engine.ports import Due, Lease, Ports, Taken

KINDS: tuple[Due, ...] = ("timer", "job")
FIRST_RETRY = timedelta(seconds=10)
FRESH = timedelta(seconds=1)  # so long a case that was read with its claim need not be read again


class Worker:
    """One of any number of workers on one database."""

    def __init__(self, ports: Ports, bus: Bus, name: str) -> None:
        self._ports = ports
        self._bus = bus
        self._name = name
        self._spreader = Spreader(ports, bus)
        self._starter = Starter(ports, bus)
        self._claimed: list[Taken] = []

    def run_due(self) -> int:
        """Do one batch of due timers and jobs; how many were taken on."""
        done = self._work_off()
        self._starter.plan_once()
        due = self._ports.store.due(self._ports.clock.now())
        for kind in KINDS:
            if kind in due:
                self._claimed += self._ports.store.take(kind, self._ports.clock.now(), limit=BATCH, lease=LEASE)
                done += self._work_off()
        now = self._ports.clock.now()
        done += self._spreader.run_due(now) if "broadcast" in due else 0
        return done + (self._starter.run_due(now) if "start" in due else 0)

    def _work_off(self) -> int:
        """Do what is claimed; where the database goes away, the rest stays to be gone on with while its lease lasts."""
        done = 0
        while self._claimed:
            taken = self._claimed.pop(0)
            try:
                self._do(taken.lease, self._known(taken))
            except DatabaseUnavailableError:
                self._claimed.insert(0, Taken(lease=taken.lease, case=None))
                raise
            done += 1
        return done

    def _known(self, taken: Taken) -> Case | None:
        """The case as it was claimed, while that is no longer ago than reading it would be; not twice the same one."""
        same = taken.lease.case_id
        self._claimed = [Taken(lease=x.lease, case=None) if x.lease.case_id == same else x for x in self._claimed]
        fresh = taken.lease.until - LEASE + FRESH > self._ports.clock.now()
        return taken.case if fresh else None

    def _do(self, lease: Lease, known: Case | None) -> None:
        if lease.until > self._ports.clock.now():
            (self._fire if lease.kind == "timer" else self._run)(lease, known)

    def drain(self, rounds: int = 1000) -> int:
        """Work until nothing is due now."""
        done = 0
        for _ in range(rounds):
            taken = self.run_due()
            if not taken:
                break
            done += taken
        return done

    def _key(self, lease: Lease) -> str:
        """One key per claim: a row that is written anew counts its claims from one, its lease ends later."""
        return f"{lease.kind}/{lease.case_id}/{lease.key}/{lease.fence}/{lease.until.isoformat()}"

    def _fire(self, lease: Lease, known: Case | None) -> None:
        try:
            self._bus.handle(FireTimer(lease=lease), system(lease.unit, self._name), self._key(lease), known)
        except OTHERS_TURN:
            return
        except DatabaseUnavailableError:  # not the work's fault: neither a failed try nor an incident
            raise
        except Exception as error:  # one timer that cannot fire must not keep the others of its batch from firing
            self._put_back(lease, error)

    def _put_back(self, lease: Lease, error: Exception) -> None:
        """A timer whose step cannot be taken is tried again later and somebody is told; it is never lost."""
        later = self._ports.clock.now() + LONGEST_RETRY
        failed = FailTimer(lease=lease, error=said(error), retry_at=later)
        with suppress(NotFoundError, *OTHERS_TURN):
            self._bus.handle(failed, system(lease.unit, self._name), self._key(lease) + "/failed")

    def _run(self, lease: Lease, known: Case | None) -> None:
        case = known or self._ports.store.case(lease.unit, lease.case_id)
        if case is None or lease.key not in case.jobs:
            return
        job = case.jobs[lease.key]
        try:
            outcome = self._perform(case, job)
            command = CompleteJob(lease=lease, outcome=outcome)
            self._bus.handle(command, system(lease.unit, self._name), self._key(lease), known)
        except OTHERS_TURN:
            return
        except DatabaseUnavailableError:  # not the work's fault: neither a failed try nor an incident
            raise
        except JobError as error:
            self._throw(lease, job, error)
        except (
            Exception
        ) as error:  # whatever an outside party does must end as a retry or an incident, never as a lost job
            self._fail(lease, job, said(error))

    def _throw(self, lease: Lease, job: Job, error: JobError) -> None:
        """Let the diagram catch the error; where it does not, this was a failed try like any other."""
        facts = error.data
        thrown = ThrowJobError(lease=lease, error=facts["error"], reason=facts["reason"], data=facts["data"])
        try:
            self._bus.handle(thrown, system(lease.unit, self._name), self._key(lease) + "/error")
        except OTHERS_TURN:
            return
        except DatabaseUnavailableError:  # not the work's fault: neither a failed try nor an incident
            raise
        except Exception as uncaught:  # as above
            self._fail(lease, job, f"{said(error)} ({said(uncaught)})")

    def _perform(self, case: Case, job: Job) -> dict[str, object]:
        return perform(self._ports, case, job, self._ports.clock.now())

    def _fail(self, lease: Lease, job: Job, error: str) -> None:
        failed = FailJob(lease=lease, error=error, retry_at=self._next_try(job))
        with suppress(NotFoundError, *OTHERS_TURN):
            self._bus.handle(failed, system(lease.unit, self._name), self._key(lease) + "/failed")

    def _next_try(self, job: Job) -> datetime | None:
        """Ten seconds after the first failure, then twice as long each time, at most an hour; None after the last."""
        attempt = job.attempt + 1
        if attempt >= job.retries:
            return None
        pause: timedelta = min(FIRST_RETRY * 2 ** (attempt - 1), LONGEST_RETRY)
        return self._ports.clock.now() + pause
