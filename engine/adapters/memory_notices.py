"""Notices in memory: the twin of the database's queue; for tests, trials and teaching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock

from engine.domain.notice import DEFAULT, KeptNotice, Notice, Outcome, Preferences, State
from engine.ports.notices import NoticeLease, Settled, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A notice with what the queue knows of it."""

    kept: KeptNotice
    run_at: datetime | None
    lease_until: datetime | None = None
    fence: int = 0


Kept = dict[tuple[str, str], Entry]  # unit, id


def put(entries: Kept, notices: Sequence[Notice]) -> None:
    """Add those that are not there yet."""
    for notice in notices:
        entries.setdefault((notice.unit, notice.id), Entry(kept=KeptNotice(notice=notice), run_at=notice.run_at))


def _newest_first(entry: Entry) -> tuple[datetime, str]:
    return entry.kept.notice.created_at, entry.kept.notice.id


class MemoryNotices:
    """Implements the NoticeQueue port; the entries are those of a MemoryStore, under its lock, or its own."""

    def __init__(self, entries: Callable[[], Kept] | None = None, lock: RLock | None = None) -> None:
        own: Kept = {}
        self._entries = entries or (lambda: own)
        self._wants: dict[tuple[str, str], Preferences] = {}
        self._lock = lock or RLock()

    @property
    def entries(self) -> Kept:
        """What is kept now."""
        return self._entries()

    def put(self, notices: Sequence[Notice]) -> None:
        """Queue them."""
        with self._lock:
            put(self.entries, notices)

    def claim(self, now: datetime, *, limit: int, lease: timedelta) -> list[NoticeLease]:
        """Claim what is due, oldest first."""
        with self._lock:
            due = [
                (entry.run_at, key)
                for key, entry in self.entries.items()
                if entry.run_at and entry.run_at <= now and (entry.lease_until is None or entry.lease_until <= now)
            ]
            return [self._taken(key, now + lease) for _, key in sorted(due, key=lambda x: (x[0], x[1][1]))[:limit]]

    def _taken(self, key: tuple[str, str], until: datetime) -> NoticeLease:
        entry = self.entries[key]
        kept = replace(entry.kept, attempts=entry.kept.attempts + 1)
        self.entries[key] = replace(entry, kept=kept, lease_until=until, fence=entry.fence + 1)
        return NoticeLease(kept=kept, fence=entry.fence + 1, wants=self.preferences(key[0], kept.notice.account))

    def settle(self, claim: NoticeLease, settled: Settled, at: datetime) -> bool:
        """Keep what came of a claim."""
        key = (claim.kept.notice.unit, claim.kept.notice.id)
        with self._lock:
            entry = self.entries.get(key)
            if entry is None or entry.fence != claim.fence:
                return False
            kept = replace(
                entry.kept,
                state=settled.state,
                finished_at=at if settled.state != "open" else None,
                tries=(*entry.kept.tries, *settled.tries),
            )
            if settled.wipe:
                kept = replace(kept, notice=replace(kept.notice, data={}))
            self.entries[key] = replace(entry, kept=kept, run_at=settled.run_at, lease_until=None)
        return True

    def soonest(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a notice falls due."""
        return min((e.run_at for e in list(self.entries.values()) if e.run_at and e.run_at > now), default=None)

    def called_back(self, channel: str, provider_id: str, outcome: Outcome, at: datetime, error: str = "") -> bool:
        """A channel tells what became of a message."""
        wanted = (channel, provider_id, "sent")
        with self._lock:
            for key, entry in self.entries.items():
                tries = entry.kept.tries
                if provider_id and any((t.channel, t.provider_id, t.outcome) == wanted for t in tries):
                    told = tuple(
                        replace(t, outcome=outcome, error=error)
                        if (t.channel, t.provider_id, t.outcome) == wanted
                        else t
                        for t in tries
                    )
                    self.entries[key] = replace(entry, kept=replace(entry.kept, tries=told))
                    if outcome == "undelivered" and entry.kept.state == "sent":
                        self._reopen(key, at)
                    return True
        return False

    def _reopen(self, key: tuple[str, str], at: datetime) -> None:
        entry = self.entries[key]
        kept = replace(entry.kept, state="open", finished_at=None)
        self.entries[key] = replace(entry, kept=kept, run_at=at, lease_until=None)

    def of_account(self, unit: str, account: str, *, limit: int = 50, before: str = "") -> list[KeptNotice]:
        """The inbox, newest first."""
        found = [e for e in self._sorted(unit) if e.kept.notice.account == account]
        last = next((e for e in found if e.kept.notice.id == before), None)
        if last is not None:
            found = [e for e in found if _newest_first(e) < _newest_first(last)]
        return [entry.kept for entry in found[:limit]]

    def _sorted(self, unit: str) -> list[Entry]:
        own = [e for (of, _), e in list(self.entries.items()) if of == unit]
        return sorted(own, key=_newest_first, reverse=True)

    def one(self, unit: str, notice_id: str) -> KeptNotice | None:
        """The notice with this id."""
        entry = self.entries.get((unit, notice_id))
        return entry.kept if entry else None

    def unread(self, unit: str, account: str) -> int:
        """How many of the inbox were not read, counted to 100."""
        return sum(kept.read_at is None for kept in self.of_account(unit, account, limit=10**9)[:100])

    def read(self, unit: str, account: str, at: datetime, ids: Sequence[str] = ()) -> None:
        """Mark as read: these, or all."""
        with self._lock:
            for key, entry in self.entries.items():
                kept = entry.kept
                mine = (kept.notice.unit, kept.notice.account) == (unit, account)
                if mine and kept.read_at is None and (not ids or key[1] in ids):
                    self.entries[key] = replace(entry, kept=replace(kept, read_at=at))

    def of_case(self, unit: str, case_id: str) -> list[KeptNotice]:
        """What was told about a case, oldest first."""
        return [e.kept for e in self._sorted(unit)[::-1] if e.kept.notice.case_id == case_id]

    def listed(self, unit: str, state: State | None = None, *, limit: int = 100) -> list[KeptNotice]:
        """Notices of a unit, newest first."""
        return [e.kept for e in self._sorted(unit) if state in (None, e.kept.state)][:limit]

    def counts(self, unit: str) -> Mapping[str, int]:
        """How many notices there are by state."""
        return dict(Counter(e.kept.state for e in self._sorted(unit)))

    def again(self, unit: str, notice_id: str, at: datetime) -> bool:
        """Put a failed notice back into the queue, its failures forgiven."""
        with self._lock:
            entry = self.entries.get((unit, notice_id))
            if entry is None or entry.kept.state != "failed":
                return False
            tries = tuple(replace(t, forgiven=t.outcome not in ("sent", "delivered")) for t in entry.kept.tries)
            self.entries[unit, notice_id] = replace(entry, kept=replace(entry.kept, tries=tries))
            self._reopen((unit, notice_id), at)
        return True

    def preferences(self, unit: str, account: str) -> Preferences:
        """What the account wants."""
        return self._wants.get((unit, account), DEFAULT)

    def prefer(self, unit: str, account: str, wants: Preferences, at: datetime) -> None:
        """Keep what the account wants."""
        self._wants[unit, account] = wants


class MemoryTokens:
    """Implements the Tokens port."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], Token] = {}
        self._renewing: dict[tuple[str, str], datetime] = {}
        self._lock = RLock()

    def current(self, unit: str, channel: str) -> Token | None:
        """The newest token."""
        return self._tokens.get((unit, channel))

    def begin(self, unit: str, channel: str, version: int, now: datetime, until: datetime) -> bool:
        """Whether the caller is to renew the token of this version."""
        with self._lock:
            token, busy = self._tokens.get((unit, channel)), self._renewing.get((unit, channel))
            if token is None or token.version != version or (busy is not None and busy > now):
                return False
            self._renewing[unit, channel] = until
        return True

    def replace(self, unit: str, channel: str, token: Token) -> bool:
        """Keep the next token."""
        with self._lock:
            last = self._tokens.get((unit, channel))
            if (last.version if last else 0) != token.version - 1:
                return False
            self._tokens[unit, channel] = token
            self._renewing.pop((unit, channel), None)
        return True
