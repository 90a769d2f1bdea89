"""When a start timer opens its next case: slots are done once, whoever deploys what and however the clock jumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from engine.domain.procedure import Procedure, in_force

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """A start timer of a procedure in a unit. `version` planned it (0: none yet), `covered`: slots up to here are done.

    `effect`: since when this version counts its slots; `due`: the next slot; `run_at`: when to look again, at the slot
    or at a change of versions; `error`: why the last try opened no case.
    """

    unit: str
    procedure: str
    element_id: str
    version: int
    effect: datetime
    covered: datetime
    due: datetime | None = None
    run_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the versions of one procedure say. `timers`: ids of the start timers of a version; `slot`: the first one of
    a timer later than `after`, counted since `effect`, None when there is none."""

    versions: tuple[Procedure, ...]
    timers: Callable[[Procedure], frozenset[str]]
    slot: Callable[[Procedure, str, datetime, datetime], datetime | None]

    def elements(self, day: date) -> frozenset[str]:
        """The start timers of all versions that are or come into force."""
        alive = [p for p in self.versions if p.valid_to is None or p.valid_to >= day]
        return frozenset().union(*(self.timers(procedure) for procedure in alive))


def fresh(unit: str, procedure: str, element_id: str, now: datetime) -> StartTimer:
    """A start timer that no version has planned yet."""
    return StartTimer(unit=unit, procedure=procedure, element_id=element_id, version=0, effect=now, covered=now - TICK)


def plan(timer: StartTimer, drawn: Drawn, *, now: datetime, since: datetime) -> StartTimer:
    """The timer as the version in force at `now` has it; a version that takes over does so as of `since` at the
    earliest. Nothing changes while the version stays."""
    procedure, look = in_force(drawn.versions, now.date()), _next_change(drawn, now)
    if procedure is None or timer.element_id not in drawn.timers(procedure):
        version = procedure.version if procedure else 0
        return replace(timer, version=version, due=None, run_at=look, error="")
    if timer.version != procedure.version:
        timer = _taken_over(timer, procedure, drawn, max(_begin(procedure.valid_from, now), since))
    elif timer.error:
        return timer  # a try that failed waits for its own time
    return _looked_at(timer, look)


def _taken_over(timer: StartTimer, procedure: Procedure, drawn: Drawn, effect: datetime) -> StartTimer:
    """Go on behind what is done; a slot that fell due before and was not fired is fired late, once."""
    covered = max(timer.covered, effect - TICK)
    late = timer.due if timer.due is not None and timer.due <= effect else None
    due = late or drawn.slot(procedure, timer.element_id, effect, covered)
    return replace(timer, version=procedure.version, effect=effect, covered=covered, due=due, error="")


def fired(timer: StartTimer, procedure: Procedure, drawn: Drawn, now: datetime) -> StartTimer:
    """The timer after its slot has opened a case: what was missed until now is done with it."""
    covered = max(timer.covered, timer.due or now, now)
    due = drawn.slot(procedure, timer.element_id, timer.effect, covered)
    return _looked_at(replace(timer, covered=covered, due=due, error=""), _next_change(drawn, now))


def _looked_at(timer: StartTimer, look: datetime | None) -> StartTimer:
    return replace(timer, run_at=min((at for at in (timer.due, look) if at is not None), default=None))


def _next_change(drawn: Drawn, now: datetime) -> datetime | None:
    """The first moment of the next day on which a version begins, or ended the day before."""
    days = [p.valid_from for p in drawn.versions]
    days += [p.valid_to + timedelta(days=1) for p in drawn.versions if p.valid_to and p.valid_to < date.max]
    coming = [day for day in days if day > now.date()]
    return _begin(min(coming), now) if coming else None


def _begin(day: date, now: datetime) -> datetime:
    """The first moment of a day in the zone of the house."""
    return datetime.combine(day, time(), now.tzinfo)
