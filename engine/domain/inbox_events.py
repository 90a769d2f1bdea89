"""Facts about how officers share out the work: who is told to do it, until when it rests, whose eye it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    """A leader gave the task to an officer, whoever held it before."""

    tag = "task:assigned"
    key: str
    assignee: str
    before: str | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFollowUpSet(Event):
    """The task rests until another instant; None: it is looked at again now."""

    tag = "task:follow_up_set"
    key: str
    follow_up: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesMentioned(Event):
    """A note asks officers to look at the case."""

    tag = "case:colleagues_mentioned"
    comment: str  # the note
    accounts: tuple[str, ...]
    text: str  # how the note begins
