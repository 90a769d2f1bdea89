"""What an administrator adds to the working calendar of the own unit, and what that would do to open cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from engine.commands.changes import change, check_administers
from engine.domain.actor import Actor
from engine.domain.calendar import UncoveredDateError, WorkingCalendar
from engine.domain.calendar_edition import (
    CalendarProblemsError,
    Edition,
    OwnDay,
    OwnYear,
    day_problems,
    revised,
    with_days,
    with_hours,
    with_year,
    without_hours,
)
from engine.domain.office_hours import WantedHours, hours_problems, written
from engine.domain.paper import paper_problems
from engine.domain.registration import Problem
from engine.ports import Catalog, Clock, Ids
from engine.ports.administration import UnitBook

MOST_TERMS = 20_000  # cases looked at in a dry run


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Open cases whose term would end on another day if counted anew: code, due now, due then. Nothing is moved."""

    moved: tuple[tuple[str, datetime, datetime], ...]
    looked_at: int
    all_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDesk:
    """`base`: the calendar of the house; `changed` is called once something was written."""

    book: UnitBook
    clock: Clock
    ids: Ids
    catalog: Catalog
    base: WorkingCalendar
    changed: Callable[[], None]

    def edition(self, actor: Actor) -> Edition:
        """What the actor's unit has added."""
        return self.book.edition(actor.unit)

    def look(self, actor: Actor, days: Sequence[OwnDay]) -> tuple[list[Problem], Effect | None]:
        """What is wrong with the days, each told by its date; what they would do where they are sound."""
        edition, today = self.book.edition(actor.unit), self._today()
        now = revised(self.base, edition)
        problems = [
            Problem(one.field, f"{day.day:%d/%m/%Y}: {one.vi}", f"{day.day:%d/%m/%Y}: {one.en}")
            for day in days
            for one in day_problems(day, now, today)
        ]
        if problems or not days:
            return problems, None
        return [], self._effect(actor.unit, now, revised(self.base, with_days(edition, days)), min(d.day for d in days))

    def add(self, actor: Actor, days: Sequence[OwnDay], number: int) -> None:
        """Write the days as what follows edition `number`; ForbiddenError, CalendarProblemsError, StaleVersionError."""
        check_administers(actor)
        problems, _ = self.look(actor, days)
        if problems or not days:
            raise CalendarProblemsError(problems)
        edition = self.book.edition(actor.unit)
        before = {one.day.isoformat(): _said(one) for one in edition.days if one.day in {day.day for day in days}}
        after = {one.day.isoformat(): _said(one) for one in days}
        wanted = with_days(replace(edition, number=number), days)
        self._put(actor, wanted, "calendar:days_changed", before, after)

    def confirm(self, actor: Actor, year: OwnYear, number: int) -> None:
        """Say that all days off of a year are entered; the same errors."""
        check_administers(actor)
        edition, today = self.book.edition(actor.unit), self._today()
        problems = paper_problems(year.paper, today)
        follows = year.year <= revised(self.base, edition).last_year + 1
        if not today.year <= year.year <= today.year + 1 or not follows:
            problems.append(Problem("year", "Chỉ xác nhận năm nay hoặc năm sau.", "Confirm this year or the next."))
        if problems:
            raise CalendarProblemsError(problems)
        wanted = with_year(replace(edition, number=number), year)
        self._put(actor, wanted, "calendar:year_confirmed", {}, {str(year.year): year.paper.text})

    def set_hours(self, actor: Actor, wanted: WantedHours, number: int) -> None:
        """Other office hours from a day on; the same errors."""
        check_administers(actor)
        edition = self.book.edition(actor.unit)
        problems = hours_problems(wanted, self._today(), revised(self.base, edition).last_year)
        hours = wanted.read()
        if problems or hours is None:
            raise CalendarProblemsError(problems)
        day = hours.valid_from.isoformat()
        before = _hours_by_day(edition)
        after = {day: f"{written(hours.sessions)} ({hours.paper.text})"}
        before = {day: before[day]} if day in before else {}
        self._put(actor, with_hours(replace(edition, number=number), hours), "calendar:hours_changed", before, after)

    def drop_hours(self, actor: Actor, valid_from: date, number: int) -> None:
        """Take back hours that have not begun; the same errors."""
        check_administers(actor)
        edition = self.book.edition(actor.unit)
        before = _hours_by_day(edition)
        day = valid_from.isoformat()
        if day not in before or valid_from <= self._today():
            begun = Problem(
                "valid_from", "Giờ này đã áp dụng hoặc không còn.", "These hours hold already, or are gone."
            )
            raise CalendarProblemsError([begun])
        after = without_hours(replace(edition, number=number), valid_from)
        self._put(actor, after, "calendar:hours_dropped", {day: before[day]}, {})

    def _put(self, actor: Actor, edition: Edition, what: str, before: dict[str, str], after: dict[str, str]) -> None:
        done = change(
            self.ids,
            self.clock,
            actor,
            what=what,
            subject=f"{self.base.version}+{edition.number}",
            before=before,
            after=after,
        )
        self.book.put_edition(actor.unit, edition, done)
        self.changed()

    def _today(self) -> date:
        return self.base.day_of(self.clock.now())

    def _effect(self, unit: str, now: WorkingCalendar, then: WorkingCalendar, first: date) -> Effect:
        since = datetime.combine(first - timedelta(days=1), time(), tzinfo=now.zone)
        rows = self.book.open_terms(unit, since, MOST_TERMS + 1)
        today, moved = self._today(), []
        for code, procedure, version, due in rows[:MOST_TERMS]:
            kind = self.catalog.procedure(procedure, version).deadline.kind
            after = _due(kind == "working_days", now.day_of(due), today, now, then)
            if after is not None and after != due:
                moved.append((code, due, after))
        return Effect(moved=tuple(moved), looked_at=min(len(rows), MOST_TERMS), all_seen=len(rows) <= MOST_TERMS)


def _due(counted: bool, day: date, today: date, now: WorkingCalendar, then: WorkingCalendar) -> datetime | None:
    """When a term would end whose days that are left are counted by the other calendar; other terms only roll."""
    try:
        if not counted or day <= today:
            return then.end_of_day(then.roll(day))
        return then.end_of_day(then.add_working_days(today, now.working_days_between(today, day)))
    except UncoveredDateError:  # beyond the years that are known: it will be counted when they are
        return None


def _hours_by_day(edition: Edition) -> dict[str, str]:
    return {one.valid_from.isoformat(): written(one.sessions) for one in edition.hours}


def _said(day: OwnDay) -> str:
    return f"{day.kind}: {day.name} ({day.paper.text})"
