"""Which numbers of which book a case bears."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.domain.book_events import NumberCancelled
from engine.domain.books import cancelled, entries, year_of
from engine.domain.case import Case
from tests.support.cases import case as made

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
RESULT = {"document": "HS-1/R1", "name": "Trích lục", "number": "05/TLKS", "at": AT, "signatures": []}
BOOKED = {**RESULT, "book": "result/1.000894/2026", "running": 5}
SIGNED = {**BOOKED, "signatures": [{"role": "agency", "signer": "Bình"}]}


def slip(kind: str, number: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "number": number, "at": AT, "data": {}, **more}


def told(case: Case) -> list[tuple[str, int, str]]:
    return [(one.book, one.number, one.state) for one in entries(case)]


def struck(case: Case, book: str, number: int, written: str = "") -> Case:
    return cancelled(case, NumberCancelled(book=book, number=number, written=written, reason="nhầm", by="hoa"), AT)


def test_each_paper_stands_in_the_book_of_its_kind_and_year() -> None:
    case = made(
        receipts=(
            slip("intake", "0007/2026", by="mai"),
            slip("register", "07/2026", data={"book": "Sổ đăng ký khai sinh"}),
            slip("request", "0003/2027"),
        ),
        results=(BOOKED,),
    )
    assert told(case) == [
        ("receipt/intake/2026", 7, "issued"),
        ("book/Sổ đăng ký khai sinh/2026", 7, "issued"),
        ("request/2027", 3, "issued"),
        ("result/1.000894/2026", 5, "issued"),
    ]
    assert [one.by for one in entries(case)] == ["mai", "", "", ""]


@pytest.mark.parametrize("number", ["", "7", "x/2026", "7/năm", "/2026"])
def test_what_bears_no_number_of_a_year_stands_in_no_book(number: str) -> None:
    assert entries(made(receipts=(slip("intake", number),), results=(RESULT,))) == []


def test_what_became_of_a_result_is_said_in_its_line() -> None:
    revoked = {**SIGNED, "revoked": {"reason": "cấp nhầm"}}
    replaced = {**SIGNED, "replaced": {"number": "06/TLKS", "reason": "sai tên"}}
    found = [entries(made(results=(one,)))[0] for one in (SIGNED, revoked, replaced)]
    assert [(one.state, one.note) for one in found] == [
        ("issued", ""),
        ("revoked", "cấp nhầm"),
        ("replaced", "06/TLKS: sai tên"),
    ]
    assert found[0].by == "Bình"


def test_a_cancelled_number_keeps_its_line_and_one_without_a_paper_gets_one() -> None:
    case = struck(made(receipts=(slip("intake", "0007/2026"), slip("intake", "0008/2026"))), "receipt/intake/2026", 7)
    case = struck(case, "result/1.000894/2026", 9)
    assert told(case) == [
        ("receipt/intake/2026", 7, "cancelled"),
        ("receipt/intake/2026", 8, "issued"),
        ("result/1.000894/2026", 9, "cancelled"),
    ]
    assert entries(case)[0].note == "nhầm"


@pytest.mark.parametrize(
    ("book", "year"),
    [("receipt/intake/2026", 2026), ("request/2026", 2026), ("book/Sổ a/b/2026", 2026), ("case/221219", 0), ("", 0)],
)
def test_a_book_ends_with_its_year_and_other_counters_are_no_books(book: str, year: int) -> None:
    assert year_of(book) == year
