"""The wall clock, a clock to be set by hand, and identifiers."""

from __future__ import annotations

import os
import secrets
import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUSE_ZONE = "Asia/Ho_Chi_Minh"


class SystemClock:
    """The machine's time, in the zone of the house."""

    def __init__(self, zone: str = HOUSE_ZONE) -> None:
        self._zone = ZoneInfo(zone)

    def now(self) -> datetime:
        """The present instant, to the microsecond."""
        return datetime.now(self._zone)


class SteppedClock:
    """A clock that moves only when it is told to: for scenarios, demonstrations and tests."""

    def __init__(self, start: datetime, zone: str = HOUSE_ZONE) -> None:
        self._zone = ZoneInfo(zone)
        self._now = start.astimezone(self._zone)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move on; ValueError backwards."""
        self.set(self._now + step)

    def set(self, instant: datetime) -> None:
        """Move to an instant; ValueError backwards."""
        if instant < self._now:
            raise ValueError(f"the clock cannot go back from {self._now} to {instant}")
        self.restart(instant)

    def restart(self, instant: datetime) -> None:
        """Begin anew at an instant, which may lie before: another story is told from here."""
        self._now = instant.astimezone(self._zone)


class TimeOrderedIds:
    """32 hex digits: milliseconds, a counter, and chance (the layout of UUID version 7)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = (0, 0)

    def new(self) -> str:
        """A fresh identifier; later ones sort after earlier ones within this process."""
        with self._lock:
            ms, count = int(time.time() * 1000), 0
            if ms <= self._last[0]:
                ms, count = self._last[0], self._last[1] + 1
            self._last = (ms, count)
        random = int.from_bytes(os.urandom(8)) >> 2 | 0b10 << 62
        return f"{ms:012x}7{count & 0xFFF:03x}{random:016x}"

    def token(self) -> str:
        """128 bits of chance, base64url."""
        return secrets.token_urlsafe(16)
