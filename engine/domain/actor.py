"""Who acts, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

ActorKind = Literal["citizen", "officer", "system", "agency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """That the actor acts for somebody now. `lent`: groups the actor is in by this alone; `signs`: with a title of its
    own on papers, which goes before what the actor may do anyway."""

    principal: str
    name: str
    groups: frozenset[str]
    lent: frozenset[str]
    until: datetime
    signs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The acting person or machine. `groups` are ids of candidate groups in `unit`; `on_behalf_of` an account id.

    `standings`: for whom the actor may act at this moment; what they lend is among `groups`.
    """

    id: str
    name: str
    kind: ActorKind
    unit: str
    groups: frozenset[str] = frozenset()
    on_behalf_of: str | None = None
    standings: tuple[Standing, ...] = ()

    def in_any(self, groups: tuple[str, ...]) -> bool:
        """Whether the actor belongs to one of the groups."""
        return not self.groups.isdisjoint(groups)

    def acting_in(self, groups: tuple[str, ...]) -> Actor:
        """The actor as who acts on what belongs to these groups: for oneself, or on whose behalf."""
        found = next((one for one in self.standings if one.signs and one.groups & set(groups)), None)
        lent = frozenset().union(*(one.lent for one in self.standings))
        if found is None and (self.groups - lent).isdisjoint(groups):
            found = next((one for one in self.standings if one.lent & set(groups)), None)
        return self if found is None else replace(self, on_behalf_of=found.principal)


def system(unit: str, name: str = "system") -> Actor:
    """The machine itself: timers, jobs, start-up."""
    return Actor(id=name, name="Hệ thống", kind="system", unit=unit)
