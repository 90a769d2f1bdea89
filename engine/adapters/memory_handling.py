"""What officers keep beside a case, in memory: the twin of the database's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.domain.codec import data_from, dumps
from engine.ports.handling import Seen, Unfinished

Place = tuple[str, ...]


class MemorySeenCases:
    """Implements the SeenCases port."""

    def __init__(self) -> None:
        self._seen: dict[Place, Seen] = {}

    def get(self, unit: str, case_id: str, account: str) -> Seen | None:
        """What the officer knows; None before the first look."""
        return self._seen.get((unit, case_id, account))

    def put(self, unit: str, case_id: str, account: str, seen: Seen) -> None:
        """Keep it."""
        self._seen[unit, case_id, account] = seen


class MemoryUnfinishedForms:
    """Implements the UnfinishedForms port."""

    def __init__(self) -> None:
        self._forms: dict[Place, Unfinished] = {}

    def get(self, unit: str, case_id: str, key: str, account: str) -> Unfinished | None:
        """The newest one."""
        return self._forms.get((unit, case_id, key, account))

    def put(self, unit: str, case_id: str, key: str, account: str, form: Unfinished) -> None:
        """Keep it in place of the one before."""
        self._forms[unit, case_id, key, account] = replace(form, data=data_from(dumps(form.data)))

    def drop(self, unit: str, case_id: str, key: str, account: str) -> None:
        """Forget it; nothing happens when there is none."""
        self._forms.pop((unit, case_id, key, account), None)

    def expire(self, unit: str, since: datetime) -> int:
        """Forget those that nobody has changed since; how many they were."""
        old = [place for place, form in self._forms.items() if place[0] == unit and form.at < since]
        for place in old:
            del self._forms[place]
        return len(old)
