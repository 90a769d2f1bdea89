"""What the house may ask of a running process, and what it is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.process import JobWait, MessageWait, SignalWait, TimerWait, UserWait, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A token between two steps. `watches`: the key of what it belongs to; `scoped`: something may be begun inside."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    kind: str
    scoped: bool
    watches: str | None = None
    joins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An element at which a token may be begun by hand, in the case's own process ("") or in a running scope."""

    scope: str
    element_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Tokens to cancel by key, places to begin at (scope, element id), variables to set by scope ("": the case)."""

    cancel: tuple[str, ...] = ()
    begin: tuple[tuple[str, ...], ...] = ()
    variables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """As it stands in the trigger of a step."""
        variables = {scope: dict(values) for scope, values in self.variables.items()}
        return {"cancel": list(self.cancel), "begin": [list(each) for each in self.begin], "variables": variables}


def change_from(data: Mapping[str, Any]) -> Change:
    """The change of a recorded step again."""
    begin = tuple((each[0], each[1]) for each in data["begin"])
    return Change(cancel=tuple(data["cancel"]), begin=begin, variables=data["variables"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would do: keys that close and open, elements visited by key, and whether the process would end."""

    closes: tuple[str, ...]
    opens: tuple[str, ...]
    visits: tuple[str, ...]
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that waits for a second person. `basis` tells whether the process has moved since."""

    id: str
    by: str
    at: datetime
    reason: str
    change: Change
    basis: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a case goes over to another version: old element id (or "process/element") to new, timers to compute anew."""

    elements: Mapping[str, str] = field(default_factory=dict)
    anew: tuple[str, ...] = ()
    dues: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A case in its new version: no token has moved. `keys`: old key to new where it changed."""

    snapshot: str
    keys: Mapping[str, str]
    kept: tuple[Wait, ...]
    listens: tuple[SignalWait, ...]
    opened: tuple[Wait, ...]
    closed: tuple[str, ...]

    def kept_of(self, kind: type[Any]) -> tuple[Any, ...]:
        """The kept waits of one kind."""
        return tuple(each for each in self.kept if isinstance(each, kind))


WAIT_KINDS: Mapping[str, type[Any]] = {
    "tasks": UserWait,
    "jobs": JobWait,
    "timers": TimerWait,
    "messages": MessageWait,
}
