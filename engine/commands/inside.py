"""Jobs that touch nothing outside the database are done in the very commit of the step that asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from engine.commands.job_types import JOB_TYPES, is_inside, perform
from engine.commands.jobs import record_done
from engine.commands.wake import wake
from engine.commands.work import CounterOrderError, Work
from engine.domain.actor import system
from engine.domain.case import Job
from engine.domain.errors import DatabaseUnavailableError, StaleVersionError
from engine.domain.events import JobCreated
from engine.ports import Ports
from engine.ports.notices import NoticeRows

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
    return next((job for job in made if job is not None and is_inside(work.ports, job)), None)


class _IntoStep:
    """Implements the Messages port: what is handed over becomes a row of the step's own commit."""

    def __init__(self, work: Work, rows: NoticeRows) -> None:
        self._work = work
        self._rows = rows

    def send(self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str) -> None:
        """Tell it with the step."""
        at = self._work.now
        row = self._rows.row(channel=channel, recipient=recipient, template=template, data=data, key=key, at=at)
        self._work.tell(row)


def _ports(work: Work, job: Job) -> Ports:
    """The ports as a job inside sees them."""
    rows = work.ports.notice_rows
    if rows is None or not JOB_TYPES[job.type].tells:
        return work.ports
    return replace(work.ports, messages=_IntoStep(work, rows))


def _done(work: Work, job: Job) -> bool:
    """Whether the job was done; not where its number has to be drawn apart."""
    try:
        error = work.attempt(lambda: record_done(work, job, perform(_ports(work, job), work.case, job, work.now)))
    except (DatabaseUnavailableError, StaleVersionError):  # the whole command is void, whatever jobs it has
        raise
    except Exception as failure:  # whatever it is, it is a worker's to try, and to tell the house of
        raise InsideError from failure
    if error is not None and not isinstance(error, CounterOrderError):
        raise InsideError from error
    return error is None
