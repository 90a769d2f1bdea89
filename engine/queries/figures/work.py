"""How long steps take, by whom and over which channel; how people rate; what was paid, by day and procedure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.domain.calendar import WorkingCalendar
from engine.domain.case_facts import CaseFacts, Paid, StepFacts
from engine.domain.report_period import Period
from engine.ports import Accounts, Ports
from engine.ports.reports import Figures

SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """How long something took, in office minutes: how many, the middle one, nine of ten, the longest."""

    name: str
    count: int
    median: int
    ninetieth: int
    longest: int
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What came in under a heading, in dong."""

    name: str
    count: int
    online: int
    cash: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFigures:
    """Everything over a period. `ratings`: how many of each score; `mine` says whether it is one officer's own work."""

    cases: int
    mine: bool
    steps: tuple[Spans, ...]
    channels: tuple[Spans, ...]
    procedures: tuple[Spans, ...]
    officers: tuple[Spans, ...]
    ratings: Mapping[int, int]
    days: tuple[Money, ...]
    fees: tuple[Money, ...]


class WorkQueries:
    """Reads rows of what is counted; never a history."""

    def __init__(self, ports: Ports, figures: Figures, accounts: Accounts) -> None:
        self._ports = ports
        self._figures = figures
        self._accounts = accounts

    def over(self, unit: str, period: Period, *, only: str = "") -> WorkFigures:
        """The figures of a unit; of one officer's own steps, and nothing of anybody else's, where `only` is given."""
        calendar = self._ports.catalog.calendar(unit)
        start, end = period.start(calendar.zone), period.end(calendar.zone)
        cases = self._figures.touched(unit, start, end)
        steps = [s for x in cases for s in x.steps if _within(s.closed_at, start, end) and (s.by == only or not only)]
        done = [] if only else [x for x in cases if _within(x.solved_at, start, end)]
        names = {account.id: account.name for account in self._accounts.all(unit)}
        return WorkFigures(
            cases=len(done),
            mine=bool(only),
            steps=_spans((s.name, s.lasted) for s in steps if s.by),
            channels=_spans((x.channel, x.lasted or 0) for x in done),
            procedures=_spans((x.procedure, x.lasted or 0) for x in done),
            officers=() if only else _by_officer(steps, names),
            ratings={} if only else _ratings(cases, start, end),
            days=() if only else _by_day(_paid(cases, start, end), calendar),
            fees=() if only else _money((x.procedure, paid) for x, paid in _paid(cases, start, end)),
        )


def _within(at: datetime | None, start: datetime, end: datetime) -> bool:
    return at is not None and start <= at < end


def _ratings(cases: Iterable[CaseFacts], start: datetime, end: datetime) -> Mapping[int, int]:
    """How many gave which score; of each case the newest word."""
    newest = (x.ratings[-1] for x in cases if x.ratings)
    counted = Counter(one.score for one in newest if _within(one.at, start, end))
    return {score: counted[score] for score in SCORES}


def _paid(cases: Iterable[CaseFacts], start: datetime, end: datetime) -> list[tuple[CaseFacts, Paid]]:
    return [(x, paid) for x in cases for paid in x.payments if _within(paid.at, start, end)]


def _by_day(payments: Iterable[tuple[CaseFacts, Paid]], calendar: WorkingCalendar) -> tuple[Money, ...]:
    """Days in their order; only those on which something came in."""
    by_day = _money((calendar.day_of(paid.at).isoformat(), paid) for _, paid in payments)
    return tuple(sorted(by_day, key=lambda x: x.name))


def _money(pairs: Iterable[tuple[str, Paid]]) -> tuple[Money, ...]:
    """By name, the largest sum first."""
    gathered: dict[str, list[Paid]] = defaultdict(list)
    for name, paid in pairs:
        gathered[name].append(paid)
    found = [
        Money(
            name=name,
            count=len(paid),
            online=sum(one.amount for one in paid if one.online),
            cash=sum(one.amount for one in paid if not one.online),
        )
        for name, paid in gathered.items()
    ]
    return tuple(sorted(found, key=lambda x: (-x.online - x.cash, x.name)))


def _by_officer(steps: Iterable[StepFacts], names: Mapping[str, str]) -> tuple[Spans, ...]:
    found = _spans((s.by, s.lasted - s.waited) for s in steps if s.by in names)
    return tuple(sorted((replace(x, name=names[x.key]) for x in found), key=lambda x: (x.name, x.key)))


def _spans(pairs: Iterable[tuple[str, int]]) -> tuple[Spans, ...]:
    """By name, the most frequent first."""
    gathered: dict[str, list[int]] = defaultdict(list)
    for name, minutes in pairs:
        gathered[name].append(minutes)
    found = [_span(name, sorted(minutes)) for name, minutes in gathered.items()]
    return tuple(sorted(found, key=lambda x: (-x.count, x.name)))


def _span(name: str, minutes: Sequence[int]) -> Spans:
    """The least number that so many of a hundred are not above (nearest rank)."""
    count = len(minutes)
    return Spans(
        name=name,
        key=name,
        count=count,
        median=minutes[-(-count * 50 // 100) - 1],
        ninetieth=minutes[-(-count * 90 // 100) - 1],
        longest=minutes[-1],
    )
