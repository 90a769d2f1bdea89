"""Papers that the desk prints: the forms of Circular 01/2018/TT-VPCP, made from a case and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

from engine.domain.case import Case
from engine.domain.procedure import Procedure
from engine.ports.books import Closing, Line
from engine.ports.knowledge import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One numbered form of a case. `kind`: intake, supplement, refusal, apology; `officer`: who stands for it."""

    kind: str
    number: str
    at: datetime
    officer: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a sealed paper bears so that anybody can check it: `address` of the house, token of its page, short code."""

    address: str
    token: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A case went from one part of the house to the next. `result`: early, on_time, late, or "" without a term."""

    giver: str
    giver_name: str
    taker: str
    taker_name: str
    given_at: datetime
    taken_at: datetime | None
    task: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """A line of the register of cases. `procedure`: its name; `returned_at`: when its result was handed over, at the
    counter to whom (`collector`)."""

    case: Case
    procedure: str
    returned_at: datetime | None
    collector: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every paper of a unit needs: the unit's own facts and the zone of the times on it."""

    unit: Mapping[str, Any]
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedBook:
    """A book of numbers as it is printed. `names`: of people by account."""

    title: str
    year: int
    lines: Sequence[Line]
    names: Mapping[str, str]
    closing: Closing | None


def setting_of(catalog: Catalog, unit: str) -> Setting:
    """The setting of a unit; one that the settings do not know has an empty heading."""
    return Setting(unit=catalog.settings["units"].get(unit, {}), zone=catalog.calendar(unit).zone)


class PaperMaker(Protocol):
    """Makes the PDFs; the same facts give the same bytes."""

    def slip(
        self,
        case: Case,
        procedure: Procedure,
        slip: Slip,
        setting: Setting,
        verification: Verification | None = None,
    ) -> bytes:
        """Forms 01 to 04; one that is about to be sealed says where that can be checked."""
        ...

    def control(self, case: Case, procedure: Procedure, rows: Sequence[Handover], setting: Setting) -> bytes:
        """Form 05."""
        ...

    def book(self, rows: Sequence[BookRow], since: date, until: date, setting: Setting) -> bytes:
        """Form 06: the cases received on these days and between them."""
        ...

    def numbers(self, book: NumberedBook, setting: Setting) -> bytes:
        """A book of numbers, cancelled ones struck out, on A4."""
        ...

    def together(self, papers: Sequence[bytes]) -> bytes:
        """All of them in one file, each beginning on a page of its own."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """When a result was handed over, and who came for it; None and "" while nobody did."""

    at: datetime | None = None
    collector: str = ""


class CaseBook(Protocol):
    """The register of cases."""

    def rows(self, unit: str, since: datetime, until: datetime, *, limit: int) -> Sequence[tuple[Case, Returned]]:
        """Cases filed from `since` to before `until`, oldest first."""
        ...
