"""Books of numbers: which numbers of which book a case bears, and what became of each.

A book is a counter of a unit with its year at the end: receipt/intake/2026 for the desk's forms, book/<name>/2026 for
register entries, result/<name>/2026 for results, request/2026 for letters to other agencies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.domain import results
from engine.domain.book_events import NumberCancelled
from engine.domain.case import Case
from engine.domain.records import replace

State = Literal["issued", "cancelled", "revoked", "replaced"]
PREFIXES = ("receipt/", "book/", "result/", "request/")
OWN_BOOKS = {"register": "book/{book}", "request": "request"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A number of a case. `kind`: of the paper; `name`: of a result; `note`: why it counts no more, or what follows."""

    book: str
    number: int
    written: str
    kind: str
    name: str
    at: datetime
    by: str
    state: State
    note: str = ""


def year_of(book: str) -> int:
    """The year of a book; 0 for what is none."""
    last = book.rpartition("/")[2]
    return int(last) if book.startswith(PREFIXES) and len(last) == 4 and last.isdecimal() else 0


def entries(case: Case) -> list[Entry]:
    """Every number of the case that stands in a book, in the order in which they were given."""
    struck = {(one["book"], one["number"]): one for one in case.struck}
    found = [_struck(one, struck.pop((one.book, one.number), None)) for one in (*_slips(case), *_results(case))]
    return [*found, *(_unused(one) for one in struck.values())]


def _struck(entry: Entry, mark: Mapping[str, Any] | None) -> Entry:
    return entry if mark is None else replace(entry, state="cancelled", note=mark["reason"])


def _unused(mark: Mapping[str, Any]) -> Entry:
    return Entry(
        book=mark["book"],
        number=mark["number"],
        written=mark["written"],
        kind="",
        name="",
        at=mark["at"],
        by=mark["by"],
        state="cancelled",
        note=mark["reason"],
    )


def _slips(case: Case) -> Iterator[Entry]:
    for slip in case.receipts:
        kind, written = slip["kind"], str(slip["number"])
        number, _, year = written.partition("/")
        if number.isdecimal() and year.isdecimal():
            book = OWN_BOOKS.get(kind, f"receipt/{kind}").format(book=slip["data"].get("book", ""))
            facts = {"kind": kind, "name": "", "at": slip["at"], "by": slip.get("by", "")}
            yield Entry(book=f"{book}/{year}", number=int(number), written=written, state="issued", **facts)


def _results(case: Case) -> Iterator[Entry]:
    for result in case.results:
        if result.get("book"):
            state, note = _standing(case, result)
            yield Entry(
                book=result["book"],
                number=result["running"],
                written=result["number"],
                kind="result",
                name=result["name"],
                at=result["at"],
                by=next((one["signer"] for one in result["signatures"]), ""),
                state=state,
                note=note,
            )


def _standing(case: Case, result: Mapping[str, Any]) -> tuple[State, str]:
    standing = results.standing(case, result)
    if standing == "revoked":
        return "revoked", result["revoked"]["reason"]
    if standing == "replaced":
        return "replaced", f"{result['replaced']['number']}: {result['replaced']['reason']}"
    return "issued", ""


def cancelled(case: Case, e: NumberCancelled, at: datetime) -> Case:
    """The number is struck out for good."""
    mark = {"book": e.book, "number": e.number, "written": e.written, "reason": e.reason, "by": e.by, "at": at}
    return replace(case, struck=(*case.struck, mark))
