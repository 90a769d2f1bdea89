"""Facts about the process and what it waits for: tasks, timers, jobs, messages, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.event import Event
from engine.domain.process import JobWait, MessageWait, ScopeChange, TimerWait, UserWait, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessAdvanced(Event):
    """The process took a step. `trigger`: kind start|complete|job|error|timer|message|signal|wake|cancel, key, data.

    Of a start the key is the start event ("" the one without a trigger), of a signal its name; the data of an error are
    its code and data.
    """

    tag = "process:advanced"
    trigger: Mapping[str, Any]
    snapshot: str
    path: tuple[Visit, ...]
    variables: tuple[ScopeChange, ...]
    closed: tuple[str, ...]
    ended: bool
    closed_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCreated(UserWait, Event):
    """A task was put into the queues of its groups."""

    tag = "task:created"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled(Event):
    """A task is no longer needed; nobody completed it."""

    tag = "task:cancelled"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed(Event):
    """Somebody took the task."""

    tag = "task:claimed"
    key: str
    assignee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUnclaimed(Event):
    """The task went back into the queue."""

    tag = "task:unclaimed"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDelegated(Event):
    """The assignee handed the task to somebody else."""

    tag = "task:delegated"
    key: str
    assignee: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraftSaved(Event):
    """Unfinished form data were kept."""

    tag = "task:draft_saved"
    key: str
    draft: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """The task is done, with the validated data of its form."""

    tag = "task:completed"
    key: str
    by: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerScheduled(TimerWait, Event):
    """The process waits for an instant (again, after a cycle)."""

    tag = "timer:scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """The instant came; `due` when it should have, the event's time when it did."""

    tag = "timer:fired"
    key: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerCancelled(Event):
    """The process waits for it no longer."""

    tag = "timer:cancelled"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCreated(JobWait, Event):
    """A machine has to do something, at least once."""

    tag = "job:created"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCompleted(Event):
    """The job is done."""

    tag = "job:completed"
    key: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(Event):
    """A try failed; the next one comes at `retry_at`, or an incident was raised (None)."""

    tag = "job:failed"
    key: str
    error: str
    attempt: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobErrorThrown(Event):
    """The job ended with a BPMN error, which the diagram catches; `data` go to the catching event."""

    tag = "job:error_thrown"
    key: str
    code: str
    reason: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCancelled(Event):
    """The job is no longer needed."""

    tag = "job:cancelled"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAwaited(MessageWait, Event):
    """The process waits for a message with this name and correlation value."""

    tag = "message:awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCorrelated(Event):
    """The message came and was taken."""

    tag = "message:correlated"
    key: str
    message: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAbandoned(Event):
    """The process waits for this message no longer."""

    tag = "message:abandoned"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised(Event):
    """Something needs a person of the house: a job out of retries, a process that is stuck."""

    tag = "incident:raised"
    incident: str
    key: str
    kind: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Event):
    """The cause was mended; the job runs again with `retries` tries."""

    tag = "incident:resolved"
    incident: str
    key: str
    retries: int
    note: str
