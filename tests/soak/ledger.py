"""What people were told: every request under its key, answered or not, so that history can be held against it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

# what each kind of request leaves in history, once
TAGS = {"SubmitCase": "case:submitted", "CompleteTask": "task:completed", "RecordPayment": "payment:received"}


@dataclass(slots=True)
class Act:
    """One request: its cause as history records it, how often it was sent, and what came of it."""

    kind: str
    cause: str
    sent: int = 0
    outcome: str = "unknown"  # unknown | done | refused


class Ledger:
    """All acts of a campaign; used by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._acts: dict[str, Act] = {}
        self._findings: list[str] = []
        self.counts: Counter[str] = Counter()

    def act(self, kind: str, cause: str) -> Act:
        """The act under this cause, new or sent before."""
        with self._lock:
            return self._acts.setdefault(cause, Act(kind, cause))

    def count(self, what: str) -> None:
        """One more of these."""
        with self._lock:
            self.counts[what] += 1

    def find(self, text: str) -> None:
        """Something that must not be."""
        with self._lock:
            self._findings.append(text)
        print(f"  finding: {text}", flush=True)

    def acts(self) -> list[Act]:
        """All acts so far."""
        with self._lock:
            return list(self._acts.values())

    @property
    def findings(self) -> list[str]:
        """What was found so far."""
        with self._lock:
            return list(self._findings)
