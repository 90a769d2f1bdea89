"""What one call of the runner has done so far, in order."""

from __future__ import annotations

from bpmn.model import Signal, Visit, Wait


class Journal:
    """Collects the waits opened and closed and the elements visited by one call."""

    def __init__(self, open_before: frozenset[str] = frozenset()) -> None:
        self._open_before = open_before
        self._opened: dict[str, Wait] = {}
        self._closed: list[str] = []
        self._path: list[Visit] = []
        self._signals: list[Signal] = []

    def open(self, wait: Wait) -> None:
        self._opened[wait.key] = wait

    def close(self, key: str) -> None:
        """Note that a wait is over; one that began in this very call is forgotten, as nobody ever saw it."""
        self._opened.pop(key, None)
        if key in self._open_before:
            self._closed.append(key)

    def signal(self, signal: Signal) -> None:
        self._signals.append(signal)

    def visit(self, visit: Visit) -> None:
        self._path.append(visit)

    @property
    def opened(self) -> tuple[Wait, ...]:
        return tuple(self._opened.values())

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(self._closed)

    @property
    def path(self) -> tuple[Visit, ...]:
        return tuple(self._path)

    @property
    def thrown(self) -> tuple[Signal, ...]:
        return tuple(self._signals)
