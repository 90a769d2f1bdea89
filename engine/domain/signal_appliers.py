"""How facts about signals fold into state; a released applier never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from engine.domain import events
from engine.domain.case import Broadcast, Case, Incident, Listener
from engine.domain.events import Event
from engine.domain.process import SignalWait
from engine.domain.records import replace


def _awaited(case: Case, e: events.SignalAwaited, at: datetime) -> Case:
    facts = {f.name: getattr(e, f.name) for f in fields(SignalWait)}
    return replace(case, listeners={**case.listeners, e.key: Listener(**facts, since=at)})


def _abandoned(case: Case, e: events.SignalAbandoned, at: datetime) -> Case:
    return replace(case, listeners={k: v for k, v in case.listeners.items() if k != e.key})


def _thrown(case: Case, e: events.SignalThrown, at: datetime) -> Case:
    broadcast = Broadcast(id=e.broadcast, signal=e.signal, payload=e.payload, thrown_at=at)
    return replace(case, broadcasts={**case.broadcasts, e.broadcast: broadcast})


def _caught(case: Case, e: events.SignalCaught, at: datetime) -> Case:
    return replace(case, incidents=_mended(case, e.broadcast))


def _spread(case: Case, e: events.SignalSpread, at: datetime) -> Case:
    left = {k: v for k, v in case.broadcasts.items() if k != e.broadcast}
    return replace(case, broadcasts=left, incidents=_mended(case, e.broadcast))


def _mended(case: Case, broadcast: str) -> Mapping[str, Incident]:
    """An incident about a signal is over when the signal got through after all."""
    return {k: i for k, i in case.incidents.items() if i.key != broadcast}


SIGNAL_APPLIERS: dict[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.SignalAwaited: _awaited,
    events.SignalAbandoned: _abandoned,
    events.SignalThrown: _thrown,
    events.SignalCaught: _caught,
    events.SignalSpread: _spread,
}
