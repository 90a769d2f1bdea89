"""What the engine needs from outside: each port is a Protocol, each adapter names its technology."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

from engine.domain.calendar import WorkingCalendar
from engine.domain.case import Case
from engine.domain.events import Recorded
from engine.domain.procedure import Group, Procedure, Status
from engine.domain.process import Call, Step

Row = Mapping[str, Any]
Due = Literal["timer", "job"]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in the zone of the house."""
        ...


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """A fresh identifier: 32 lower-case hex digits, sortable by time of making."""
        ...


class Expressions(Protocol):
    """Evaluates FEEL."""

    def evaluate(self, text: str, context: Mapping[str, Any]) -> Any:
        """The value of `text` over `context` as plain Python; raises RuleError when it cannot be evaluated."""
        ...


class ProcessRunner(Protocol):
    """Runs the processes of a pinned procedure version; control flow only. Raises ProcessStuckError."""

    def start(self, procedure: Procedure, call: Call) -> Step:
        """Start the procedure's process."""
        ...

    def complete(self, procedure: Procedure, snapshot: str, key: str, result: Mapping[str, Any], call: Call) -> Step:
        """Complete a user task or a job."""
        ...

    def fire_timer(self, procedure: Procedure, snapshot: str, key: str, call: Call) -> Step:
        """Fire a timer."""
        ...

    def deliver_message(
        self, procedure: Procedure, snapshot: str, key: str, payload: Mapping[str, Any], call: Call
    ) -> Step:
        """Deliver a message to a waiting element."""
        ...

    def cancel(self, procedure: Procedure, snapshot: str) -> Step:
        """End the instance; everything that waited is closed."""
        ...


class Forms(Protocol):
    """Validates form data on the server."""

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Clean values; FormInvalidError with messages by field path. The applicant's form also obeys the rules."""
        ...


class CompiledForms(Protocol):
    """Gives pages the forms to draw."""

    def compiled(self, procedure: Procedure, form_id: str) -> Any:
        """The compiled form: `schema`, `validate(data, context)`, `visible(data, context)`; NotFoundError."""
        ...


class ProcessDiagrams(Protocol):
    """Gives pages the diagrams to draw."""

    def diagram(self, procedure: Procedure, process_id: str) -> tuple[str, str, frozenset[str]]:
        """Name, BPMN XML and element ids of one of the procedure's processes."""
        ...


class Catalog(Protocol):
    """What is deployed, and the data all procedures share."""

    groups: Mapping[str, Group]
    statuses: Mapping[int, Status]
    settings: Mapping[str, Any]

    def procedure(self, code: str, version: int) -> Procedure:
        """That deployed version; NotFoundError."""
        ...

    def current(self, code: str, day: date) -> Procedure:
        """The version in force on that day; NotFoundError."""
        ...

    def calendar(self, unit: str) -> WorkingCalendar:
        """The unit's working calendar."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A procedure version as stored: its files are self-contained."""

    code: str
    version: int
    digest: str
    valid_from: date
    valid_to: date | None
    name: str
    level: int
    files: Mapping[str, bytes]
    deployed_at: datetime
    deployed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A timer or job claimed by a worker until `until`; `fence` grows with every claim."""

    kind: Due
    unit: str
    case_id: str
    key: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The answer to a command that was already carried out under this idempotency key."""

    fingerprint: str
    result: Mapping[str, Any]


