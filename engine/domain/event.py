"""What every event is, and how it stands in history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a case."""

    tag: ClassVar[str]
    version: ClassVar[int] = 1
    # Fields that joined a released version later: not written while empty, so older histories keep their hashes.
    added: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its place in history. `hash` covers everything else here and `prev_hash`."""

    stream: str
    seq: int
    unit: str
    at: datetime
    actor: str
    on_behalf_of: str | None
    cause: str  # id of the command
    event: Event
    prev_hash: str
    hash: str
    text: str | None = field(default=None, compare=False, repr=False)  # of the event, where it was just written
