"""What applicants ask for while they follow a case: verb and noun, as in messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupplement(CaseCommand):
    """Finish a task that asks for answers of the application, with its own form's data and with those answers.

    `application`: the answers, nested as the form nests them; only those asked for, and those that were blank, are
    taken. `documents`: all files of the case by document key, as they are then.
    """

    key: str
    data: Mapping[str, Any]
    application: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDelivery(CaseCommand):
    """Get the result another way. `address` for the post: name, phone, address."""

    delivery: str
    address: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCase(CaseCommand):
    """Say how it was, 1 to 5."""

    score: int
    comment: str = ""
