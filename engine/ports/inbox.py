"""What officers chose for their inbox, who their colleagues are, and which notes ask for their eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A view of the inbox that a person gave a name; `query` as its address carries it."""

    id: str
    name: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A person's columns ("": not chosen yet, the house's own) and, by id, the filter that the inbox opens with."""

    columns: tuple[str, ...] = ()
    filter: str = ""
    saved: tuple[SavedFilter, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """An officer of the unit."""

    id: str
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A note that asks somebody to look at a case. `read`: the case was opened since."""

    case_id: str
    case_code: str
    comment: str
    text: str
    at: datetime
    read: bool


class InboxChoices(Protocol):
    """Rows of each person; every call is a transaction of its own."""

    def of(self, unit: str, account: str) -> Choice:
        """What the person chose; filters by name."""
        ...

    def save(self, unit: str, account: str, saved: SavedFilter) -> None:
        """Add a filter or replace the one with its id; NameTakenError when another one bears the name."""
        ...

    def delete(self, unit: str, account: str, filter_id: str) -> None:
        """Forget a filter; one that is not there is no error."""
        ...

    def choose(self, unit: str, account: str, *, columns: Sequence[str], first: str) -> None:
        """Keep the columns, and the id of the filter that the inbox opens with ("": none)."""
        ...


class Colleagues(Protocol):
    """Officers of a unit, without anybody's personal data."""

    def all(self, unit: str) -> list[Colleague]:
        """Everybody, by name."""
        ...

    def names(self, unit: str, accounts: Sequence[str]) -> Mapping[str, str]:
        """The names of those of the accounts that are officers of the unit."""
        ...


class Mentions(Protocol):
    """Notes that ask for somebody's eye."""

    def of(self, unit: str, account: str, limit: int = 50) -> list[Mention]:
        """The newest first."""
        ...

    def unread(self, unit: str, account: str) -> int:
        """How many of the newest hundred were not read."""
        ...
