"""Variables by scope as one call sees them: what was handed in, and over it what the call itself has written."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from bpmn.model import ScopeChange


class Variables:
    """Reads from the own scope outward and collects the changes; nothing handed in is ever altered."""

    def __init__(self, scopes: Mapping[str, Mapping[str, Any]], context: Mapping[str, Any]) -> None:
        self._given = scopes
        self._context = context
        self._own: dict[str, dict[str, Any]] = {}
        self._changes: list[ScopeChange] = []

    def own(self, scope: str) -> dict[str, Any]:
        """Return the variables of exactly this scope (a copy the call may write to)."""
        found = self._own.get(scope)
        if found is None:
            found = self._own[scope] = dict(self._given.get(scope, {}))
        return found

    def view(self, scopes: tuple[str, ...]) -> ChainMap[str, Any]:
        """Return the variables visible over these scopes, innermost first, then the read-only context."""
        return ChainMap(*(self.own(scope) for scope in scopes), self._context)  # type: ignore[arg-type]  # read only

    def write(self, scope: str, values: Mapping[str, Any]) -> None:
        """Write values into one scope and note the change; writing nothing is no change."""
        if not values:
            return
        self.own(scope).update(values)
        last = self._changes[-1] if self._changes else None
        if last is not None and last.scope == scope and not last.dropped:
            self._changes[-1] = ScopeChange(scope, {**last.values, **values})
        else:
            self._changes.append(ScopeChange(scope, dict(values)))

    def drop(self, scope: str) -> None:
        """Forget a scope whose called process is over."""
        self._own[scope] = {}
        self._changes.append(ScopeChange(scope, {}, dropped=True))

    @property
    def changes(self) -> tuple[ScopeChange, ...]:
        return tuple(self._changes)
