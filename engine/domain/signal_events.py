"""Facts about signals: who waits for one, who threw it, whom it reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.event import Event
from engine.domain.process import SignalWait


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAwaited(SignalWait, Event):
    """The process waits for a signal of this name."""

    tag = "signal:awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAbandoned(Event):
    """The process waits for this signal no longer: it came, or something else did."""

    tag = "signal:abandoned"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalThrown(Event):
    """The process threw a signal; within the case it was caught in the same step, to all others it is on its way."""

    tag = "signal:thrown"
    broadcast: str
    signal: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalCaught(Event):
    """A signal that another case threw came and was taken."""

    tag = "signal:caught"
    broadcast: str
    signal: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSpread(Event):
    """The signal has reached all who waited for it: `reached` other cases, and those it began."""

    tag = "signal:spread"
    broadcast: str
    signal: str
    reached: int
