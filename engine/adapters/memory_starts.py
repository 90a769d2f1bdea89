"""Start timers in memory: the twin of their rows; for tests, trials and teaching."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import RLock

from engine.domain.errors import StaleVersionError
from engine.domain.start_timer import StartTimer
from engine.ports import StartLease

Place = tuple[str, str, str]  # unit, procedure, element
Kept = dict[Place, tuple[StartTimer, int, datetime | None]]  # with the fence and the end of the newest lease


def waiting(kept: Kept, now: datetime) -> list[tuple[datetime, Place]]:
    """What is due and in no live lease, oldest first."""
    rows = ((timer.run_at, place, until) for place, (timer, _, until) in kept.items())
    return sorted((at, place) for at, place, until in rows if at and at <= now and (until is None or until <= now))


class MemoryStartWriting:
    """What a transaction does with start timers."""

    starts: Kept

    def start_timers(self, unit: str, procedure: str) -> list[StartTimer]:
        """The start timers of a procedure in a unit."""
        return [row[0] for place, row in sorted(self.starts.items()) if place[:2] == (unit, procedure)]

    def start_timer(self, claim: StartLease) -> StartTimer | None:
        """The timer, when this is still its newest claim."""
        row = self.starts.get((claim.unit, claim.procedure, claim.element_id))
        return row[0] if row is not None and row[1:] == (claim.fence, claim.until) else None

    def put_start_timer(self, before: StartTimer | None, after: StartTimer) -> None:
        """Write the timer, out of every lease; StaleVersionError when somebody else made it first."""
        place = (after.unit, after.procedure, after.element_id)
        if (place in self.starts) != (before is not None):
            raise StaleVersionError()
        fence = self.starts[place][1] + 1 if place in self.starts else 0
        self.starts[place] = (after, fence, None)


class MemoryStartClaims:
    """What workers and lists ask of start timers."""

    _lock: RLock

    def _starts(self) -> Kept:
        raise NotImplementedError

    def claim_starts(self, now: datetime, *, limit: int, lease: timedelta) -> list[StartLease]:
        """Claim what is due, oldest first."""
        claimed: list[StartLease] = []
        with self._lock:
            kept = self._starts()
            for _, place in waiting(kept, now)[:limit]:
                timer, fence, _ = kept[place]
                kept[place] = (timer, fence + 1, now + lease)
                unit, procedure, element_id = place
                claimed.append(
                    StartLease(
                        unit=unit, procedure=procedure, element_id=element_id, fence=fence + 1, until=now + lease
                    )
                )
        return claimed

    def next_start(self) -> datetime | None:
        """When the next start timer falls due that no lease holds longer."""
        rows = [(timer.run_at, until) for timer, _, until in self._starts().values() if timer.run_at is not None]
        return min((max(at, until) if until else at for at, until in rows), default=None)

    def start_timers(self) -> list[StartTimer]:
        """All start timers."""
        return [row[0] for _, row in sorted(self._starts().items())]
