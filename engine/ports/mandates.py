"""Who acts for whom, kept beside cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.mandate import Mandate
from engine.domain.staffing import Officer
from engine.ports.administration import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRevision:
    """A mandate that is new or changed, with the line of the log."""

    mandate: Mandate
    change: Change


class MandateStore(Protocol):
    """Mandates are never deleted: papers name who signed them by what held on that day."""

    def running(self, unit: str, deputy: str, at: datetime) -> list[tuple[Mandate, Officer]]:
        """What holds for the deputy at the instant, each with its principal as an officer of today."""
        ...

    def away(self, unit: str, at: datetime) -> list[Mandate]:
        """What holds at the instant because its principal is on leave."""
        ...

    def latest(self, unit: str, *, limit: int) -> list[Mandate]:
        """Those of the unit, the latest end first."""
        ...

    def revise(
        self, unit: str, now: datetime, decide: Callable[[Sequence[Officer], Sequence[Mandate]], MandateRevision]
    ) -> Mandate:
        """Let `decide` see the officers and every mandate that has not ended, and write what it says; one at a time."""
        ...
