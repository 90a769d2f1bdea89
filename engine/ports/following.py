"""Ports and records of finding and following: texts of the house, complaints, looks at a case, the postal service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, Literal, Protocol

from engine.domain.case import Case
from engine.domain.procedure import Procedure

Pair = tuple[str, str]  # Vietnamese, English
Outcome = Literal["go", "mind", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent:
    """An occasion of life and the procedures (by code) that go with it."""

    id: str
    name: Pair
    about: Pair
    procedures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of the eligibility check; `only`: offered where authorisation is allowed, forbidden or unsaid."""

    value: str
    label: Pair
    outcome: Outcome
    said: Pair = ("", "")
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the eligibility check. `about`: commune, applicant or level3."""

    id: str
    about: str
    text: Pair
    hint: Pair
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What the catalog says to people who look for a procedure or follow a case."""

    timeline: Mapping[str, Pair] = field(default_factory=dict)  # by tag, or tag/kind
    life_events: tuple[LifeEvent, ...] = ()
    questions: tuple[Question, ...] = ()
    anywhere: tuple[str, ...] = ()  # how a jurisdiction begins that binds nobody to a place


class ReceiptPaper(Protocol):
    """Makes the intake receipt."""

    def pdf(self, case: Case, procedure: Procedure, *, unit: Mapping[str, Any], officer: str, zone: tzinfo) -> bytes:
        """The PDF, always the same bytes; NotFoundError while no receipt was issued. `zone`: of the times on it."""
        ...
