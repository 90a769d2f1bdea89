"""What officers chose for their inbox, in memory: the twin of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.domain.errors import NameTakenError
from engine.ports import Accounts
from engine.ports.inbox import Choice, Colleague, SavedFilter


class MemoryInboxChoices:
    """Implements the InboxChoices port."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Choice] = {}

    def of(self, unit: str, account: str) -> Choice:
        """What the person chose; filters by name."""
        return self._kept.get((unit, account), Choice())

    def save(self, unit: str, account: str, saved: SavedFilter) -> None:
        """Add a filter or replace the one with its id."""
        choice = self.of(unit, account)
        others = [one for one in choice.saved if one.id != saved.id]
        if any(one.name == saved.name for one in others):
            raise NameTakenError(name=saved.name)
        self._put(unit, account, choice, [*others, saved])

    def delete(self, unit: str, account: str, filter_id: str) -> None:
        """Forget a filter."""
        choice = self.of(unit, account)
        self._put(unit, account, choice, [one for one in choice.saved if one.id != filter_id])

    def choose(self, unit: str, account: str, *, columns: Sequence[str], first: str) -> None:
        """Keep the columns and the first filter."""
        self._kept[unit, account] = replace(self.of(unit, account), columns=tuple(columns), filter=first)

    def _put(self, unit: str, account: str, choice: Choice, saved: Sequence[SavedFilter]) -> None:
        by_name = tuple(sorted(saved, key=lambda one: one.name.encode()))
        self._kept[unit, account] = replace(choice, saved=by_name)


class MemoryColleagues:
    """Implements the Colleagues port beside any accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def all(self, unit: str) -> list[Colleague]:
        """Everybody, by name."""
        found = [one for one in self._accounts.all(unit) if (one.kind, one.unit) == ("officer", unit)]
        shown = [Colleague(id=one.id, name=one.name, groups=one.groups) for one in found]
        return sorted(shown, key=lambda one: (one.name, one.id))

    def names(self, unit: str, accounts: Sequence[str]) -> Mapping[str, str]:
        """The names of those that are officers of the unit."""
        return {one.id: one.name for one in self.all(unit) if one.id in accounts}
