"""What officers ask for while they share out the work: verb and noun, as in messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTask(CaseCommand):
    """Give a task to an officer of its groups, whoever holds it."""

    key: str
    assignee: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFollowUp(CaseCommand):
    """Let a task rest until an instant; None ends its rest."""

    key: str
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionColleagues(CaseCommand):
    """Write a note of the house, and ask officers (account ids) to look at it."""

    text: str
    accounts: tuple[str, ...]
