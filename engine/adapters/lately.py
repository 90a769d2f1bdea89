"""What was read of the database a moment ago: rows that change seldom and are asked for with every page."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar, cast

from engine.domain.errors import DatabaseUnavailableError

FRESH = 5.0  # seconds in which another process's change may go unseen
T = TypeVar("T")


class Lately(Generic[T]):
    """Reads at most every few seconds; a database that is away leaves what was known last in use."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._lock = Lock()
        self._looked: float | None = None
        self._found: T | None = None
        self._known = False

    def __call__(self) -> T:
        """What is known; DatabaseUnavailableError where nothing is yet: to go on with defaults would be to guess."""
        if not self._is_fresh():
            with self._lock:
                if not self._is_fresh():
                    self._look()
        return cast(T, self._found)

    def refresh(self) -> None:
        """See at the next question what was changed a moment ago."""
        self._looked = None

    def _is_fresh(self) -> bool:
        looked = self._looked
        return self._known and looked is not None and monotonic() - looked < FRESH

    def _look(self) -> None:
        self._looked = monotonic()  # before it is read: what is refreshed meanwhile is read again
        try:
            self._found = self._read()
            self._known = True
        except DatabaseUnavailableError:
            if not self._known:
                raise
