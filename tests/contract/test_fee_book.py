"""Fees of units, on both databases; two units of one installation are kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.adapters.db import SqlStore
from engine.adapters.db.administration import SqlAdministrationLog
from engine.adapters.db.fee_book import SqlFeeBook
from engine.domain.errors import StaleVersionError
from engine.domain.unit_fees import UnitFee
from engine.ports.administration import Change
from tests.support.threads import at_once

NOW, UNIT, ELSEWHERE = datetime(2024, 6, 3, 8, 0, tzinfo=UTC), "xa-mau", "xa-khac"
CHANGE = Change(unit=UNIT, id="1" * 32, at=NOW, who="an", what="fee:changed", subject="test")
ROW = UnitFee(
    unit=UNIT,
    procedure="1.000001",
    fee="f",
    valid_from=date(2024, 7, 1),
    amount=10**12,
    basis="NQ 12/2024/NQ-HĐND",
    over="3000",
    edition=1,
    changed_at=NOW,
    changed_by="an",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def book(request: pytest.FixtureRequest) -> SqlFeeBook:
    store: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return SqlFeeBook(store)


def log(book: SqlFeeBook, unit: str = UNIT) -> list[str]:
    return [one.id for one in SqlAdministrationLog(book._store).latest(unit)]


def numbered(number: int, **changes: str) -> Change:
    return replace(CHANGE, id=f"{number:032x}", **changes)  # type: ignore[arg-type]  # texts of the line


def test_rows_are_read_as_they_were_written_and_by_their_unit(book: SqlFeeBook) -> None:
    assert (book.fees(), book.number(UNIT)) == ({}, 0)
    free, elsewhere = replace(ROW, fee="g", amount=None, edition=2), replace(ROW, unit=ELSEWHERE, amount=5)
    book.put(ROW, numbered(1))
    book.put(free, numbered(2))
    book.put(elsewhere, numbered(3, unit=ELSEWHERE))
    assert book.fees() == {UNIT: (ROW, free), ELSEWHERE: (elsewhere,)}
    assert (book.number(UNIT), book.number(ELSEWHERE)) == (2, 1)
    assert (len(log(book)), len(log(book, ELSEWHERE))) == (2, 1)


def test_a_row_of_the_same_day_is_replaced_and_one_taken_back_is_gone(book: SqlFeeBook) -> None:
    book.put(ROW, numbered(1))
    other = replace(ROW, amount=9000, edition=2)
    book.put(other, numbered(2))
    assert book.fees() == {UNIT: (other,)}
    book.take_back(other, 3, numbered(3))
    assert (book.fees(), book.number(UNIT), len(log(book))) == ({}, 3, 3)


def test_who_has_not_seen_the_last_edition_writes_nothing(book: SqlFeeBook) -> None:
    book.put(ROW, numbered(1))
    for late in (ROW, replace(ROW, edition=5), replace(ROW, edition=0)):
        with pytest.raises(StaleVersionError):
            book.put(replace(late, amount=7), numbered(2))
        with pytest.raises(StaleVersionError):
            book.take_back(ROW, late.edition, numbered(2))
    with pytest.raises(StaleVersionError):
        book.take_back(replace(ROW, edition=7), 2, numbered(2))
    assert (book.fees(), book.number(UNIT), len(log(book))) == ({UNIT: (ROW,)}, 1, 1)


@pytest.mark.parametrize("begun", [0, 1])
def test_of_many_who_change_fees_at_once_one_does_and_the_others_are_told(book: SqlFeeBook, begun: int) -> None:
    late = list[int]()
    for number in range(begun):
        book.put(replace(ROW, fee="z", edition=number + 1), numbered(number))

    def put(amount: int) -> None:
        try:
            book.put(replace(ROW, amount=amount, edition=begun + 1), numbered(amount))
        except StaleVersionError:
            late.append(amount)

    at_once([lambda amount=amount: put(amount) for amount in (10, 11, 12, 13)])  # type: ignore[misc]  # a number for each
    assert (len(late), len(book.fees()[UNIT]), len(log(book)), book.number(UNIT)) == (
        3,
        begun + 1,
        begun + 1,
        begun + 1,
    )
