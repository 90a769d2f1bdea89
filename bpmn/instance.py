"""What the house may do to a running instance, in plain words: where tokens stand, changes, moves to a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmn.model import SignalWait, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A token as it stands between two steps. `watches`: the key of the activity it belongs to, for boundary events."""

    key: str
    scope: str  # "" or the key of the called process, sub-process or loop it stands in
    process_id: str
    element_id: str
    name: str
    kind: str
    scoped: bool  # whether a scope is open inside: something may be begun there
    watches: str | None = None
    joins: bool = False  # waits for other tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An element at which something may be begun by hand, on the level of a running scope."""

    scope: str
    element_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Tokens to cancel by their keys, places to begin at (scope, element id), variables to set by scope."""

    cancel: tuple[str, ...] = ()
    begin: tuple[tuple[str, str], ...] = ()
    variables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an instance goes over to another definition.

    `elements`: old element id, or process id and element id with a slash between, to new element id; what is not named
    keeps its id. `anew`: new ids of timers to compute again; the others keep the instant in `dues` (by old key).
    """

    elements: Mapping[str, str] = field(default_factory=dict)
    anew: frozenset[str] = frozenset()
    dues: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The instance in the new definition. `keys`: old key to new for every token whose key changed.

    `kept` has the open waits with their new facts, `opened` what watches anew, `closed` the old keys of what does no
    more, `listens` everything that waits for a signal. No token has moved.
    """

    snapshot: str
    keys: Mapping[str, str]
    kept: tuple[Wait, ...]
    listens: tuple[SignalWait, ...]
    opened: tuple[Wait, ...]
    closed: tuple[str, ...]
