"""What workers ask of the engine when time comes or a signal was thrown: verb and noun, as in messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands.messages import Command
from engine.ports import Lease, StartLease


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleStarts(Command):
    """Plan the start timers of a procedure in every unit."""

    procedure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartByTimer(Command):
    """Open the case of a claimed start timer."""

    claim: StartLease


@dataclass(frozen=True, slots=True, kw_only=True)
class FailStart(Command):
    """Record that a claimed start timer could not open its case, and try it again later."""

    claim: StartLease
    error: str
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBySignal(Command):
    """Open the case of a start event that a signal begins."""

    unit: str
    procedure: str
    element_id: str
    broadcast: str
    signal: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSignal(Command):
    """Hand a signal that another case threw to one case; nothing happens when that waits for it no longer."""

    unit: str
    case_id: str
    broadcast: str
    signal: str
    payload: Mapping[str, Any]
    thrown_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSignal(Command):
    """Tell the house, once, that a case could not take a signal, or that no case could be begun by it."""

    unit: str
    case_id: str
    broadcast: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishBroadcast(Command):
    """Record that a claimed signal has reached all who waited, or put it back to be tried again (`retry_at`)."""

    lease: Lease
    reached: int
    retry_at: datetime | None = None
