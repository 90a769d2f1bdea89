"""What officers keep beside a case: what each has seen of it, and unfinished forms that save themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an officer knows of a case: `version` as last shown, `before` as it was known ahead of this visit."""

    version: int
    before: int
    at: datetime


class SeenCases(Protocol):
    """Keeps what each officer has seen of each case."""

    def get(self, unit: str, case_id: str, account: str) -> Seen | None:
        """What the officer knows; None before the first look."""
        ...

    def put(self, unit: str, case_id: str, account: str, seen: Seen) -> None:
        """Keep it; of two looks at once either may stay."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A task's form as somebody was typing it, saved by itself."""

    data: Mapping[str, Any]
    at: datetime


class UnfinishedForms(Protocol):
    """Keeps unfinished forms of tasks, one for each officer and task; what is saved on purpose is the case's own."""

    def get(self, unit: str, case_id: str, key: str, account: str) -> Unfinished | None:
        """The newest one."""
        ...

    def put(self, unit: str, case_id: str, key: str, account: str, form: Unfinished) -> None:
        """Keep it in place of the one before."""
        ...

    def drop(self, unit: str, case_id: str, key: str, account: str) -> None:
        """Forget it; nothing happens when there is none."""
        ...

    def expire(self, unit: str, since: datetime) -> int:
        """Forget those that nobody has changed since; how many they were."""
        ...
