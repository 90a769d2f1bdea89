"""What officers keep beside a case, on memory and on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import SqlSeenCases, SqlUnfinishedForms
from engine.adapters.memory_handling import MemorySeenCases, MemoryUnfinishedForms
from engine.ports.handling import Seen, SeenCases, Unfinished, UnfinishedForms
from tests.support.threads import at_once

UNIT, CASE, KEY, NOW = "xa-mau", "c1", "call#1/check#1", datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest) -> tuple[SeenCases, UnfinishedForms]:
    if request.param == "memory":
        return MemorySeenCases(), MemoryUnfinishedForms()
    store: Any = request.getfixturevalue(f"{request.param}_store")
    return SqlSeenCases(store), SqlUnfinishedForms(store)


def seen(version: int, before: int = 1) -> Seen:
    return Seen(version=version, before=before, at=NOW)


def test_what_was_seen_belongs_to_officer_case_and_unit(kept: tuple[SeenCases, UnfinishedForms]) -> None:
    cases, _ = kept
    cases.put(UNIT, CASE, "mai", seen(3))
    cases.put(UNIT, CASE, "mai", seen(5, 3))
    cases.put(UNIT, CASE, "tam", seen(4))
    assert cases.get(UNIT, CASE, "mai") == seen(5, 3)
    assert cases.get(UNIT, CASE, "tam") == seen(4)
    assert [cases.get(*where) for where in (("xa-khac", CASE, "mai"), (UNIT, "c2", "mai"))] == [None, None]


def test_of_looks_at_the_same_instant_one_stays(kept: tuple[SeenCases, UnfinishedForms]) -> None:
    cases, _ = kept
    found = at_once([partial(cases.put, UNIT, CASE, "mai", seen(n)) for n in range(6)])
    assert [one for one in found if isinstance(one, Exception)] == []
    last = cases.get(UNIT, CASE, "mai")
    assert last is not None
    assert last.version in range(6)


def test_an_unfinished_form_comes_back_as_it_was(kept: tuple[SeenCases, UnfinishedForms]) -> None:
    _, forms = kept
    data = {"tên": "Nguyễn", "so": Decimal("1.50"), "rows": [{"a": None}, {}], "@at": "x", "n": 3}
    forms.put(UNIT, CASE, KEY, "mai", Unfinished(data={"old": True}, at=NOW))
    forms.put(UNIT, CASE, KEY, "mai", Unfinished(data=data, at=NOW))
    assert forms.get(UNIT, CASE, KEY, "mai") == Unfinished(data=data, at=NOW)
    assert forms.get(UNIT, CASE, KEY, "tam") is None
    forms.drop(UNIT, CASE, KEY, "mai")
    forms.drop(UNIT, CASE, KEY, "mai")
    assert forms.get(UNIT, CASE, KEY, "mai") is None


def test_old_ones_are_forgotten_in_their_own_unit_alone(kept: tuple[SeenCases, UnfinishedForms]) -> None:
    _, forms = kept
    for number, unit in enumerate((UNIT, UNIT, "xa-khac")):
        forms.put(unit, CASE, KEY, f"p{number}", Unfinished(data={}, at=NOW + number * timedelta(days=1)))
    assert forms.expire(UNIT, NOW + timedelta(hours=1)) == 1
    assert forms.get(UNIT, CASE, KEY, "p0") is None
    assert forms.get(UNIT, CASE, KEY, "p1") is not None
    assert forms.get("xa-khac", CASE, KEY, "p2") is not None
