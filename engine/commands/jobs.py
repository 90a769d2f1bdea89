"""Jobs: what a machine does outside the transaction, and how its outcome is recorded inside one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.advance import advance
from engine.commands.job_types import job_type
from engine.commands.leading_messages import RecordSignature
from engine.commands.messages import CompleteJob, FailJob, Result, ThrowJobError
from engine.commands.taking import incident_of
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case, Job
from engine.domain.errors import LeaseLostError, TaskNotOpenError
from engine.domain.signing_key import KeyOwnerError
from engine.ports import Lease


def complete(work: Work, command: CompleteJob) -> Result:
    """Record what the job did and let the process go on; LeaseLostError when another worker took it over."""
    _, job = _held(work, command.lease)
    record_done(work, job, command.outcome)
    return Result()


def record_signature(work: Work, command: RecordSignature) -> Result:
    """What the owner of the key signed is recorded, and the process goes on; KeyOwnerError for anybody else."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    job = case.jobs.get(command.key)
    if job is None or not job.awaits:
        raise TaskNotOpenError(key=command.key)
    access.check_moves(work.actor, case)
    if work.actor.id != job.awaits:
        raise KeyOwnerError(signer=str(command.outcome.get("signer", "")))
    record_done(work, job, command.outcome)
    return Result()


def record_done(work: Work, job: Job, outcome: Mapping[str, Any]) -> None:
    """What the job did becomes events, and the process goes on."""
    snapshot = work.case.snapshot
    answer = job_type(job).record(work, job, outcome)
    result = work.add(events.JobCompleted(key=job.key, result=answer)).result
    step = work.ports.runner.complete(work.procedure, snapshot, job.key, result, work.call())
    advance(work, step, trigger={"kind": "job", "key": job.key, "data": result})


def throw(work: Work, command: ThrowJobError) -> Result:
    """The job ended with a BPMN error: who catches it goes on; ProcessStuckError when the diagram has nobody."""
    case, job = _held(work, command.lease)
    thrown = events.JobErrorThrown(
        key=job.key,
        code=command.error,
        reason=command.reason[:2000],
        data={"error_code": command.error, **command.data},
    )
    thrown = work.add(thrown)
    error = {"code": thrown.code, "data": thrown.data}
    step = work.ports.runner.fail(work.procedure, case.snapshot, job.key, error, work.call())
    advance(work, step, trigger={"kind": "error", "key": job.key, "data": error})
    return Result()


def fail(work: Work, command: FailJob) -> Result:
    """A try failed: the next one comes later, or an incident waits for a person."""
    _, job = _held(work, command.lease)
    attempt = job.attempt + 1
    work.add(events.JobFailed(key=job.key, error=command.error[:2000], attempt=attempt, retry_at=command.retry_at))
    if command.retry_at is None:
        _tell(work, job, command.error[:2000])
    return Result()


def _tell(work: Work, job: Job, error: str) -> None:
    """The house is told by one incident; a retry in vain keeps it."""
    open_one = incident_of(work, job.key)
    if open_one is None:
        work.add(events.IncidentRaised(incident=work.ports.ids.new(), key=job.key, kind="job", error=error))
    else:
        work.add(events.IncidentRecurred(incident=open_one.id, key=job.key, element=job.element_id, error=error))


def _held(work: Work, lease: Lease) -> tuple[Case, Job]:
    if not work.uow.holds(lease, work.now):
        raise LeaseLostError(key=lease.key)
    case = work.load(lease.unit, lease.case_id)
    if lease.key not in case.jobs or case.suspended is not None:
        raise LeaseLostError(key=lease.key)
    return case, case.jobs[lease.key]
