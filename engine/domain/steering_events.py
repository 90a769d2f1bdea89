"""Facts about what the house does to a running case: holding it still, mending what is stuck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.event import Event
from engine.domain.process import JobWait, MessageWait, SignalWait, TimerWait, UserWait
from engine.domain.steering import Change, Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(Event):
    """The house holds the case still."""

    tag = "case:suspended"
    suspension: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event):
    """The case moves again: what fell due meanwhile is done now, once."""

    tag = "case:resumed"
    suspension: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentHeld(Event):
    """Money came in for a suspended case: booked, but the process learns of it when the case is resumed."""

    tag = "payment:held"
    order: str
    amount: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReleased(Event):
    """The process of a resumed case is told of the money now."""

    tag = "payment:released"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHeld(Event):
    """A completion or a message could not be taken: it is kept, and an incident waits for a person of the house.

    `incident` is that of an earlier try when there was one: a wait has one incident at most.
    """

    tag = "step:held"
    incident: str
    key: str
    kind: str  # task | message
    element: str
    error: str
    data: Mapping[str, Any]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRetried(Event):
    """A person mended the cause: the timer, the job, or what was kept is tried once more."""

    tag = "incident:retried"
    incident: str
    key: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecurred(Event):
    """It failed again, perhaps elsewhere; the incident stays open."""

    tag = "incident:recurred"
    incident: str
    key: str
    element: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed(Event):
    """What was stuck is done, or nothing waits for it any more."""

    tag = "incident:closed"
    incident: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentNoted(Event):
    """Somebody wrote what is known about an incident."""

    tag = "incident:noted"
    incident: str
    note: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationProposed(Event):
    """Somebody asks for tokens to be moved; `effect` is what a dry run showed."""

    tag = "modification:proposed"
    proposal: str
    by: str
    reason: str
    change: Change
    basis: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationApproved(Event):
    """A second person agreed; the step follows."""

    tag = "modification:approved"
    proposal: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationRejected(Event):
    """It will not be done: a second person disagreed, the first took it back, or a newer one took its place."""

    tag = "modification:rejected"
    proposal: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMigrated(Event):
    """The case goes on in another version. `keys`: old to new; `tasks` … have the facts of what stays open, `listens`
    all that waits for a signal then."""

    tag = "case:migrated"
    procedure_version: int
    procedure_digest: str
    by: str
    reason: str
    elements: Mapping[str, str]
    anew: tuple[str, ...]
    snapshot: str
    keys: Mapping[str, str]
    tasks: tuple[UserWait, ...]
    jobs: tuple[JobWait, ...]
    timers: tuple[TimerWait, ...]
    messages: tuple[MessageWait, ...]
    listens: tuple[SignalWait, ...]
