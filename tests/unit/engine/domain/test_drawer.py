"""A drawer's sums, and counts as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.cash import Move
from engine.domain.drawer import Drawer, Reckoned, read_counts, worth
from engine.domain.errors import FormInvalidError
from tests.support.cases import START

DRAWER = Drawer(unit="u", id="d", officer="anh", day=date(2026, 1, 31), opened_at=START, opening={1000: 50})


def move(way: str, amount: int) -> Move:
    facts = {"case_id": "c", "case_code": "HS-1", "procedure": "1", "key": "k", "at": START, "officer": "anh"}
    return Move(**facts, way=way, amount=amount, drawer="d", receipt="")  # type: ignore[arg-type]  # facts of a test


def test_nothing_typed_is_nothing_there_and_blanks_do_not_matter() -> None:
    assert read_counts({1000: " 1 2 ", 500: "", 200: "0"}) == {1000: 12}
    assert read_counts({}) == {}
    assert worth({}) == 0


def test_each_wrong_field_is_told_and_the_right_ones_do_not_hide_it() -> None:
    with pytest.raises(FormInvalidError) as refused:
        read_counts({1000: "12", 500: "-3", 200: "a"})
    assert set(refused.value.errors) == {"count.500", "count.200"}


def test_an_open_drawer_differs_from_nothing_and_owes_what_came_less_what_went() -> None:
    one = Reckoned(drawer=DRAWER, moves=(move("in", 12000), move("out", 70000)))
    assert (one.expected, one.later, one.drawer.difference) == (-8000, 0, 0)
