"""When, in the course of a term, whoever works on the case is reminded of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from engine.domain.calendar import WorkingCalendar

Kind = Literal["part", "days_left", "days_over"]
KINDS: tuple[Kind, ...] = ("part", "days_left", "days_over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A place in the course of a term. `value`: a share of its working time, or working days before or after its last
    day, as `kind` says; `escalate`: leaders are told, too."""

    key: str
    name: str
    name_en: str
    kind: Kind
    value: float
    escalate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRules:
    """What the house sets: the thresholds; working days in which what is due is due soon; groups that are told of what
    is escalated, and of a case that nobody has anything to do with just now."""

    thresholds: tuple[Threshold, ...] = ()
    soon_working_days: int = 1
    leaders: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()

    def named(self, key: str) -> Threshold | None:
        """The threshold with this key; None where it was taken out of the catalog since."""
        return next((one for one in self.thresholds if one.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A threshold at the instant at which it is reached."""

    at: datetime
    threshold: Threshold


def course(
    thresholds: Sequence[Threshold], since: datetime, due: datetime, calendar: WorkingCalendar
) -> tuple[Place, ...]:
    """The thresholds of a term that counts since then, in their order in time.

    What lies before its beginning is left out, and so is a share that is reached only when the last days have begun: it
    would say less than they did. UncoveredDateError where the calendar does not reach so far.
    """
    found = [Place(at=_instant(one, since, due, calendar), threshold=one) for one in thresholds]
    ahead = sorted((one for one in found if one.at > since), key=lambda one: one.at)
    days = next((one.at for one in ahead if one.threshold.kind != "part"), None)
    return tuple(one for one in ahead if one.threshold.kind != "part" or days is None or one.at < days)


def _instant(threshold: Threshold, since: datetime, due: datetime, calendar: WorkingCalendar) -> datetime:
    if threshold.kind == "part":
        hours = calendar.working_time(since, due) / timedelta(hours=1)
        return calendar.add_working_hours(since, hours * threshold.value)
    days = int(threshold.value)
    if threshold.kind == "days_over":
        return calendar.working_day_end(due, days) if days else due
    return calendar.hours_of(calendar.add_working_days(calendar.day_of(due), -days))[0][0]


def reached(places: Sequence[Place], now: datetime, told: Collection[str]) -> Threshold | None:
    """The threshold to be told now: the last one that has passed, unless it or one behind it was told before.

    So what passed unseen is not told piece by piece, and a clock that is put back tells nothing again.
    """
    passed = sum(place.at <= now for place in places)
    if passed == 0 or any(place.threshold.key in told for place in places[passed - 1 :]):
        return None
    return places[passed - 1].threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """An officer who is away or locked out, and who does the work of these groups meanwhile; "": nobody."""

    principal: str
    deputy: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Whose turn it is: who holds the task, or may take it. Groups of officers only."""

    assignee: str | None
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """Whom a reminder is for: an officer ("person") or every member of a group ("group"); in whose stead; `leader`:
    because it was escalated."""

    kind: Literal["person", "group"]
    id: str
    in_stead_of: str = ""
    leader: bool = False


def recipients(
    tasks: Collection[OpenTask], absences: Sequence[Absence], rules: ReminderRules, *, escalate: bool
) -> tuple[Recipient, ...]:
    """Everybody who is told of a case with these open tasks, each once."""
    found = {one: None for task in tasks for one in _of_task(task, absences)}
    if not found:
        found = {Recipient("group", name): None for name in rules.nobody}
    leaders = [Recipient("group", name, leader=True) for name in rules.leaders] if escalate else []
    above = {one.id for one in leaders}
    below = [one for one in found if one.kind == "person" or one.id not in above]
    return tuple(sorted([*below, *leaders]))


def _of_task(task: OpenTask, absences: Sequence[Absence]) -> list[Recipient]:
    """The holder; while away whoever stands in, or, where nobody does, the groups; the groups of what nobody holds."""
    if task.assignee is not None:
        away = [one for one in absences if one.principal == task.assignee]
        if not away:
            return [Recipient("person", task.assignee)]
        deputies = [one.deputy for one in away if one.deputy and one.groups & task.groups]
        if deputies:
            return [Recipient("person", name, in_stead_of=task.assignee) for name in dict.fromkeys(deputies)]
    return [Recipient("group", name) for name in sorted(task.groups)]
