"""Refused attempts, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.adapters.db import SqlAttempts, SqlStore
from tests.support.threads import at_once

NOW, HOUR = datetime(2026, 11, 3, 8, 0, tzinfo=UTC), timedelta(hours=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def attempts(request: pytest.FixtureRequest) -> SqlAttempts:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return SqlAttempts(found)


def note(attempts: SqlAttempts, who: str, number: int = 0, *, unit: str = "xa-mau", page: str = "desk.case") -> None:
    attempts.note(unit, who, page=page, method="GET", path=f"/can-bo/{number}", at=NOW + number * HOUR)


def test_attempts_are_counted_by_person_day_and_page_with_the_last_address(attempts: SqlAttempts) -> None:
    for number in range(3):
        note(attempts, "lan", number)
    note(attempts, "lan", 1, page="desk.act")
    note(attempts, "hung", 2, unit="xa-khac")
    found = attempts.latest("xa-mau")
    assert [(one.page, one.times, one.path) for one in found] == [
        ("desk.case", 3, "/can-bo/2"),
        ("desk.act", 1, "/can-bo/1"),
    ]
    assert attempts.latest("xa-mau", limit=1) == found[:1]


def test_none_of_many_attempts_at_once_is_lost(attempts: SqlAttempts) -> None:
    at_once([lambda: note(attempts, "lan")] * 8)
    assert [one.times for one in attempts.latest("xa-mau")] == [8]


def test_a_very_long_address_is_cut(attempts: SqlAttempts) -> None:
    attempts.note("xa-mau", "lan", page="desk.case", method="GET", path="/" + "đ" * 1000, at=NOW)
    assert len(attempts.latest("xa-mau")[0].path) == 300
