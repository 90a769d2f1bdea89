"""What administrators change beside cases, each change with a line in a log that is written in the same commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from engine.domain.calendar_edition import Edition
from engine.domain.staffing import Officer
from engine.domain.unit_fees import UnitFee
from engine.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of the log: who did what to whom or what, before and after; never a secret. Ids grow with time."""

    unit: str
    id: str
    at: datetime
    who: str
    what: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What is to be written of officers: those new or changed, hashes of one-time passwords by id with the instant
    until which they are good, ids whose sessions end, and the lines of the log."""

    officers: Sequence[Officer] = ()
    passwords: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    ended: Sequence[str] = ()
    changes: Sequence[Change] = ()


class StaffStore(Protocol):
    """The officers of each unit; citizens are not there."""

    def officers(self, unit: str) -> list[Officer]:
        """Everybody of the unit, by name."""
        ...

    def revise(self, unit: str, decide: Callable[[Sequence[Officer]], Revision]) -> Revision:
        """Let `decide` see the officers as they are and write what it says, while nobody else changes one of this unit;
        what it raises changes nothing. StaleVersionError where a login is taken."""
        ...


class AdministrationLog(Protocol):
    """What administrators did."""

    def latest(self, unit: str, *, before: str | None = None, limit: int = 100) -> list[Change]:
        """The latest first; `before`: the id of the last line of the page before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a unit says of itself from a day on."""

    unit: str
    valid_from: date
    facts: Mapping[str, str]


class UnitBook(Protocol):
    """Facts of units, and what they add to the calendar."""

    def facts(self) -> list[Facts]:
        """Those of all units, oldest first."""
        ...

    def put_facts(self, facts: Facts, change: Change) -> None:
        """Write the facts of that day and the line of the log."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """The number of each unit's edition of the calendar; units without one are not there."""
        ...

    def edition(self, unit: str) -> Edition:
        """What a unit has added to the calendar."""
        ...

    def put_edition(self, unit: str, edition: Edition, change: Change) -> None:
        """Write what follows the edition with `number` one less; StaleVersionError where somebody was quicker."""
        ...

    def open_terms(self, unit: str, since: datetime, limit: int) -> list[tuple[str, str, int, datetime]]:
        """(code, procedure, version, due) of cases that have not ended and fall due at `since` or later."""
        ...


class FeeBook(Protocol):
    """What units charge by resolutions of their own. What is written follows the edition with a number one less:
    StaleVersionError where somebody was quicker."""

    def fees(self) -> Mapping[str, Sequence[UnitFee]]:
        """Those of every unit that has any, by procedure, fee and day."""
        ...

    def number(self, unit: str) -> int:
        """The number of the unit's edition; 0 where it has none."""
        ...

    def put(self, row: UnitFee, change: Change) -> None:
        """Write the row of its day, in place of one that was there, and the line of the log."""
        ...

    def take_back(self, row: UnitFee, number: int, change: Change) -> None:
        """Take the row away by edition `number`, and write the line of the log."""
        ...


class WordingBook(Protocol):
    """What units say in notices in words of their own; written as fees are."""

    def wordings(self) -> Mapping[str, Sequence[Wording]]:
        """Those of every unit that has any, oldest first."""
        ...

    def number(self, unit: str) -> int:
        """The number of the unit's edition; 0 where it has none."""
        ...

    def put(self, row: Wording, change: Change) -> None:
        """Write the row beside the earlier ones, and the line of the log."""
        ...

    def take_back(self, row: Wording, number: int, change: Change) -> None:
        """Take the row away by edition `number`, and write the line of the log."""
        ...
