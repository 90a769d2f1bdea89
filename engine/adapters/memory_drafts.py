"""Unfinished applications in memory: the twin of the database's; for tests, trials and teaching."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any

from engine.domain.drafting import Draft
from engine.domain.errors import StaleVersionError
from engine.ports.drafts import Incoming, PageReport


class MemoryDrafts:
    """Implements the Drafts port."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._incoming: dict[tuple[str, str, str], tuple[Incoming, bytes]] = {}

    def add(self, draft: Draft) -> None:
        """Keep a new one; StaleVersionError when its id is taken."""
        with self._lock:
            if (draft.unit, draft.id) in self._drafts:
                raise StaleVersionError()
            self._drafts[draft.unit, draft.id] = _copied(draft)

    def get(self, unit: str, draft_id: str) -> Draft | None:
        """The draft."""
        found = self._drafts.get((unit, draft_id))
        return found and _copied(found)

    def of(self, unit: str, account: str) -> list[Draft]:
        """An account's drafts that were not sent, last changed first; at most 100."""
        found = self._sorted(lambda one: (one.unit, one.account, one.case_id) == (unit, account, None))
        return sorted(found, key=lambda one: one.updated_at, reverse=True)[:100]

    def save(self, draft: Draft) -> None:
        """Replace the version before it; StaleVersionError when that is no longer the newest, or gone."""
        with self._lock:
            before = self._drafts.get((draft.unit, draft.id))
            if before is None or before.version != draft.version - 1:
                raise StaleVersionError()
            self._drafts[draft.unit, draft.id] = _copied(draft)

    def remove(self, unit: str, draft_id: str) -> None:
        """Forget it and what was on its way to it; nothing happens when it is gone already."""
        with self._lock:
            self._drafts.pop((unit, draft_id), None)
            self._incoming = {key: one for key, one in self._incoming.items() if key[:2] != (unit, draft_id)}

    def untouched(self, unit: str, since: datetime) -> list[Draft]:
        """Drafts that nobody changed at or after this instant, oldest first; at most 500."""
        return self._sorted(lambda one: one.unit == unit and one.updated_at < since)[:500]

    def _sorted(self, wanted: Callable[[Draft], bool]) -> list[Draft]:
        found = [_copied(one) for one in self._drafts.values() if wanted(one)]
        return sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.updated_at)

    def incoming(self, unit: str, draft_id: str, key: str) -> Incoming | None:
        """The file on its way under this key."""
        found = self._incoming.get((unit, draft_id, key))
        return found[0] if found else None

    def append(self, incoming: Incoming, offset: int, content: bytes) -> Incoming:
        """Keep a part that begins at `offset`; StaleVersionError when that is not where the last one ended."""
        name = (incoming.unit, incoming.draft, incoming.key)
        with self._lock:
            kept, before = self._incoming.get(name, (incoming, b""))
            if (offset == 0 and name in self._incoming) or len(before) != offset:
                raise StaleVersionError()
            whole = before + content
            self._incoming[name] = (replace(kept, received=len(whole), at=incoming.at), whole)
            return self._incoming[name][0]

    def content(self, incoming: Incoming) -> bytes:
        """What has come of it so far."""
        return self._incoming[incoming.unit, incoming.draft, incoming.key][1]

    def drop(self, unit: str, draft_id: str, key: str) -> None:
        """Forget a file on its way."""
        self._incoming.pop((unit, draft_id, key), None)

    def on_their_way(self, unit: str, draft_id: str) -> int:
        """How many bytes of unfinished files a draft holds."""
        return sum(len(content) for key, (_, content) in self._incoming.items() if key[:2] == (unit, draft_id))


class MemoryPageReports:
    """Implements the PageReports port."""

    def __init__(self) -> None:
        self._reports: list[PageReport] = []

    def add(self, report: PageReport) -> None:
        """Keep it."""
        self._reports.append(report)

    def newest(self, unit: str, limit: int = 100) -> list[PageReport]:
        """The last ones, newest first."""
        mine = [one for one in self._reports if one.unit == unit]
        return sorted(sorted(mine, key=lambda one: one.id), key=lambda one: one.at, reverse=True)[:limit]


class MemoryViewingCopies:
    """Implements the ViewingCopies port."""

    def __init__(self) -> None:
        self._copies: dict[tuple[str, str], str] = {}

    def put(self, unit: str, sha256: str, view_sha256: str, reason: str) -> None:
        """Note that the file is shown by another one."""
        self._copies[unit, sha256] = view_sha256

    def of(self, unit: str, sha256: str) -> str | None:
        """The file that is shown for this one; None when it may be shown itself."""
        return self._copies.get((unit, sha256))


def _copied(draft: Draft) -> Draft:
    """A copy that nobody else holds, as a database would give it."""
    own: list[Any] = json.loads(json.dumps([draft.data, draft.prefilled, draft.overwritten]))
    data, prefilled, overwritten = own
    return replace(draft, data=data, prefilled=prefilled, overwritten=tuple(overwritten))
