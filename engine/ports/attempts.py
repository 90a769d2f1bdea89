"""Who tried to open or do what is not theirs, for those who watch over the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody who had signed in was refused at one kind of page on one day (ISO): so many times, last where and when.

    `unit` is that of the person; `page` names the kind of page, `path` the address last tried, without its query.
    """

    unit: str
    account: str
    day: str
    page: str
    method: str
    times: int
    path: str
    last_at: datetime


class Attempts(Protocol):
    """Keeps refused attempts; a row counts, so that whoever tries a thousand addresses fills no table."""

    def note(self, unit: str, account: str, *, page: str, method: str, path: str, at: datetime) -> None:
        """Count one more."""
        ...

    def latest(self, unit: str, limit: int = 200) -> Sequence[Attempt]:
        """Those of a unit's people, the latest first."""
        ...
