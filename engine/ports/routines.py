"""When the routines of the house ran."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class RoutineLog(Protocol):
    """Lets one of many processes run a routine."""

    def begin(self, unit: str, name: str, slot: datetime, now: datetime) -> bool:
        """Whether the caller is to run what has been due since `slot`; it is noted as run at `now`."""
        ...
