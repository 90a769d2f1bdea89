"""How a timer of a diagram reckons: the zone of its local values, and whether only working days count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from bpmn.feel.temporal import zone_named
from bpmn.spiff.cycle import Cycle, read_cycle
from bpmn.spiff.engine import Call
from bpmn.spiff.instant import read_instant, told
from bpmn.spiff.period import EVERY_DAY, Days, WorkingDays

ZONE: Final = "timerZone"
CALENDAR: Final = "timerCalendar"
WORKING: Final = "working"
CALENDARS: Final = (WORKING, "every")


@dataclass(frozen=True, slots=True)
class Timing:
    """The zone of the timer (None: the caller's), and whether it counts working days."""

    zone: tzinfo | None = None
    working: bool = False

    def instant(self, value: Any, call: Call, element_id: str) -> datetime:
        """Return the instant a value means. Raises StepError naming the element."""
        return told(lambda it, now: read_instant(it, now, self._days(call)), value, self._now(call), element_id)

    def cycle(self, text: str, call: Call, element_id: str) -> Cycle:
        """Return the cycle a text means. Raises StepError naming the element."""
        return told(lambda it, now: _found(read_cycle(it, now, self._days(call))), text, self._now(call), element_id)

    def next(self, cycle: Cycle, call: Call, element_id: str) -> Cycle | None:
        """Return the cycle at its next slot after the call's instant, None at its end. Raises StepError."""
        seen, now = cycle.seen(self._now(call).tzinfo, self._days(call)), self._now(call)
        return told(lambda _, at: seen.next_after(at), cycle.text, now, element_id)

    def _now(self, call: Call) -> datetime:
        return call.now.astimezone(self.zone) if self.zone is not None else call.now

    def _days(self, call: Call) -> Days:
        return WorkingDays(call.functions) if self.working else EVERY_DAY


def _found(cycle: Cycle) -> Cycle:
    """Compute the slot as long as its failure can still be told."""
    _ = cycle.due
    return cycle


def timing_of(properties: Mapping[str, str]) -> Timing:
    """Read the properties of a timer event; what `wrong_setting` names is passed over."""
    zone = zone_named(properties[ZONE].strip()) if properties.get(ZONE) else None
    return Timing(zone, properties.get(CALENDAR, "").strip() == WORKING)


def wrong_setting(properties: Mapping[str, str]) -> str | None:
    """Return the name of a property that says nothing a timer could go by, None when all do."""
    if ZONE in properties and zone_named(properties[ZONE].strip()) is None:
        return ZONE
    return CALENDAR if CALENDAR in properties and properties[CALENDAR].strip() not in CALENDARS else None
