"""Who is alive, what outside parties answered, and what is late: for those who keep the house running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.outside_trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A process of the installation: which release it runs, since when, and when it was last heard of."""

    unit: str
    process: str
    release: str
    started_at: datetime
    beat_at: datetime


class HouseState(Protocol):
    """Keeps heartbeats and trials, and looks at what is late."""

    def beat(self, beat: Beat) -> None:
        """The process is alive."""
        ...

    def beats(self) -> list[Beat]:
        """Every process of the installation, the latest first."""
        ...

    def note_trial(self, trial: Trial) -> None:
        """Keep the latest of each party."""
        ...

    def trials(self, unit: str) -> Mapping[str, Trial]:
        """The latest of each party."""
        ...

    def late(self, before: datetime) -> Mapping[str, int]:
        """Jobs and timers due before then and not done, and open incidents: of the whole installation."""
        ...

    def open_tasks(self, unit: str, groups: Sequence[str], most: int = 1000) -> Mapping[str, int]:
        """Open tasks of each group of a unit; none is counted further than `most`."""
        ...

    def clock(self) -> datetime:
        """What the database takes for now."""
        ...
