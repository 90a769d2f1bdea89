"""The state of a case: what the events fold to. Frozen; appliers return a changed copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.process import JobWait, MessageWait, SignalWait, TimerWait, UserWait
from engine.domain.steering import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(UserWait):
    """Work for a person: in the queue, or claimed by its assignee."""

    created_at: datetime
    claimed_at: datetime | None = None
    draft: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer(TimerWait):
    """An instant the process waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(JobWait):
    """Work for a machine. `run_at` None while an incident holds it, or while it `awaits` the PIN of this account."""

    run_at: datetime | None
    attempt: int = 0
    awaits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(MessageWait):
    """A message the process waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener(SignalWait):
    """A signal the process waits for, since when: one that was thrown before does not reach it."""

    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A signal this case has thrown that has not reached everybody yet."""

    id: str
    signal: str
    payload: Mapping[str, Any]
    thrown_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An open problem that a person of the house has to mend. `kept`: the completion or message that waits in it."""

    id: str
    key: str
    kind: str  # job | timer | task | message | payment | process
    error: str
    raised_at: datetime
    element: str = ""  # where the process could not go on
    kept: Mapping[str, Any] | None = None
    by: str = ""  # whose work is kept
    notes: tuple[Mapping[str, Any], ...] = ()  # text, by, at


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """The house holds the case still: nothing moves until it is resumed. The legal term runs on."""

    id: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One change of the term, with its reason (rules: each adjustment is kept)."""

    kind: str
    at: datetime
    due_before: datetime | None
    due_after: datetime | None
    reason: str
    by: str
    calendar: str
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The term of the case. `paused_at` while the clock stands still; `original_due` is the first promise."""

    original_due: datetime
    due: datetime
    started_at: datetime
    paused_at: datetime | None = None
    finished_at: datetime | None = None
    timeliness: str | None = None
    extended: bool = False
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Case:
    """A citizen's file in one procedure version. `version`: number of events folded; `scopes` hold the variables."""

    id: str
    unit: str
    code: str
    procedure: str
    procedure_version: int
    procedure_digest: str
    level: int
    channel: str
    delivery: str
    applicant: Mapping[str, Any]
    application: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...]
    submitted_at: datetime
    version: int
    head_hash: str
    begun: Mapping[str, Any] = field(default_factory=dict)  # by what, when nobody filed it: see CaseSubmitted
    status: int = 1
    snapshot: str = ""
    scopes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    listeners: Mapping[str, Listener] = field(default_factory=dict)
    broadcasts: Mapping[str, Broadcast] = field(default_factory=dict)
    deadline: Deadline | None = None
    received_at: datetime | None = None
    supplements: int = 0
    fee_lines: tuple[Mapping[str, Any], ...] = ()
    fee_total: int | None = None
    payments: tuple[Mapping[str, Any], ...] = ()  # order, provider, amount, url, paid, reference; see payment_appliers
    receipts: tuple[Mapping[str, Any], ...] = ()  # kind, number, at, data, by, seal; see seals
    results: tuple[Mapping[str, Any], ...] = ()  # document, name, number, sha256, size, signatures …: result_appliers
    cash: tuple[Mapping[str, Any], ...] = ()  # taken and given back in hand: way, key, amount, by, drawer, at; see cash
    struck: tuple[Mapping[str, Any], ...] = ()  # numbers that were cancelled: book, number, written, reason, by, at
    ended: bool = False
    closed_reason: str | None = None
    suspended: Suspension | None = None
    proposal: Proposal | None = None  # a change of its process that waits for a second person
    delivery_address: Mapping[str, Any] = field(default_factory=dict)  # of the post, where it was given apart
    rating: Mapping[str, Any] | None = None  # score, comment, at, first_at
    marks: tuple[Mapping[str, Any], ...] = ()  # of its files: sha256, mark, by, at, note; see handling
    mentions: tuple[Mapping[str, Any], ...] = ()  # comment, accounts, text, at: notes that ask officers to look
    rounds: tuple[Mapping[str, Any], ...] = ()  # supplements asked beside the process; see handling
    held: tuple[
        Mapping[str, Any], ...
    ] = ()  # payments booked while suspended, whose message the process has yet to get
