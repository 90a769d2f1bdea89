"""Reminds, at its hours, whoever works on a case of the date that was promised."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.domain.calendar import UncoveredDateError, WorkingCalendar
from engine.domain.errors import StaleVersionError
from engine.domain.reminding import (
    Absence,
    OpenTask,
    Place,
    ReminderRules,
    Threshold,
    course,
    reached,
    recipients,
)
from engine.ports import Ports
from engine.ports.administration import StaffStore
from engine.ports.deadlines import Reminder, Reminders, Running
from engine.ports.mandates import MandateStore

LOG = logging.getLogger("motcua.reminding")
LOOKED_AT, AT_ONCE = 500, 100  # terms read at a time, and told in one transaction
SHOWN = timedelta(days=7)  # what counts no more stands in nobody's list longer than this


class Courses:
    """Courses of the terms of a unit: reckoned once, and kept for as long as they are asked for at every look."""

    def __init__(self, rules: ReminderRules) -> None:
        self._rules = rules
        self._calendar: WorkingCalendar | None = None
        self._last: dict[tuple[datetime, datetime], tuple[Place, ...]] = {}
        self._now: dict[tuple[datetime, datetime], tuple[Place, ...]] = {}

    def look(self, calendar: WorkingCalendar) -> None:
        """A new look begins; by another calendar everything is reckoned anew."""
        self._last, self._now = (self._now if calendar == self._calendar else {}), {}
        self._calendar = calendar

    def of(self, row: Running) -> tuple[Place, ...]:
        """The course of a term; empty, and said in the log, where the calendar does not reach so far."""
        key = (row.since_at, row.due_at)
        if key not in self._now:
            self._now[key] = self._last[key] if key in self._last else self._reckoned(row)
        return self._now[key]

    def _reckoned(self, row: Running) -> tuple[Place, ...]:
        assert self._calendar is not None, "a look has begun"
        try:
            return course(self._rules.thresholds, row.since_at, row.due_at, self._calendar)
        except UncoveredDateError:
            LOG.warning("the calendar does not reach the term of %s", row.case_code)
            return ()


class Reminding:
    """Looks at every term that runs; cases are only read. Safe to be repeated, and to be run by several at once."""

    def __init__(
        self, ports: Ports, reminders: Reminders, mandates: MandateStore, staff: StaffStore, rules: ReminderRules
    ) -> None:
        self._ports = ports
        self._reminders = reminders
        self._mandates = mandates
        self._staff = staff
        self._rules = rules
        self._courses: dict[str, Courses] = {}

    def run(self, now: datetime) -> int:
        """Tell in every unit what has been reached; of how many cases."""
        return sum(self._in(unit, now) for unit in self._ports.units())

    def _in(self, unit: str, now: datetime) -> int:
        count, after = 0, ""
        courses = self._courses.setdefault(unit, Courses(self._rules))
        courses.look(self._ports.catalog.calendar(unit))
        while rows := self._reminders.running(unit, after=after, limit=LOOKED_AT):
            found = [row.case_id for row in rows if reached(courses.of(row), now, row.told)]
            for first in range(0, len(found), AT_ONCE):
                count += self._tell(unit, found[first : first + AT_ONCE], now, courses)
            after = rows[-1].case_id
        self._reminders.clear(unit, now - SHOWN)
        return count

    def _tell(self, unit: str, case_ids: Sequence[str], now: datetime, courses: Courses) -> int:
        locked = {one.id for one in self._staff.officers(unit) if one.lock is not None}
        absences = [
            Absence(principal=one.principal, deputy="" if one.deputy in locked else one.deputy, groups=one.groups)
            for one in self._mandates.away(unit, now)
        ]
        absences += [Absence(principal=one, deputy="", groups=frozenset()) for one in sorted(locked)]

        def decide(row: Running, tasks: Sequence[OpenTask]) -> Reminder | None:
            threshold = reached(courses.of(row), now, row.told)
            return self._reminder(threshold, tasks, absences) if threshold else None

        try:
            return self._reminders.tell(unit, case_ids, now, decide)
        except StaleVersionError:  # another process tells them; what is left is told the next time
            return 0

    def _reminder(self, threshold: Threshold, tasks: Sequence[OpenTask], absences: Sequence[Absence]) -> Reminder:
        whom = recipients(tasks, absences, self._rules, escalate=threshold.escalate)
        return Reminder(threshold=threshold.key, recipients=whom)
