"""Files that people hand in: scanned, looked into, cleaned and kept; whole at once or part by part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.domain.errors import StaleVersionError
from engine.domain.received import (
    BigFileError,
    BrokenOffError,
    FileLimits,
    InfectedFileError,
    RefusedFileError,
    UnscannedFileError,
    check_size,
    safe_name,
)
from engine.ports import Clock, Files, Ids
from engine.ports.drafts import Drafts, Incoming, PageReport, PageReports
from engine.ports.uploads import Inspector, Scanner, ScannerDownError, ViewingCopies

MOST_ON_THEIR_WAY = 60 * 2**20  # bytes of unfinished files of one draft
Stored = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose file it is."""

    unit: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Where files go: those that are taken, those that are held back, what is noted about them."""

    files: Files
    held: Files
    copies: ViewingCopies
    reports: PageReports
    drafts: Drafts


class Receiving:
    """Takes files in. Without a scanner nothing is scanned; with one, nothing comes in unscanned."""

    def __init__(
        self, shelves: Shelves, inspector: Inspector, scanner: Scanner | None, *, clock: Clock, ids: Ids
    ) -> None:
        self._shelves = shelves
        self._inspector = inspector
        self._scanner = scanner
        self._clock = clock
        self._ids = ids

    def take(self, sender: Sender, name: str, content: bytes, limits: FileLimits) -> Stored:
        """Check and keep a file: {sha256, name, size, media_type}; a RefusedFileError says what to do."""
        name = safe_name(name)
        check_size(name, len(content), limits)
        self._scan(sender, name, content)
        found = self._inspector.inspect(name, content, limits)
        digest = self._shelves.files.put(found.content)
        if found.view is not None:
            self._shelves.copies.put(sender.unit, digest, self._shelves.files.put(found.view), "signed")
        return {"sha256": digest, "name": name, "size": len(found.content), "media_type": found.media_type}

    def _scan(self, sender: Sender, name: str, content: bytes) -> None:
        if self._scanner is None:
            return
        try:
            virus = self._scanner.scan(content)
        except ScannerDownError as error:
            self._hold(sender, content, f"unscanned: {error}")
            raise UnscannedFileError(name=name) from error
        if virus is not None:
            self._hold(sender, content, f"infected: {virus}")
            raise InfectedFileError(name=name)

    def _hold(self, sender: Sender, content: bytes, why: str) -> None:
        """Keep it where no page reaches it, and tell the administrators."""
        digest = self._shelves.held.put(content)
        report = PageReport(
            unit=sender.unit,
            id=str(self._ids.new()),
            at=self._clock.now(),
            kind="quarantine",
            account=sender.account,
            page=digest,
            text=why[:500],
        )
        self._shelves.reports.add(report)

    def arrived(self, unit: str, draft_id: str, key: str) -> int:
        """How many bytes of this file have come; 0 for one that is not on its way."""
        found = self._shelves.drafts.incoming(unit, draft_id, key)
        return found.received if found else 0

    def part(self, incoming: Incoming, offset: int, content: bytes, limits: FileLimits) -> Incoming:
        """Keep a part; StaleVersionError when another one is due (ask `arrived`), BigFileError, BrokenOffError."""
        check_size(incoming.name, incoming.size, limits)
        if offset + len(content) > incoming.size:
            raise BrokenOffError(name=incoming.name)
        on_way = self._shelves.drafts.on_their_way(incoming.unit, incoming.draft)
        if on_way + len(content) > MOST_ON_THEIR_WAY:
            raise BigFileError(name=incoming.name, limit=limits.megabytes)
        return self._shelves.drafts.append(incoming, offset, content)

    def finish(self, sender: Sender, incoming: Incoming, limits: FileLimits, keep: Callable[[Stored], None]) -> Stored:
        """Take a file that has come whole and hand it to `keep`; only then its parts are forgotten."""
        content = self._shelves.drafts.content(incoming)
        if len(content) != incoming.size:
            raise StaleVersionError()
        try:
            stored = self.take(sender, incoming.name, content, limits)
        except UnscannedFileError:
            raise  # its parts stay: the next try sends nothing anew
        except RefusedFileError:
            self._shelves.drafts.drop(incoming.unit, incoming.draft, incoming.key)
            raise
        keep(stored)
        self._shelves.drafts.drop(incoming.unit, incoming.draft, incoming.key)
        return stored
