"""Facts about a case, in the past tense. Each has a wire tag and a version; a released version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from engine.domain.process import ScopeChange, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a case."""

    tag: ClassVar[str]
    version: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its place in history. `hash` covers everything else here and `prev_hash`."""

    stream: str
    seq: int
    unit: str
    at: datetime
    actor: str
    on_behalf_of: str | None
    cause: str  # id of the command
    event: Event
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubmitted(Event):
    """The citizen, or a clerk for the citizen, filed the case."""

    tag = "case:submitted"
    case_id: str
    unit: str
    code: str
    procedure: str
    procedure_version: int
    procedure_digest: str
    level: int
    channel: str  # online | desk | post
    delivery: str  # desk | post | electronic
    applicant: Mapping[str, Any]  # account (or None), name, id_number, phone, email, address
    application: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...] = ()  # key, name, sha256, size, media_type


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessAdvanced(Event):
    """The process took a step. `trigger`: kind start|complete|job|timer|message|cancel, key, data."""

    tag = "process:advanced"
    trigger: Mapping[str, Any]
    snapshot: str
    path: tuple[Visit, ...]
    variables: tuple[ScopeChange, ...]
    closed: tuple[str, ...]
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCreated(Event):
    """A task was put into the queues of its groups."""

    tag = "task:created"
    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    groups: tuple[str, ...]
    assignee: str | None
    due: datetime | None
    follow_up: datetime | None
    priority: int
    form_id: str | None
    inputs: Mapping[str, Any]
    properties: Mapping[str, str]


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
class TimerScheduled(Event):
    """The process waits for an instant (again, after a cycle)."""

    tag = "timer:scheduled"
    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    due: datetime


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
class JobCreated(Event):
    """A machine has to do something, at least once."""

    tag = "job:created"
    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    type: str
    headers: Mapping[str, str]
    retries: int
    inputs: Mapping[str, Any]


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
class JobCancelled(Event):
    """The job is no longer needed."""

    tag = "job:cancelled"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAwaited(Event):
    """The process waits for a message with this name and correlation value."""

    tag = "message:awaited"
    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    message: str
    correlation: str
    properties: Mapping[str, str]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Event):
    """The national status changed."""

    tag = "case:status_changed"
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineAdjusted(Event):
    """The term began, paused, resumed, restarted, was extended or ended. `trail` says how `due_after` was computed."""

    tag = "deadline:adjusted"
    kind: str  # started | paused | resumed | restarted | extended | finished | stopped
    due_before: datetime | None
    due_after: datetime | None
    reason: str
    by: str
    calendar: str  # version of the calendar it was computed with
    trail: tuple[str, ...] = ()
    timeliness: str | None = None  # finished: early | on_time | late


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAssessed(Event):
    """The fee table of the case: lines in whole dong, see fee.FeeLine."""

    tag = "fee:assessed"
    lines: tuple[Mapping[str, Any], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrdered(Event):
    """A payment order was opened at a provider."""

    tag = "payment:ordered"
    order: str
    provider: str
    amount: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    """Money came in: at the desk or confirmed by the provider, server to server."""

    tag = "payment:received"
    order: str
    provider: str
    amount: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptIssued(Event):
    """A paper of the desk was issued: intake receipt, supplement request, refusal, fee receipt."""

    tag = "receipt:issued"
    kind: str
    number: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultIssued(Event):
    """A result document was made and stored."""

    tag = "result:issued"
    document: str
    name: str
    number: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSigned(Event):
    """The result was signed, by the leader or with the agency's seal."""

    tag = "result:signed"
    document: str
    signer: str
    role: str
    sha256: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDelivered(Event):
    """The result reached the applicant."""

    tag = "result:delivered"
    way: str
    receiver: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent(Event):
    """A message was handed to the channel."""

    tag = "notification:sent"
    template: str
    channel: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn(Event):
    """The applicant took the case back."""

    tag = "case:withdrawn"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancelled(Event):
    """The house stopped the case."""

    tag = "case:cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommented(Event):
    """Somebody wrote a note; `public` notes are seen by the applicant."""

    tag = "case:commented"
    comment: str
    text: str
    public: bool


EVENT_TYPES: dict[tuple[str, int], type[Event]] = {(cls.tag, cls.version): cls for cls in Event.__subclasses__()}
