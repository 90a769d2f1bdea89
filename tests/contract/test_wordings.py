"""Wordings of units, on both databases; two units of one installation are kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.adapters.db import SqlStore
from engine.adapters.db.administration import SqlAdministrationLog
from engine.adapters.db.wordings import SqlWordings
from engine.domain.errors import StaleVersionError
from engine.domain.wording import Wording
from engine.ports.administration import Change
from tests.support.threads import at_once

NOW, UNIT, ELSEWHERE = datetime(2024, 6, 3, 8, 0, tzinfo=UTC), "xa-mau", "xa-khac"
CHANGE = Change(unit=UNIT, id="1" * 32, at=NOW, who="an", what="notice:worded", subject="test")
TEXTS = {"title": "Hồ sơ {code} 😀", "body": "x" * 4000}
ROW = Wording(
    unit=UNIT,
    template="case_filed",
    edition=1,
    valid_from=date(2024, 7, 1),
    texts=TEXTS,
    changed_at=NOW,
    changed_by="an",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def numbered(number: int, unit: str = UNIT) -> Change:
    return replace(CHANGE, id=f"{number:032x}", unit=unit)


def test_rows_are_kept_beside_each_other_and_by_their_unit(store: SqlStore) -> None:
    book = SqlWordings(store)
    assert (book.wordings(), book.number(UNIT)) == ({}, 0)
    back, elsewhere = replace(ROW, edition=2, texts={}), replace(ROW, unit=ELSEWHERE)
    book.put(ROW, numbered(1))
    book.put(back, numbered(2))
    book.put(elsewhere, numbered(3, ELSEWHERE))
    assert book.wordings() == {UNIT: (ROW, back), ELSEWHERE: (elsewhere,)}
    assert (book.number(UNIT), book.number(ELSEWHERE)) == (2, 1)
    book.take_back(back, 3, numbered(4))
    assert (book.wordings()[UNIT], book.number(UNIT)) == ((ROW,), 3)
    assert len(SqlAdministrationLog(store).latest(UNIT)) == 3


def test_who_has_not_seen_the_last_edition_writes_nothing(store: SqlStore) -> None:
    book = SqlWordings(store)
    book.put(ROW, numbered(1))
    for edition in (0, 1, 5):
        with pytest.raises(StaleVersionError):
            book.put(replace(ROW, edition=edition, texts={}), numbered(2))
        with pytest.raises(StaleVersionError):
            book.take_back(ROW, edition, numbered(2))
    with pytest.raises(StaleVersionError):
        book.take_back(replace(ROW, edition=7), 2, numbered(2))
    assert (book.wordings(), book.number(UNIT)) == ({UNIT: (ROW,)}, 1)
    assert len(SqlAdministrationLog(store).latest(UNIT)) == 1


def test_of_many_who_write_at_once_one_does_and_the_others_are_told(store: SqlStore) -> None:
    book, late = SqlWordings(store), list[int]()

    def put(number: int) -> None:
        try:
            book.put(replace(ROW, texts={"title": str(number)}), numbered(number))
        except StaleVersionError:
            late.append(number)

    at_once([lambda number=number: put(number) for number in (1, 2, 3, 4)])  # type: ignore[misc]  # a number for each
    assert (len(late), len(book.wordings()[UNIT]), len(SqlAdministrationLog(store).latest(UNIT))) == (3, 1, 1)
