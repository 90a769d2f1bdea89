"""What the stand-ins received, and the mood each is in: it refuses, answers late, repeats itself or lies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Any

KEPT = 500
KEPT_FILES = 50
LATEST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How a stand-in behaves. `delay`: seconds before each answer; `repeat`: how often more it sends what it sends."""

    refuse: bool = False
    delay: float = 0.0
    repeat: int = 0
    lie: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something a stand-in got or sent. `fields` as they travelled."""

    number: int
    at: datetime
    party: str
    what: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An outside party that is stood in for. `lies`: what it may lie about, by name: (Vietnamese, English)."""

    name: str
    title: str
    title_en: str
    lies: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Book:
    """The stand-ins' common memory; safe to use from many threads, gone when they stop."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self.parties = {party.name: party for party in parties}
        self._moods = {party.name: Mood() for party in parties}
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._lock = Lock()
        self._number = 0
        self._files: dict[str, bytes] = {}

    def note(self, party: str, what: str, fields: Mapping[str, Any]) -> Entry:
        """Keep what was received or sent; the oldest of more than KEPT entries are forgotten."""
        with self._lock:
            self._number += 1
            entry = Entry(number=self._number, at=datetime.now(UTC), party=party, what=what, fields=dict(fields))
            self._entries.append(entry)
        return entry

    def keep(self, content: bytes) -> str:
        """Keep a file that came along; its SHA-256 in hex. The oldest of more than KEPT_FILES are forgotten."""
        name = sha256(content).hexdigest()
        with self._lock:
            self._files[name] = content
            while len(self._files) > KEPT_FILES:
                del self._files[next(iter(self._files))]
        return name

    def file(self, name: str) -> bytes | None:
        """The file of this SHA-256."""
        with self._lock:
            return self._files.get(name)

    def entries(self, party: str = "") -> list[Entry]:
        """Newest first; of one party, or of all."""
        with self._lock:
            found = [entry for entry in self._entries if party in ("", entry.party)]
        return found[::-1]

    def forget(self, party: str) -> None:
        """Throw away what one party received."""
        with self._lock:
            self._entries = deque((entry for entry in self._entries if entry.party != party), maxlen=KEPT)

    def mood(self, party: str) -> Mood:
        """How the party behaves now."""
        with self._lock:
            return self._moods[party]

    def turn(self, party: str, **changes: Any) -> Mood:
        """Change how a party behaves; KeyError for one that is not here, ValueError for a lie it does not know."""
        lie = changes.get("lie", "")
        if lie and lie not in self.parties[party].lies:
            raise ValueError(f"{party} does not know the lie {lie!r}")
        with self._lock:
            mood = replace(self._moods[party], **changes)
            self._moods[party] = replace(mood, delay=min(max(mood.delay, 0.0), LATEST))
            return self._moods[party]

    def linger(self, party: str) -> Mood:
        """Wait as long as the party's mood says; that mood."""
        mood = self.mood(party)
        time.sleep(mood.delay)
        return mood