class UnitOfWork(Protocol):
    """One database transaction: everything in it is committed together or not at all."""

    def case(self, unit: str, case_id: str) -> Case | None:
        """The folded state kept on the case row."""
        ...

    def case_id_by_code(self, unit: str, code: str) -> str | None:
        """The case with this code."""
        ...

    def save(self, before: Case | None, after: Case, events: Sequence[Recorded]) -> None:
        """Append the events, replace the case row where its version is still `before.version` (else StaleVersionError),
        and bring the rows of tasks, groups, timers, jobs, subscriptions and incidents in line with `after`."""
        ...

    def waiting_for(self, unit: str, message: str, correlation: str) -> tuple[str, str] | None:
        """(case id, key) of the oldest open subscription."""
        ...

    def next_number(self, unit: str, counter: str) -> int:
        """1, 2, 3 … without gaps for committed transactions, unique under concurrency."""
        ...

    def remembered(self, unit: str, key: str) -> Remembered | None:
        """The stored answer of a command."""
        ...

    def remember(self, unit: str, key: str, answer: Remembered, at: datetime) -> None:
        """Store the answer of a command; a second one under the same key is StaleVersionError."""
        ...

    def holds(self, lease: Lease, now: datetime) -> bool:
        """Whether the lease is still the newest claim of an existing row (which is locked where the database can)."""
        ...

    def release(self, lease: Lease, run_at: datetime) -> None:
        """Give the row back to be claimed again from `run_at`."""
        ...

    def deploy(self, deployment: Deployment) -> None:
        """Store a version; the same code and version with another digest is CatalogError."""
        ...

    def commit(self) -> None:
        """Make it last."""
        ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """A write transaction; rolled back unless commit() was called. StaleVersionError on serialisation conflicts."""
        ...

    def claim(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Lease]:
        """Claim due rows (due or run_at <= now, no live lease), oldest first, in a transaction of its own; any number of
        processes may call it at once, none gets the same row."""
        ...

    def next_due(self, kind: Due) -> datetime | None:
        """When the next unleased row falls due."""
        ...

    def events(self, stream: str, *, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The history of a case, in order."""
        ...

    def case(self, unit: str | None, case_id: str) -> Case | None:
        """The folded state, read outside any write transaction."""
        ...

    def case_ids(self, unit: str | None = None) -> list[tuple[str, str]]:
        """(unit, case id) of all cases, oldest first."""
        ...

    def rows(self, case_id: str) -> Mapping[str, list[Row]]:
        """The projection rows of a case by table, ordered by primary key, leases left out: for comparing."""
        ...

    def rebuild(self, case: Case) -> None:
        """Delete the case's projection rows and write them anew from `case`."""
        ...

    def deployments(self, known: frozenset[tuple[str, int]] = frozenset()) -> list[Deployment]:
        """All deployed versions but the `known` (code, version) ones, whose files are not read again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in. `groups` are candidate groups in `unit`; citizens have none."""

    id: str
    login: str
    name: str
    kind: Literal["citizen", "officer"]
    unit: str
    groups: frozenset[str]
    password_hash: str
    profile: Mapping[str, Any]


class Accounts(Protocol):
    """People and their sessions."""

    def by_login(self, login: str) -> Account | None:
        """The account with this login (case-folded)."""
        ...

    def by_id(self, account_id: str) -> Account | None:
        """The account."""
        ...

    def put(self, account: Account) -> None:
        """Add or replace."""
        ...

    def all(self, unit: str) -> list[Account]:
        """Everybody of a unit."""
        ...

    def open_session(self, account_id: str, token_hash: str, now: datetime, expires: datetime) -> None:
        """Start a session."""
        ...

    def session(self, token_hash: str, now: datetime) -> Account | None:
        """Whose live session this is."""
        ...

    def close_session(self, token_hash: str) -> None:
        """End a session."""
        ...

    def count_attempt(self, key: str, now: datetime, window: timedelta) -> int:
        """Count a sign-in attempt under `key` and tell how many there were within the window."""
        ...


class ReadModels(Protocol):
    """Queries over projections; every one knows its unit."""

    def inbox(
        self,
        unit: str,
        groups: Sequence[str],
        assignee: str | None,
        filters: Mapping[str, Any],
        *,
        after: str | None,
        limit: int,
    ) -> list[Row]:
        """Open tasks, due date first (nulls last), keyset-paged. filters: group, mine (bool), search (folded text),
        procedure, overdue. Row: case_id, key, element_id, name, case_code, procedure, applicant_name, groups,
        assignee, due, case_due, priority, created_at, cursor."""
        ...

    def counts(self, unit: str, groups: Sequence[str], assignee: str) -> Mapping[str, int]:
        """Open tasks by group, plus "mine"."""
        ...

    def cases(self, unit: str, filters: Mapping[str, Any], *, after: str | None, limit: int) -> list[Row]:
        """Cases, newest first. filters: account, search, status, procedure, ended. Row: case_id, code, procedure,
        applicant_name, status, submitted_at, due, ended, cursor."""
        ...

    def find_code(self, code: str) -> str | None:
        """The case id behind a case code, in any unit: for the public look-up."""
        ...

    def incidents(self, unit: str, *, limit: int) -> list[Row]:
        """Open incidents, oldest first."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Reachability, migration head, numbers of due jobs and timers."""
        ...


class Documents(Protocol):
    """Makes PDFs from templates."""

    def render(self, template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bytes:
        """A PDF; the same input gives the same bytes."""
        ...


class Files(Protocol):
    """Keeps files by content."""

    def put(self, content: bytes) -> str:
        """Store and return the SHA-256 in hex."""
        ...

    def get(self, sha256: str) -> bytes:
        """The content; NotFoundError."""
        ...

    def exists(self, sha256: str) -> bool:
        """Whether it is stored."""
        ...


class Signing(Protocol):
    """Signs documents."""

    def sign(self, content: bytes, *, role: str, signer: str, key: str) -> str:
        """A signature in text form; `key` makes a repeat give the same answer."""
        ...

    def verify(self, content: bytes, signature: str) -> Mapping[str, Any] | None:
        """Who signed, or None when it is not valid."""
        ...


class Payments(Protocol):
    """A payment provider."""

    name: str

    def order(self, *, order: str, amount: int, case_code: str, return_url: str) -> str:
        """Open an order and return the address to send the payer to; repeating the same order is harmless."""
        ...

    def check_notice(self, fields: Mapping[str, str]) -> Mapping[str, Any] | None:
        """A verified notice: order, amount (int), case_code, paid (bool), reference; None when the signature is wrong."""
        ...


class Messages(Protocol):
    """Hands notices and requests to a channel."""

    def send(self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str) -> None:
        """Deliver at least once; raises ConnectionError when the channel is down."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All the ports a command handler may use."""

    clock: Clock
    ids: Ids
    store: Store
    catalog: Catalog
    runner: ProcessRunner
    forms: Forms
    expressions: Expressions
    documents: Documents
    files: Files
    signing: Signing
    payments: Payments
    messages: Messages
    functions: Callable[[str], Mapping[str, Callable[..., Any]]]  # unit -> extra FEEL functions
