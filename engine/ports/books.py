"""Books of numbers: what stands in them, what is only reserved, and their closing at the end of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A book that was closed. `digest`: SHA-256 over its numbers as they stood then; `struck` of them cancelled."""

    unit: str
    book: str
    year: int
    last: int
    struck: int
    digest: str
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookHead:
    """A book: its newest number, how many numbers are struck out, and how many were drawn that nobody has used."""

    book: str
    last: int
    struck: int
    open: int
    closing: Closing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number of a book. `state` beside those of domain.books: reserved (drawn under `job` of a case, no paper yet) or
    missing (drawn, and nobody knows for what)."""

    number: int
    state: str
    case_id: str = ""
    case_code: str = ""
    written: str = ""
    kind: str = ""
    name: str = ""
    at: datetime | None = None
    by: str = ""
    note: str = ""
    job: str = ""


class NumberBooks(Protocol):
    """Books by unit."""

    def of(self, unit: str, year: int) -> Sequence[BookHead]:
        """All books of a year, by name."""
        ...

    def head(self, unit: str, book: str) -> BookHead | None:
        """One book; None where no number was drawn from it."""
        ...

    def lines(self, unit: str, book: str, first: int, last: int) -> Sequence[Line]:
        """Every number from `first` to `last` that was drawn, none left out."""
        ...

    def close(self, closing: Closing) -> Closing:
        """Close a book in one transaction; from then on nothing can be drawn from it. `last`, `struck` and `digest` are
        found then. OpenNumbersError while a number has neither a paper nor a line through it; RuleError when closed."""
        ...
