"""Who acts, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["citizen", "officer", "system", "agency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The acting person or machine. `groups` are ids of candidate groups in `unit`; `on_behalf_of` an account id."""

    id: str
    name: str
    kind: ActorKind
    unit: str
    groups: frozenset[str] = frozenset()
    on_behalf_of: str | None = None

    def in_any(self, groups: tuple[str, ...]) -> bool:
        """Whether the actor belongs to one of the groups."""
        return not self.groups.isdisjoint(groups)


def system(unit: str, name: str = "system") -> Actor:
    """The machine itself: timers, jobs, start-up."""
    return Actor(id=name, name="Hệ thống", kind="system", unit=unit)
