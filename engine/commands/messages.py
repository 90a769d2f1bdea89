"""What one may ask of the engine: verb and noun. Every command travels with an actor and an idempotency key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.procedure import Procedure
from engine.domain.steering import Change
from engine.ports import Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something asked of the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommand(Command):
    """Something asked of one case. `version`: what the asker has seen; None skips the check."""

    unit: str
    case_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployProcedure(Command):
    """Make a procedure version available."""

    procedure: Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCase(Command):
    """File a case. `documents`: files by document key."""

    unit: str
    procedure: str
    channel: str
    delivery: str
    applicant: Mapping[str, Any]
    application: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTask(CaseCommand):
    """Take a task."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclaimTask(CaseCommand):
    """Give a task back to its queue."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateTask(CaseCommand):
    """Hand a task to somebody else of its groups."""

    key: str
    assignee: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTaskDraft(CaseCommand):
    """Keep unfinished form data."""

    key: str
    draft: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask(CaseCommand):
    """Finish a task with the data of its form."""

    key: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateMessage(Command):
    """Deliver a message to the case that waits for it."""

    unit: str
    message: str
    correlation: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer(Command):
    """Fire a claimed timer."""

    lease: Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class FailTimer(Command):
    """Record that a claimed timer could not fire, and try it again later."""

    lease: Lease
    error: str
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteJob(Command):
    """Record what a claimed job did."""

    lease: Lease
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowJobError(Command):
    """Record that a claimed job ended with a BPMN error, for the diagram to catch."""

    lease: Lease
    error: str
    reason: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailJob(Command):
    """Record that a try of a claimed job failed."""

    lease: Lease
    error: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident(CaseCommand):
    """The cause was mended: run the job again."""

    incident: str
    note: str
    retries: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryIncident(CaseCommand):
    """The cause was mended: try the timer, the job, or the completion or message that was kept, once."""

    incident: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteIncident(CaseCommand):
    """Write what is known about an incident."""

    incident: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(CaseCommand):
    """Hold a case still."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(CaseCommand):
    """Let a case move again."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeModification(CaseCommand):
    """Ask for tokens to be moved or variables to be set; a dry run shows what it would do."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveModification(CaseCommand):
    """Let a proposed change be made; never by whoever proposed it."""

    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectModification(CaseCommand):
    """Refuse a proposed change, or take the own one back."""

    proposal: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateCase(CaseCommand):
    """Let a case go on in another version of its procedure. `elements`, `anew`: see steering.Plan."""

    to: int
    reason: str
    elements: Mapping[str, str] = field(default_factory=dict)
    anew: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDeadline(CaseCommand):
    """Extend the term, once; `due` asks for a date of its own within what the law allows."""

    reason: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase(CaseCommand):
    """The applicant takes the case back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCase(CaseCommand):
    """The house stops the case."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment(CaseCommand):
    """Write a note."""

    text: str
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment(Command):
    """A provider's verified notice, or cash at the desk."""

    unit: str
    order: str
    case_code: str
    provider: str
    amount: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command answers: the case it touched and its version then; `data` holds what else the asker needs."""

    case_id: str | None = None
    version: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    repeated: bool = False
