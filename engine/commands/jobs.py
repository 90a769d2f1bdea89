"""Jobs: what a machine does outside the transaction, and how its outcome is recorded inside one."""

from __future__ import annotations

from engine.commands.advance import advance
from engine.commands.job_types import JOB_TYPES, UnknownJobTypeError
from engine.commands.messages import CompleteJob, FailJob, ResolveIncident, Result
from engine.commands.work import Work
from engine.domain import events
from engine.domain.case import Case, Job
from engine.domain.errors import ForbiddenError, LeaseLostError, NotFoundError, RuleError
from engine.ports import Lease

RESOLVERS = ("administrator",)


def complete(work: Work, command: CompleteJob) -> Result:
    """Record what the job did and let the process go on; LeaseLostError when another worker took it over."""
    case, job = _held(work, command.lease)
    if job.type not in JOB_TYPES:
        raise UnknownJobTypeError(type=job.type)
    answer = JOB_TYPES[job.type].record(work, job, command.outcome)
    result = work.add(events.JobCompleted(key=job.key, result=answer)).result
    step = work.ports.runner.complete(work.procedure, case.snapshot, job.key, result, work.call())
    advance(work, step, trigger={"kind": "job", "key": job.key, "data": result})
    return Result()


def fail(work: Work, command: FailJob) -> Result:
    """A try failed: the next one comes later, or an incident waits for a person."""
    _, job = _held(work, command.lease)
    attempt = job.attempt + 1
    work.add(events.JobFailed(key=job.key, error=command.error[:2000], attempt=attempt, retry_at=command.retry_at))
    if command.retry_at is None:
        incident = work.ports.ids.new()
        work.add(events.IncidentRaised(incident=incident, key=job.key, kind="job", error=command.error[:2000]))
    return Result()


def resolve(work: Work, command: ResolveIncident) -> Result:
    """A person mended the cause: the job runs again."""
    case = work.load(command.unit, command.case_id)
    if work.actor.kind != "system" and not (work.actor.unit == case.unit and work.actor.in_any(RESOLVERS)):
        raise ForbiddenError()
    if command.incident not in case.incidents:
        raise NotFoundError(what="sự cố", id=command.incident)
    if not 1 <= command.retries <= 10:
        raise RuleError(reason="Số lần thử lại từ 1 đến 10.", reason_en="Between 1 and 10 tries.")
    incident = case.incidents[command.incident]
    work.add(
        events.IncidentResolved(
            incident=incident.id, key=incident.key, retries=command.retries, note=command.note.strip()[:2000]
        )
    )
    return Result()


def _held(work: Work, lease: Lease) -> tuple[Case, Job]:
    if not work.uow.holds(lease, work.now):
        raise LeaseLostError(key=lease.key)
    case = work.load(lease.unit, lease.case_id)
    if lease.key not in case.jobs:
        raise LeaseLostError(key=lease.key)
    return case, case.jobs[lease.key]
