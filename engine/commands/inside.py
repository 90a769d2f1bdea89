"""Jobs that touch nothing outside the database are done in the very commit of the step that asks for them."""

from __future__ import annotations

from typing import Final

from engine.commands.job_types import JOB_TYPES, perform
from engine.commands.jobs import record_done
from engine.commands.wake import wake
from engine.commands.work import CounterOrderError, Work
from engine.domain.actor import system
from engine.domain.case import Job
from engine.domain.errors import DatabaseUnavailableError, StaleVersionError
from engine.domain.events import JobCreated

MOST: Final = 10  # in one commit: a diagram may go round in circles, and the rest is in the queue


class InsideError(Exception):
    """A job inside could not be done: the command is carried out again and leaves its jobs to the workers."""


def work_inside(work: Work) -> None:
    """Do the new jobs that need nothing outside, and those they lead to; what is left waits for a worker as ever.

    It is the machine's doing, and stands so in history. Raises InsideError: nothing of the command may be kept then,
    for a number may have been drawn that nobody bears.
    """
    for _ in range(MOST):
        job = _next(work)
        if job is None:
            return
        if len(work.turns) == 1:
            work.hand_over(system(work.case.unit))
        if not _done(work, job):
            return
        wake(work)


def _next(work: Work) -> Job | None:
    """The first job that this command made, is inside and still open."""
    if not work.events or work.case.suspended is not None or work.case.ended:
        return None
    made = (work.case.jobs.get(event.key) for event in work.events if isinstance(event, JobCreated))
    return next((job for job in made if job is not None and job.type in JOB_TYPES and JOB_TYPES[job.type].inside), None)


def _done(work: Work, job: Job) -> bool:
    """Whether the job was done; not where its number has to be drawn apart."""
    try:
        error = work.attempt(lambda: record_done(work, job, perform(work.ports, work.case, job, work.now)))
    except (DatabaseUnavailableError, StaleVersionError):  # the whole command is void, whatever jobs it has
        raise
    except Exception as failure:  # whatever it is, it is a worker's to try, and to tell the house of
        raise InsideError from failure
    if error is not None and not isinstance(error, CounterOrderError):
        raise InsideError from error
    return error is None
