"""An applicant's own case in plain words: what happened, step by step, who holds it now, since when, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.case import Case, Subscription, Task
from engine.domain.events import Event, Recorded
from engine.domain.fee import money
from engine.domain.procedure import Group, Status
from engine.ports import Ports
from engine.queries.history_texts import DELIVERIES

Pair = tuple[str, str]
NOBODY: Pair = ("", "")
CHANNELS: Mapping[str, Pair] = {
    "email": ("thư điện tử", "e-mail"),
    "sms": ("tin nhắn SMS", "SMS"),
    "zalo": ("Zalo", "Zalo"),
}
KINDS = ("kind", "role")  # what tells events of one tag apart
REASONED = (
    events.DeadlineAdjusted,
    events.CaseWithdrawn,
    events.CaseCancelled,
)  # whose reason the applicant is told; why a case is held still stays in the house


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened, in Vietnamese and English."""

    at: datetime
    tag: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has the case now: a group of the house, another agency that is asked, or the applicant (`yours`)."""

    group: Pair
    name: Pair  # what is being done or waited for
    since: datetime | None
    until: datetime | None
    yours: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole of it, the latest first."""

    rows: list[TimelineRow]
    holders: list[Holder]


class Timelines:
    """Tells timelines. `words`: sentences by tag, or by tag and kind; what has none is not told."""

    def __init__(self, ports: Ports, words: Mapping[str, Pair]) -> None:
        self._ports = ports
        self._words = words

    def of(self, actor: Actor, case_id: str) -> Timeline:
        """The timeline of a case the actor may see; NotFoundError."""
        unit = None if actor.kind == "citizen" else actor.unit
        case = access.check_sees(actor, self._ports.store.case(unit, case_id))
        return self.told(case, self._ports.store.events(case_id))

    def told(self, case: Case, history: Sequence[Recorded]) -> Timeline:
        """A case and its history in words."""
        catalog = self._ports.catalog
        teller = _Teller(self._words, catalog.groups, catalog.statuses)
        rows = [row for link in history if (row := teller.row(link)) is not None]
        due = case.deadline.due if case.deadline and case.deadline.finished_at is None else None
        open_now: list[Task | Subscription] = [*case.tasks.values(), *case.subscriptions.values()]
        return Timeline(rows[::-1], [teller.holder(wait, due) for wait in open_now if not case.ended])


class _Teller:
    """Goes through a history; remembers what waits are called, whose they are and since when."""

    def __init__(self, words: Mapping[str, Pair], groups: Mapping[str, Group], statuses: Mapping[int, Status]) -> None:
        self._words, self._groups, self._statuses = words, groups, statuses
        self._waits: dict[str, Task | Subscription | Any] = {}
        self._since: dict[str, datetime] = {}

    def row(self, link: Recorded) -> TimelineRow | None:
        """The event as the applicant is told, if at all."""
        event = link.event
        if isinstance(event, events.TaskCreated | events.MessageAwaited):
            self._waits[event.key], self._since[event.key] = event, link.at
        if isinstance(event, events.NotificationSent) and event.channel not in CHANNELS:
            return None  # to another agency, or to nobody
        pair = self._words.get(f"{event.tag}/{self._kind(event)}") or self._words.get(event.tag)
        if pair is None:
            return None
        vi, en = (text.format_map(_Filled(self._values(event, at))) for at, text in enumerate(pair))
        return TimelineRow(link.at, event.tag, vi, en)

    def _kind(self, event: Event) -> str:
        if isinstance(event, events.TaskCompleted):
            groups = self._groups_of(event.key)
            return groups[0] if groups else ""
        return str(next((found for name in KINDS if (found := getattr(event, name, ""))), ""))

    def _values(self, event: Event, at: int) -> dict[str, str]:
        """What may be filled in, in language `at` (0 Vietnamese, 1 English)."""
        key = getattr(event, "key", "")
        due, amount = getattr(event, "due_after", None), getattr(event, "amount", getattr(event, "total", None))
        status = self._statuses.get(getattr(event, "after", 0)) if isinstance(event, events.StatusChanged) else None
        way = getattr(event, "after", "") if isinstance(event, events.DeliveryChanged) else ""
        found = {
            "name": getattr(self._waits.get(key), "name", ""),
            "group": self.group(self._groups_of(key))[at],
            "due": f"{due:%H:%M ngày %d/%m/%Y}" if isinstance(due, datetime) else "",
            "reason": _reason(event),
            "amount": money(amount) if isinstance(amount, int) else "",
            "status": (status.name, status.name_en)[at] if status else "",
            "channel": CHANNELS.get(getattr(event, "channel", ""), NOBODY)[at],
            "way": DELIVERIES.get(way, (way, way))[at],
            "count": str(len(getattr(event, "changes", ()))),
        }
        return {**found, **{name: str(getattr(event, name, "")) for name in ("number", "receiver")}}

    def _groups_of(self, key: str) -> tuple[str, ...]:
        return tuple(getattr(self._waits.get(key), "groups", ()))

    def group(self, ids: Iterable[str]) -> Pair:
        """Groups by their names."""
        known = [self._groups[one] for one in ids if one in self._groups]
        return ", ".join(one.name for one in known), ", ".join(one.name_en for one in known)

    def holder(self, wait: Task | Subscription, due: datetime | None) -> Holder:
        """Who has to move next."""
        groups = tuple(getattr(wait, "groups", ()))
        yours = groups == (access.APPLICANT,)
        own = getattr(wait, "due", None)
        return Holder(
            group=self.group(groups),
            name=(wait.name, wait.name),
            since=getattr(wait, "created_at", None) or self._since.get(wait.key),
            until=own if own or yours else due,
            yours=yours,
        )


class _Filled(dict[str, str]):
    """A place that has no value stays empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _reason(event: Event) -> str:
    if isinstance(event, events.ReceiptIssued):
        return str(event.data.get("reason") or "")
    return str(getattr(event, "reason", "") or "") if isinstance(event, REASONED) else ""
