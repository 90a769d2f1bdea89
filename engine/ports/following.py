"""Ports and records of finding and following: texts of the house, complaints, looks at a case, the postal service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from engine.domain.parcel import Parcel

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint or suggestion, about a case (its id and code) or in general ("").

    `state`: open, asked (more has to be said), answered, refused.
    """

    unit: str
    id: str
    account: str
    case_id: str
    case_code: str
    kind: str  # complaint | suggestion
    text: str
    filed_at: datetime
    due_at: datetime
    state: str = "open"
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


class Complaints(Protocol):
    """Keeps complaints and suggestions."""

    def add(self, complaint: Complaint) -> None:
        """Keep a new one; one whose id is there already stays as it is."""
        ...

    def get(self, unit: str, complaint_id: str) -> Complaint | None:
        """One of them."""
        ...

    def answer(self, complaint: Complaint, before: str) -> None:
        """Keep an answer; StaleVersionError when its state is no longer `before`."""
        ...

    def of_account(self, unit: str, account: str, limit: int = 100) -> Sequence[Complaint]:
        """What a person filed, newest first."""
        ...

    def of_unit(self, unit: str, state: str, limit: int = 200) -> Sequence[Complaint]:
        """What is in a state, due first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An officer looked at a case on a day (ISO), so many times, the last one when."""

    account: str
    day: str
    times: int
    last_at: datetime


class Looks(Protocol):
    """Keeps who looked at which case; apart from the case's history, which looking does not change."""

    def note(self, unit: str, case_id: str, account: str, at: datetime) -> None:
        """Count one more look."""
        ...

    def of(self, unit: str, case_id: str, limit: int = 200) -> Sequence[Look]:
        """Who looked at a case, the latest first."""
        ...


class PostalService(Protocol):
    """A postal service that takes parcels and tells how far they are."""

    def create(self, reference: str, *, name: str, phone: str, address: str) -> str:
        """The number of the parcel with this reference, the same each time; OutsideSilentError, OutsideRefusedError."""
        ...

    def state(self, number: str) -> str:
        """How far it is (parcel.STATES); OutsideSilentError, OutsideRefusedError."""
        ...


class Parcels(Protocol):
    """Keeps parcels."""

    def add(self, parcel: Parcel) -> None:
        """Keep a new one; the one of a task that is there already stays."""
        ...

    def of_case(self, unit: str, case_id: str) -> Sequence[Parcel]:
        """Parcels of a case, the latest first."""
        ...

    def on_their_way(self, unit: str, limit: int = 200) -> Sequence[Parcel]:
        """Parcels that have not arrived, those not heard of for longest first."""
        ...

    def tell(self, unit: str, number: str, state: str, at: datetime) -> bool:
        """Keep a newer state of a parcel; False where it is not known, or not newer."""
        ...
