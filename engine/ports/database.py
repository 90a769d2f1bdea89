"""What is kept: cases, histories, leases, people, and what pages read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from engine.domain.case import Case
from engine.domain.events import Recorded
from engine.domain.notice import Notice
from engine.ports.knowledge import Deployment
from engine.ports.starts import StartClaims, StartWriting

Row = Mapping[str, Any]
Due = Literal["timer", "job", "broadcast"]
Queue = Literal["timer", "job", "broadcast", "start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A timer, job or broadcast claimed by a worker until `until`; `fence` grows with every claim."""

    kind: Due
    unit: str
    case_id: str
    key: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A lease, and its case as it was at that moment where the database gives it along."""

    lease: Lease
    case: Case | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The answer to a command that was already carried out under this idempotency key."""

    fingerprint: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be remembered of a command, and under which key of its unit."""

    unit: str
    key: str
    remembered: Remembered
    at: datetime


class UnitOfWork(StartWriting, Protocol):
    """One database transaction: everything in it is committed together or not at all."""

    def case(self, unit: str, case_id: str) -> Case | None:
        """The folded state kept on the case row."""
        ...

    def case_id_by_code(self, unit: str, code: str) -> str | None:
        """The case with this code."""
        ...

    def save(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Recorded],
        answer: Answer | None = None,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Append the events, replace the case row where its version is still `before.version` (else StaleVersionError),
        remember the command's answer, queue the notices (twice under one key is once), and bring the
        rows of everything that is open in line with `after`."""
        ...

    def waiting_for(self, unit: str, message: str, correlation: str) -> tuple[str, str] | None:
        """(case id, key) of the oldest open subscription."""
        ...

    def begun_by(self, unit: str, message: str, correlation: str) -> str | None:
        """The code of the case, not ended yet, that this message began; a second one cannot be saved
        (StaleVersionError)."""
        ...

    def next_number(self, unit: str, counter: str) -> int:
        """1, 2, 3 … without gaps for committed transactions, unique under concurrency."""
        ...

    def recall(
        self, unit: str, key: str, *, subject: tuple[str, str] | None = None, lease: Lease | None = None
    ) -> Remembered | None:
        """The stored answer of a command. Says beforehand which case (unit, id) or lease the command is about, so that
        one look may bring them all; a command at the same instant under the same key need not be waited for."""
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


COUNTED = 1000  # who has more to do than this need not know how much more: nothing counts further


class Store(StartClaims, Protocol):
    """The database."""

    def begin(self, *, hopeful: bool = False, known: Case | None = None) -> AbstractContextManager[UnitOfWork]:
        """A write transaction; rolled back unless commit() was called. StaleVersionError on serialisation conflicts.

        Hopeful: what is recalled may be read without a lock, and one save may be its own commit; whoever comes second
        is told by StaleVersionError instead of waiting. `known`, the case of the lease as it was a moment ago, need not
        even be read again.
        """
        ...

    def due(self, now: datetime) -> frozenset[Queue]:
        """The kinds of which something can be claimed now: a look that takes no lock."""
        ...

    def claim(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Lease]:
        """Claim due rows (due or run_at <= now, no live lease), oldest first, in a transaction of its own; any number
        of processes may call it at once, none gets the same row."""
        ...

    def take(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Taken]:
        """Claim, and read the cases along."""
        ...

    def next_due(self, kind: Due) -> datetime | None:
        """When the next unleased row falls due."""
        ...

    def soonest(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a row of any kind falls due; leases are not asked for."""
        ...

    def listening(self, unit: str, signal: str) -> list[str]:
        """Ids of the cases that wait for a signal, oldest first."""
        ...

    def events(self, stream: str, *, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The history of a case, in order."""
        ...

    def case(self, unit: str | None, case_id: str) -> Case | None:
        """The folded state, read outside any write transaction."""
        ...

    def remembered(self, unit: str, key: str) -> Remembered | None:
        """The stored answer of a command, read outside any write transaction."""
        ...

    def draw(self, unit: str, counter: str, key: str, at: datetime) -> int:
        """The number of a counter that is reserved under `key`, in a transaction of its own: the next one at first, the
        same ever after. It is remembered as the answer {"number": …} of that key."""
        ...

    def case_ids(self, unit: str | None = None) -> list[tuple[str, str]]:
        """(unit, case id) of all cases, oldest first."""
        ...

    def running(self, unit: str, code: str, version: int, *, after: str = "", limit: int = 100) -> list[str]:
        """Ids of the cases that have not ended in this version of a procedure, in order, from behind `after`."""
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
    """Somebody who may sign in. `groups` are candidate groups in `unit`; citizens have none. An administrator may have
    `locked` it, or given it a password that must be changed until `one_time_until`; `put` writes neither of them."""

    id: str
    login: str
    name: str
    kind: Literal["citizen", "officer"]
    unit: str
    groups: frozenset[str]
    password_hash: str
    profile: Mapping[str, Any]
    locked: bool = False
    one_time_until: datetime | None = None


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

    def edit(self, account: Account) -> None:
        """Write name, profile and password of an account; login, unit and groups stay as they are by now."""
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
        procedure, overdue (due before this instant), free (bool: nobody holds it), awake and asleep (at this instant
        not set aside, or set aside: what is late is not). Row: case_id, key, element_id, name, case_code, procedure,
        applicant_name, groups, assignee, due, case_due, follow_up, priority, created_at, cursor."""
        ...

    def counts(
        self, unit: str, groups: Sequence[str], assignee: str, views: Mapping[str, Mapping[str, Any]]
    ) -> Mapping[str, int]:
        """How many tasks each view has: filters of `inbox` but search, and `most`, which stands for so many or more."""
        ...

    def cases(self, unit: str, filters: Mapping[str, Any], *, after: str | None, limit: int) -> list[Row]:
        """Cases, newest first. filters: account, search, status, procedure, ended. Row: case_id, code, procedure,
        applicant_name, status, submitted_at, due, ended, cursor."""
        ...

    def find_code(self, code: str) -> str | None:
        """The case id behind a case code, in any unit: for the public look-up."""
        ...

    def incidents(self, unit: str, *, limit: int) -> list[Row]:
        """What waits for the house, oldest first: incidents, and rows of the kinds suspension and proposal."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Reachability, migration head, numbers of due jobs and timers."""
        ...
