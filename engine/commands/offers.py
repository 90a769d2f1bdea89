"""What an officer may do with a case beside the task at hand, and what that would mean: for pages that ask first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.commands import returning, supplementing
from engine.domain import access, deadline
from engine.domain.actor import Actor
from engine.domain.case import Case, Task
from engine.domain.errors import RuleError
from engine.domain.way_back import WayBack
from engine.ports import Ports

STOPPERS = (access.DESK, *access.STEERERS)
OVER = 5  # in this status the case waits for a supplement


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementOffer:
    """Asking for more: whether it was asked before, whether the time is over, who may then; how long it would wait."""

    second: bool
    late: bool
    may_waive: bool
    days: int
    most: int  # working days from intake in which it may be asked

    @property
    def irregular(self) -> bool:
        """Whether a leader has to let it through."""
        return self.second or self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOffer:
    """Another day: the one proposed, the present one, the last one the law allows, whether the law names one."""

    proposed: datetime
    present: datetime
    latest: datetime | None
    lawful: bool


class Offers:
    """Looks, without doing anything."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def supplement(self, actor: Actor, case: Case) -> SupplementOffer | None:
        """What asking for more would be; None where this is not the time, or not for this actor."""
        ports = self._ports
        open_now = not case.ended and case.received_at is not None and case.suspended is None
        if not open_now or not supplementing.may_ask(ports, actor, case) or case.status not in ports.catalog.statuses:
            return None
        if OVER not in ports.catalog.statuses[case.status].follows:
            return None
        given = supplementing.limits(ports)
        return SupplementOffer(
            second=case.supplements > 0,
            late=supplementing.late(ports, case, ports.clock.now()),
            may_waive=actor.in_any(tuple(given.get("leaders", ()))),
            days=int(given.get("days", 30)),
            most=int(given.get("after_intake_working_days", 0)),
        )

    def back(self, actor: Actor, case: Case, task: Task) -> WayBack | None:
        """The step the actor's task may be sent back to."""
        if task.assignee != actor.id or case.suspended is not None:
            return None
        return returning.back_of(self._ports, case, task)

    def date(self, actor: Actor, case: Case) -> DateOffer | None:
        """Another day for the result; None where it was moved before, or there is none to move."""
        term, groups = case.deadline, {group for task in case.tasks.values() for group in task.groups}
        named = self._ports.catalog.settings.get("apology", {})
        mine = actor.in_any((access.DESK, *named.get("groups", ()), *sorted(groups - {access.APPLICANT})))
        if case.ended or term is None or term.extended or term.finished_at is not None or not mine:
            return None
        latest = self._latest(case)
        calendar = self._ports.catalog.calendar(case.unit)
        begin = max(calendar.day_of(term.due), calendar.day_of(self._ports.clock.now()))
        proposed = calendar.end_of_day(calendar.add_working_days(begin, int(named.get("working_days", 3))))
        if latest is not None and latest < proposed:
            proposed = latest
        return DateOffer(proposed=proposed, present=term.due, latest=latest, lawful=latest is not None)

    def _latest(self, case: Case) -> datetime | None:
        """The last day the law allows; None where it names none."""
        ports = self._ports
        procedure = ports.catalog.procedure(case.procedure, case.procedure_version)
        calendar = ports.catalog.calendar(case.unit)
        if case.deadline is None:
            return None
        try:
            now = ports.clock.now()
            moved = deadline.extend(procedure.deadline, case.deadline, now, calendar, by="", reason="-")
        except RuleError:
            return None
        return moved.due_after

    def stops(self, actor: Actor, case: Case) -> bool:
        """Whether the actor may stop the case."""
        return not case.ended and actor.in_any(STOPPERS)

    def withdraws(self, actor: Actor, case: Case) -> bool:
        """Whether the actor may take the case back in the applicant's name."""
        return not case.ended and actor.in_any((access.DESK,))
