"""What the process runner reports, in the engine's own words (the runner lives behind a port)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UserWait:
    """A person has to act; `groups` are group ids (lanes already resolved)."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    groups: tuple[str, ...]
    assignee: str | None
    due: datetime | None
    follow_up: datetime | None
    priority: int
    form_id: str | None
    inputs: Mapping[str, Any]
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWait:
    """A machine has to act."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    type: str
    headers: Mapping[str, str]
    retries: int
    inputs: Mapping[str, Any]
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerWait:
    """Time has to pass."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    due: datetime
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWait:
    """A message has to come."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    message: str
    correlation: str
    properties: Mapping[str, str] = field(default_factory=dict)


Wait = UserWait | JobWait | TimerWait | MessageWait


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWait:
    """A signal has to be thrown, in this case or another one of the unit."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    signal: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that was thrown, and what it carries."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A start event of a process: by what it begins, and the name of its message or signal; a timer as it is drawn."""

    element_id: str
    kind: str  # none | message | timer | signal
    name: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A token reached an element; `properties` are the element's own (caseStatus and the like)."""

    key: str
    process_id: str
    element_id: str
    flow_id: str | None


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """Variables written in a scope, or a scope that ended."""

    scope: str
    values: Mapping[str, Any]
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one call of the runner did. `statuses`: national codes asked for by the visited elements, in order."""

    snapshot: str
    opened: tuple[Wait, ...]
    closed: tuple[str, ...]
    path: tuple[Visit, ...]
    variables: tuple[ScopeChange, ...]
    statuses: tuple[int, ...]
    ended: bool
    closed_reason: str | None = None
    conditional: bool = False  # whether something waits for a condition: nothing that stands in the books
    thrown: tuple[Signal, ...] = ()  # caught within the case already
    listens: tuple[SignalWait, ...] = ()  # all that waits for a signal after the step, not only what is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """All that a step may look at."""

    scopes: Mapping[str, Mapping[str, Any]]
    now: datetime
    context: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
