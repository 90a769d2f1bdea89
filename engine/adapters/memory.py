"""The in-memory twin of the database: the same promises without a file; for tests, trials and teaching."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock

from engine.adapters import memory_notices, memory_starts
from engine.adapters.memory_waits import due_things, open_things
from engine.adapters.reserving import reserved
from engine.domain.case import Case
from engine.domain.codec import plain
from engine.domain.errors import CatalogError, StaleVersionError
from engine.domain.events import Recorded
from engine.domain.notice import Notice
from engine.ports import Answer, Deployment, Due, Lease, Queue, Remembered, Row, Taken

Key = tuple[str, str, str]  # unit, case id, key
KINDS: tuple[Due, ...] = ("timer", "job", "broadcast")
NEVER: tuple[int, datetime | None] = (0, None)  # a row that nobody has claimed yet


@dataclass
class Content:
    """Everything kept; a transaction works on a shallow copy and swaps it in."""

    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    events: dict[str, tuple[Recorded, ...]] = field(default_factory=dict)
    answers: dict[tuple[str, str], Remembered] = field(default_factory=dict)
    counters: dict[tuple[str, str], int] = field(default_factory=dict)
    leases: dict[tuple[Due, Key], tuple[int, datetime | None]] = field(default_factory=dict)
    deployments: dict[tuple[str, int], Deployment] = field(default_factory=dict)
    starts: memory_starts.Kept = field(default_factory=dict)
    notices: memory_notices.Kept = field(default_factory=dict)

    def copied(self) -> Content:
        """A copy whose dictionaries are its own."""
        other = copy(self)
        for name in self.__dataclass_fields__:
            setattr(other, name, dict(getattr(self, name)))
        return other


class MemoryUnitOfWork(memory_starts.MemoryStartWriting):
    """Implements the UnitOfWork port on a copy of the content."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.starts = content.starts
        self.committed = False

    def case(self, unit: str, case_id: str) -> Case | None:
        """The folded state."""
        return self.content.cases.get((unit, case_id))

    def case_id_by_code(self, unit: str, code: str) -> str | None:
        """The case with this code."""
        return next((c.id for c in self.content.cases.values() if (c.unit, c.code) == (unit, code)), None)

    def save(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Recorded],
        answer: Answer | None = None,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Append and replace; StaleVersionError when somebody else was first."""
        stored = self.content.cases.get((after.unit, after.id))
        if (stored.version if stored else None) != (before.version if before else None):
            raise StaleVersionError()
        if before is None and self.case_id_by_code(after.unit, after.code) is not None:
            raise StaleVersionError()
        begun = after.begun
        if (
            before is None
            and begun.get("correlation")
            and self.begun_by(after.unit, begun["name"], begun["correlation"])
        ):
            raise StaleVersionError()
        if answer is not None:
            self.remember(answer.unit, answer.key, answer.remembered, answer.at)
        memory_notices.put(self.content.notices, notices)
        for kind in KINDS:
            self._free(kind, before, after)
        self.content.cases[after.unit, after.id] = after
        self.content.events[after.id] = (*self.content.events.get(after.id, ()), *events)

    def _free(self, kind: Due, before: Case | None, after: Case) -> None:
        """A lease ends with its row, and with any change of it; the fence of a changed row goes on growing."""
        old, new = open_things(before, kind) if before else {}, open_things(after, kind)
        was, is_ = due_things(before, kind) if before else {}, due_things(after, kind)
        for key, wait in old.items():
            place = (kind, (after.unit, after.id, key))
            if key not in new:
                self.content.leases.pop(place, None)
            elif new[key] != wait or was.get(key) != is_.get(key):
                self.content.leases[place] = (self.content.leases.get(place, NEVER)[0] + 1, None)

    def waiting_for(self, unit: str, message: str, correlation: str) -> tuple[str, str] | None:
        """(case id, key) of the first open subscription of the oldest case."""
        found = (
            (case.id, int(key.rpartition("#")[2]), key)
            for case in self.content.cases.values()
            for key, wait in case.subscriptions.items()
            if (case.unit, wait.message, wait.correlation) == (unit, message, correlation)
        )
        first = min(found, default=None)
        return (first[0], first[2]) if first else None

    def begun_by(self, unit: str, message: str, correlation: str) -> str | None:
        """The code of the living case that this message began."""
        wanted = (unit, False, "message", message, correlation)
        for case in self.content.cases.values():
            facts = (case.begun.get(name) for name in ("kind", "name", "correlation"))
            if (case.unit, case.ended, *facts) == wanted:
                return case.code
        return None

    def next_number(self, unit: str, counter: str) -> int:
        """1, 2, 3 …"""
        number = self.content.counters.get((unit, counter), 0) + 1
        self.content.counters[unit, counter] = number
        return number

    def recall(self, unit: str, key: str, **_: object) -> Remembered | None:
        """The stored answer of a command."""
        return self.content.answers.get((unit, key))

    def remember(self, unit: str, key: str, answer: Remembered, at: datetime) -> None:
        """Store the answer of a command; twice is StaleVersionError."""
        if (unit, key) in self.content.answers:
            raise StaleVersionError()
        self.content.answers[unit, key] = answer

    def holds(self, lease: Lease, now: datetime) -> bool:
        """Whether this is still the newest claim of an existing row."""
        held = self.content.leases.get((lease.kind, (lease.unit, lease.case_id, lease.key)))
        case = self.content.cases.get((lease.unit, lease.case_id))
        return held == (lease.fence, lease.until) and case is not None and lease.key in due_things(case, lease.kind)

    def release(self, lease: Lease, run_at: datetime) -> None:
        """Give the row back, to be claimed again from `run_at`."""
        if self.holds(lease, run_at):
            self.content.leases[lease.kind, (lease.unit, lease.case_id, lease.key)] = (lease.fence + 1, run_at)

    def deploy(self, deployment: Deployment) -> None:
        """Store a version once."""
        stored = self.content.deployments.get((deployment.code, deployment.version))
        if stored is not None and stored.digest != deployment.digest:
            reason = f"phiên bản {deployment.version} đã triển khai với nội dung khác"
            raise CatalogError(code=deployment.code, reason=reason)
        self.content.deployments.setdefault((deployment.code, deployment.version), deployment)

    def commit(self) -> None:
        """Make it last."""
        self.committed = True


class MemoryStore(memory_starts.MemoryStartClaims):
    """Implements the Store port; one transaction at a time."""

    def __init__(self) -> None:
        self._content = Content()
        self._lock = RLock()

    @contextmanager
    def begin(self, *, hopeful: bool = False, known: Case | None = None) -> Iterator[MemoryUnitOfWork]:
        """A write transaction; nothing of it is seen before it is committed."""
        with self._lock:
            work = MemoryUnitOfWork(self._content.copied())
            yield work
            if work.committed:
                self._content = work.content

    def notices(self) -> memory_notices.MemoryNotices:
        """The queue of notices that cases write to."""
        return memory_notices.MemoryNotices(lambda: self._content.notices, self._lock)

    def _starts(self) -> memory_starts.Kept:
        return self._content.starts

    def due(self, now: datetime) -> frozenset[Queue]:
        """The kinds of which something can be claimed now."""
        with self._lock:
            leases = self._content.leases
            found: set[Queue] = {
                kind
                for kind in KINDS
                for at, unit, case, key in self._waiting(kind)
                if at <= now and ((until := leases.get((kind, (unit, case, key)), NEVER)[1]) is None or until <= now)
            }
            if memory_starts.waiting(self._content.starts, now):
                found.add("start")
        return frozenset(found)

    def claim(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Lease]:
        """Claim due rows, oldest first."""
        claimed: list[Lease] = []
        with self._lock:
            for at, unit, case_id, key in sorted(self._waiting(kind)):
                fence, until = self._content.leases.get((kind, (unit, case_id, key)), NEVER)
                if at <= now and (until is None or until <= now) and len(claimed) < limit:
                    self._content.leases[kind, (unit, case_id, key)] = (fence + 1, now + lease)
                    until = now + lease
                    claimed.append(Lease(kind=kind, unit=unit, case_id=case_id, key=key, fence=fence + 1, until=until))
        return claimed

    def take(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Taken]:
        """Claim; the cases are at hand anyway."""
        return [Taken(lease=each, case=None) for each in self.claim(kind, now, limit=limit, lease=lease)]

    def _waiting(self, kind: Due) -> Iterator[tuple[datetime, str, str, str]]:
        for case in self._content.cases.values():
            for key, at in due_things(case, kind).items():
                yield at, case.unit, case.id, key

    def next_due(self, kind: Due) -> datetime | None:
        """When the next row falls due that no lease holds longer."""
        with self._lock:
            leases = self._content.leases
            found = [(at, leases.get((kind, (u, c, key)), NEVER)[1]) for at, u, c, key in self._waiting(kind)]
        return min((max(at, until) if until else at for at, until in found), default=None)

    def soonest(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a row of any kind falls due."""
        starts = (timer.run_at for timer, *_ in list(self._starts().values()) if timer.run_at is not None)
        rows = (at for kind in KINDS for at, *_ in list(self._waiting(kind)))
        return min((at for at in (*rows, *starts) if at > now), default=None)

    def listening(self, unit: str, signal: str) -> list[str]:
        """Ids of the cases that wait for a signal, oldest first."""
        waiting = (c for c in self._content.cases.values() if c.unit == unit)
        return sorted(c.id for c in waiting if any(each.signal == signal for each in c.listeners.values()))

    def events(self, stream: str, *, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The history of a case."""
        links = self._content.events.get(stream, ())
        return [link for link in links if link.seq > after and (until is None or link.seq <= until)]

    def case(self, unit: str | None, case_id: str) -> Case | None:
        """The folded state."""
        return next((c for c in self._content.cases.values() if c.id == case_id and unit in (None, c.unit)), None)

    def remembered(self, unit: str, key: str) -> Remembered | None:
        """The stored answer of a command."""
        return self._content.answers.get((unit, key))

    def draw(self, unit: str, counter: str, key: str, at: datetime) -> int:
        """The number reserved under the key."""
        with self.begin() as uow:
            return reserved(uow, unit, counter, key, at)

    def case_ids(self, unit: str | None = None) -> list[tuple[str, str]]:
        """(unit, case id) of all cases, oldest first."""
        cases = sorted(self._content.cases.values(), key=lambda c: (c.submitted_at, c.id))
        return [(c.unit, c.id) for c in cases if unit in (None, c.unit)]

    def running(self, unit: str, code: str, version: int, *, after: str = "", limit: int = 100) -> list[str]:
        """Ids of the cases that have not ended in this version."""
        wanted = (unit, code, version, False)
        cases = self._content.cases.values()
        found = (c.id for c in cases if (c.unit, c.procedure, c.procedure_version, c.ended) == wanted and c.id > after)
        return sorted(found)[:limit]

    def rows(self, case_id: str) -> Mapping[str, list[Row]]:
        """The parts of the state that the database keeps as rows."""
        case = self.case(None, case_id)
        if case is None:
            return {}
        parts = ("tasks", "timers", "jobs", "subscriptions", "listeners", "broadcasts", "incidents")
        return {name: [plain(entry) for _, entry in sorted(getattr(case, name).items())] for name in parts}

    def rebuild(self, case: Case) -> None:
        """Put the folded case in the place of the stored one; StaleVersionError when its history has gone on."""
        with self._lock:
            newest = max((link.seq for link in self._content.events.get(case.id, ())), default=None)
            if newest != case.version:
                raise StaleVersionError(seen=case.version, version=newest)
            content = self._content.copied()
            content.cases[case.unit, case.id] = case
            for place in [p for p in content.leases if p[1][:2] == (case.unit, case.id)]:
                fence, _ = content.leases.pop(place)
                if place[1][2] in open_things(case, place[0]):
                    content.leases[place] = (fence + 1, None)
            self._content = content

    def deployments(self, known: frozenset[tuple[str, int]] = frozenset()) -> list[Deployment]:
        """All deployed versions but the known ones."""
        return [d for key, d in sorted(self._content.deployments.items()) if key not in known]
