"""Start timers of a procedure are planned for every unit: at deployment, and when a worker begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.commands.work import Work
from engine.domain.procedure import Procedure
from engine.domain.process import Call
from engine.domain.start_timer import Drawn, fresh, plan


def plan_starts(work: Work, code: str, versions: Iterable[Procedure]) -> None:
    """Bring the start timers of a procedure in line with its versions; ProcessStuckError when one tells no time."""
    drawn = drawn_of(work, versions)
    for unit in work.ports.catalog.settings["units"]:
        rows = {row.element_id: row for row in work.uow.start_timers(unit, code)}
        for element_id in sorted(drawn.elements(work.now.date()) | rows.keys()):
            before = rows.get(element_id)
            after = plan(before or fresh(unit, code, element_id, work.now), drawn, now=work.now, since=work.now)
            if after != before:
                work.uow.put_start_timer(before, after)


def drawn_of(work: Work, versions: Iterable[Procedure]) -> Drawn:
    """What the diagrams of these versions say of their start timers."""
    ports, zone = work.ports, work.now.tzinfo

    def timers(procedure: Procedure) -> frozenset[str]:
        return frozenset(start.element_id for start in ports.runner.starts(procedure) if start.kind == "timer")

    def slot(procedure: Procedure, element_id: str, effect: datetime, after: datetime) -> datetime | None:
        # There is no case yet: an expression sees the calendar's functions alone. All units share the house's calendar.
        functions = ports.functions(next(iter(ports.catalog.settings["units"])))
        call = Call(scopes={}, now=effect.astimezone(zone), functions=functions)
        return ports.runner.slot_after(procedure, element_id, call, after)

    return Drawn(versions=tuple(versions), timers=timers, slot=slot)
