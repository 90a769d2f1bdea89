"""Terms that run, as dashboards ask for them, and the reminders of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.reminding import OpenTask, Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """What cuts the bands: overdue before `now`, today before `tomorrow`, soon up to and with `soon`."""

    now: datetime
    tomorrow: datetime
    soon: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Cases by band, and those of them without an apology: overdue, and due today or soon."""

    overdue: int = 0
    today: int = 0
    soon: int = 0
    overdue_bare: int = 0
    near_bare: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """All cases, and by who holds a task of theirs ("": a task that nobody holds), group and procedure."""

    all: Tally
    people: Mapping[str, Tally]
    groups: Mapping[str, Tally]
    procedures: Mapping[str, Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which terms a list shows: due from `since` on and before `until`; None asks for no such thing.

    `people`: somebody of them holds a task of the case; `free`: nobody holds one of its tasks; `bare`: no apology.
    """

    since: datetime | None = None
    until: datetime | None = None
    people: tuple[str, ...] | None = None
    free: bool = False
    group: str | None = None
    procedure: str | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A case whose term runs. `moved`: "", extended or reappointed; `apology`: number of form 04, "" where there is
    none; who holds its tasks, and the groups whose turn it is; `cursor` leads to the rows behind it."""

    case_id: str
    case_code: str
    procedure: str
    applicant_name: str
    due_at: datetime
    moved: str
    apology: str
    holders: tuple[str, ...]
    groups: tuple[str, ...]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A term that runs since `since_at`, and the thresholds that were told of its present date."""

    case_id: str
    case_code: str
    due_at: datetime
    since_at: datetime
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What is told of a term: that it has reached a threshold, and to whom."""

    threshold: str
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """The newest reminder of a case as somebody reads it. `group`: it is for all of them, "" for the reader alone;
    `read`: the case was opened since."""

    case_id: str
    case_code: str
    procedure: str
    due_at: datetime
    threshold: str
    group: str
    in_stead_of: str
    leader: bool
    at: datetime
    read: bool


class Deadlines(Protocol):
    """Terms that run now: not paused, not over. Every question names its unit."""

    def tallies(self, unit: str, edges: Edges, people: Sequence[str] | None = None) -> Tallies:
        """How many cases there are; of these people's alone where they are given."""
        ...

    def rows(self, unit: str, wish: Wish, *, after: str | None, limit: int) -> list[TermRow]:
        """Cases without an apology first, then by date; keyset-paged."""
        ...


class Reminders(Protocol):
    """Reminders as they are kept: never changed, once for each case, date and threshold."""

    def running(self, unit: str, *, after: str, limit: int) -> list[Running]:
        """Terms that run, by case id, from behind `after`."""
        ...

    def tell(
        self,
        unit: str,
        case_ids: Sequence[str],
        now: datetime,
        decide: Callable[[Running, Sequence[OpenTask]], Reminder | None],
    ) -> int:
        """Look at these cases once more, as they are by now, and keep what `decide` says of each; all in one
        transaction, and in one process at a time. How many were told; StaleVersionError where somebody was first."""
        ...

    def clear(self, unit: str, before: datetime) -> int:
        """Take from people's lists what was told before then of dates that count no more; the reminders stay kept."""
        ...

    def of(self, unit: str, account: str, groups: Sequence[str], limit: int = 50) -> list[Reminded]:
        """What is for the officer, or for the groups, of dates that still count: the newest of each case."""
        ...

    def unread(self, unit: str, account: str, groups: Sequence[str]) -> int:
        """How many cases have an unread reminder, among the newest hundred of the officer and of each group."""
        ...
