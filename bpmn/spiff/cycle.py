"""Repeating cycles: slots by the calendar of a zone, counted by every day or by working days."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bpmn.feel.temporal import zone_named
from bpmn.spiff.instant import read_instant, read_text
from bpmn.spiff.period import EVERY_DAY, Days, read_period

_REPEAT = re.compile(r"R([0-9]{1,9})?/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cycle:
    """Slots anchor + index * period, from `index` (the next one to fire) to `last` (None: without end).

    `zone` is the name of the zone its start was written in, where that is not the caller's; otherwise its calendar is
    read where the caller is.
    """

    anchor: datetime
    text: str
    index: int
    last: int | None
    zone: str | None = None
    days: Days = field(default=EVERY_DAY, compare=False)

    @property
    def due(self) -> datetime:
        return self._slot(self.index)

    def seen(self, zone: tzinfo | None, days: Days = EVERY_DAY) -> Cycle:
        """Return the same cycle by these days, its calendar read in its own zone or else in this one."""
        own = zone_named(self.zone) if self.zone else None
        return replace(self, anchor=self.anchor.astimezone(own or zone), days=days)

    def next_after(self, now: datetime) -> Cycle | None:
        """Return the cycle at its next slot later than `now`, or None when no slot is left; missed slots are gone."""
        return self._seek(now, self.index + 1)

    def from_now(self, now: datetime) -> Cycle:
        """Return the cycle at its first slot not before `now`, at its last slot when all of them are past."""
        if _utc(self.due) >= _utc(now):
            return self
        found = self._seek(now - timedelta(microseconds=1), self.index)
        return found or replace(self, index=self.last or 0)

    def _slot(self, index: int) -> datetime:
        return self.days.after(self.anchor, read_period(self.text), index)

    def _seek(self, now: datetime, index: int) -> Cycle | None:
        # A leap over the missed slots: a PT1S cycle may be years late. Compared in UTC, for the wall clock may go back.
        now, first = _utc(now), index
        index = max(first, (now - _utc(self.anchor)) // self.days.longest(read_period(self.text)) - 1)
        while index > first and _utc(self._slot(index - 1)) > now:
            index -= 1
        while (self.last is None or index <= self.last) and _utc(self._slot(index)) <= now:
            index += 1
        return None if self.last is not None and index > self.last else replace(self, index=index)


def read_cycle(text: str, now: datetime, days: Days = EVERY_DAY) -> Cycle:
    """Read R/P1D, R3/P1D or R3/<start>/P1D; without a start the first slot is a period from now. Raises ValueError."""
    match = _REPEAT.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a repeating interval such as R3/P1D')
    times = None if match[1] is None else int(match[1])
    start, _, length = match[2].rpartition("/")
    period = read_period(length)
    if times == 0 or period.rough <= timedelta(0):
        raise ValueError(f'"{text}" never fires, or fires without pause')
    days.check(period)
    if not start:
        return Cycle(now, length, 1, times, None, days)
    if start.startswith(("P", "-")):
        raise ValueError(f'"{start}" is not the start of a repeating interval')
    zone = _zone_name(getattr(read_text(start), "tzinfo", None))
    if zone == _zone_name(now.tzinfo):
        zone = None  # nothing that has to be remembered
    # A series of days begins on a day that counts; of months and weeks each slot finds its own.
    counts = days if period.days else EVERY_DAY
    anchor = read_instant(start, now, counts)
    if zone is None:
        anchor = anchor.astimezone(now.tzinfo)
    return Cycle(anchor, length, 0, None if times is None else times - 1, zone, days).from_now(now)


def _zone_name(zone: tzinfo | None) -> str | None:
    return zone.key if isinstance(zone, ZoneInfo) else None


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
