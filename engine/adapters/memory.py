"""The in-memory twin of the database: the same promises without a file; for tests, trials and teaching."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock

from engine.domain.case import Case
from engine.domain.codec import plain
from engine.domain.errors import CatalogError, StaleVersionError
from engine.domain.events import Recorded
from engine.ports import Deployment, Due, Lease, Remembered, Row

Key = tuple[str, str, str]  # unit, case id, key


@dataclass
class Content:
    """Everything kept; a transaction works on a shallow copy and swaps it in."""

    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    events: dict[str, tuple[Recorded, ...]] = field(default_factory=dict)
    answers: dict[tuple[str, str], Remembered] = field(default_factory=dict)
    counters: dict[tuple[str, str], int] = field(default_factory=dict)
    leases: dict[tuple[Due, Key], tuple[int, datetime]] = field(default_factory=dict)
    deployments: dict[tuple[str, int], Deployment] = field(default_factory=dict)

    def copied(self) -> Content:
        """A copy whose dictionaries are its own."""
        other = copy(self)
        for name in self.__dataclass_fields__:
            setattr(other, name, dict(getattr(self, name)))
        return other


def _due(case: Case, kind: Due) -> dict[str, datetime]:
    if kind == "timer":
        return {key: timer.due for key, timer in case.timers.items()}
    return {key: job.run_at for key, job in case.jobs.items() if job.run_at is not None}


class MemoryUnitOfWork:
    """Implements the UnitOfWork port on a copy of the content."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.committed = False

    def case(self, unit: str, case_id: str) -> Case | None:
        """The folded state."""
        return self.content.cases.get((unit, case_id))

    def case_id_by_code(self, unit: str, code: str) -> str | None:
        """The case with this code."""
        return next((c.id for c in self.content.cases.values() if (c.unit, c.code) == (unit, code)), None)

    def save(self, before: Case | None, after: Case, events: Sequence[Recorded]) -> None:
        """Append and replace; StaleVersionError when somebody else was first."""
        stored = self.content.cases.get((after.unit, after.id))
        if (stored.version if stored else None) != (before.version if before else None):
            raise StaleVersionError()
        if before is None and self.case_id_by_code(after.unit, after.code) is not None:
            raise StaleVersionError()
        for kind in ("timer", "job"):
            self._drop_leases(kind, before, after)  # type: ignore[arg-type]  # the two literals of Due
        self.content.cases[after.unit, after.id] = after
        self.content.events[after.id] = (*self.content.events.get(after.id, ()), *events)

    def _drop_leases(self, kind: Due, before: Case | None, after: Case) -> None:
        """A lease ends with its row, and with the instant it was claimed for."""
        old, new = _due(before, kind) if before else {}, _due(after, kind)
        for key, at in old.items():
            if new.get(key) != at:
                self.content.leases.pop((kind, (after.unit, after.id, key)), None)

    def waiting_for(self, unit: str, message: str, correlation: str) -> tuple[str, str] | None:
        """(case id, key) of the oldest open subscription."""
        for case in sorted(self.content.cases.values(), key=lambda c: c.id):
            for key, wait in case.subscriptions.items():
                if (case.unit, wait.message, wait.correlation) == (unit, message, correlation):
                    return case.id, key
        return None

    def next_number(self, unit: str, counter: str) -> int:
        """1, 2, 3 …"""
        number = self.content.counters.get((unit, counter), 0) + 1
        self.content.counters[unit, counter] = number
        return number

    def remembered(self, unit: str, key: str) -> Remembered | None:
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
        return held == (lease.fence, lease.until) and case is not None and lease.key in _due(case, lease.kind)

    def release(self, lease: Lease, run_at: datetime) -> None:
        """Give the row back, to be claimed again from `run_at`."""
        if self.holds(lease, run_at):
            self.content.leases[lease.kind, (lease.unit, lease.case_id, lease.key)] = (lease.fence, run_at)

    def deploy(self, deployment: Deployment) -> None:
        """Store a version once."""
        stored = self.content.deployments.get((deployment.code, deployment.version))
        if stored is not None and stored.digest != deployment.digest:
            raise CatalogError(code=deployment.code, reason=f"phiên bản {deployment.version} đã triển khai với nội dung khác")
        self.content.deployments.setdefault((deployment.code, deployment.version), deployment)

    def commit(self) -> None:
        """Make it last."""
        self.committed = True


class MemoryStore:
    """Implements the Store port; one transaction at a time."""

    def __init__(self) -> None:
        self._content = Content()
        self._lock = RLock()

    @contextmanager
    def begin(self) -> Iterator[MemoryUnitOfWork]:
        """A write transaction; nothing of it is seen before it is committed."""
        with self._lock:
            work = MemoryUnitOfWork(self._content.copied())
            yield work
            if work.committed:
                self._content = work.content

    def claim(self, kind: Due, now: datetime, *, limit: int, lease: timedelta) -> list[Lease]:
        """Claim due rows, oldest first."""
        claimed: list[Lease] = []
        with self._lock:
            for at, unit, case_id, key in sorted(self._waiting(kind)):
                fence, until = self._content.leases.get((kind, (unit, case_id, key)), (0, now))
                if at <= now and until <= now and len(claimed) < limit:
                    self._content.leases[kind, (unit, case_id, key)] = (fence + 1, now + lease)
                    claimed.append(
                        Lease(kind=kind, unit=unit, case_id=case_id, key=key, fence=fence + 1, until=now + lease)
                    )
        return claimed

    def _waiting(self, kind: Due) -> Iterator[tuple[datetime, str, str, str]]:
        for case in self._content.cases.values():
            for key, at in _due(case, kind).items():
                yield at, case.unit, case.id, key

    def next_due(self, kind: Due) -> datetime | None:
        """When the next row falls due that no lease holds longer."""
        leases = self._content.leases
        found = [(at, leases.get((kind, (unit, case, key)))) for at, unit, case, key in self._waiting(kind)]
        first = min(found, key=lambda pair: pair[0], default=None)
        if first is None:
            return None
        return max(first[0], first[1][1]) if first[1] else first[0]

    def events(self, stream: str, *, after: int = 0, until: int | None = None) -> list[Recorded]:
        """The history of a case."""
        links = self._content.events.get(stream, ())
        return [link for link in links if link.seq > after and (until is None or link.seq <= until)]

    def case(self, unit: str | None, case_id: str) -> Case | None:
        """The folded state."""
        found = (c for c in self._content.cases.values() if c.id == case_id and unit in (None, c.unit))
        return next(found, None)

    def case_ids(self, unit: str | None = None) -> list[tuple[str, str]]:
        """(unit, case id) of all cases, oldest first."""
        cases = sorted(self._content.cases.values(), key=lambda c: (c.submitted_at, c.id))
        return [(c.unit, c.id) for c in cases if unit in (None, c.unit)]

    def rows(self, case_id: str) -> Mapping[str, list[Row]]:
        """The parts of the state that the database keeps as rows."""
        case = self.case(None, case_id)
        if case is None:
            return {}
        parts = ("tasks", "timers", "jobs", "subscriptions", "incidents")
        return {name: [plain(entry) for _, entry in sorted(getattr(case, name).items())] for name in parts}

    def rebuild(self, case: Case) -> None:
        """Put the folded case in the place of the stored one."""
        with self._lock:
            self._content.cases[case.unit, case.id] = case

    def deployments(self, known: frozenset[tuple[str, int]] = frozenset()) -> list[Deployment]:
        """All deployed versions but the known ones."""
        return [d for key, d in sorted(self._content.deployments.items()) if key not in known]
