"""A result on its way by post: where it goes, what it is called there, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

# How far a parcel is, in the order in which it gets there; lost and returned end it as well as delivered.
STATES: Final = ("created", "accepted", "moving", "delivered", "returned", "lost")
OVER: Final = frozenset({"delivered", "returned", "lost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One for each task that posts something: `task` is its key."""

    unit: str
    case_id: str
    task: str
    number: str
    name: str
    phone: str
    address: str
    state: str
    at: datetime


def follows(before: str, after: str) -> bool:
    """Whether a state may come after another: never back, and nothing after the end."""
    if after not in STATES or before in OVER:
        return False
    return after in OVER or STATES.index(after) > STATES.index(before)
