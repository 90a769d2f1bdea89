"""Facts about what leaders sign."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureAwaited(Event):
    """A job that signs waits for the PIN of its key, which only `officer` knows: no worker can do it."""

    tag = "job:signature_awaited"
    key: str
    officer: str
