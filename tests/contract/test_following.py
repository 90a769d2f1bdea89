"""Complaints and looks at cases, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlComplaints, SqlLooks, SqlStore
from engine.domain.errors import StaleVersionError
from engine.ports.following import Complaint
from tests.support.threads import at_once

UNIT, NOW, HOUR = "xa-mau", datetime(2026, 11, 3, 8, 0, tzinfo=UTC), timedelta(hours=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sql(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def complaint(number: int, **more: Any) -> Complaint:
    at = NOW + number * HOUR
    values: dict[str, Any] = {"unit": UNIT, "id": f"c{number}", "account": "lan", "case_id": "", "case_code": ""}
    values |= {"kind": "complaint", "text": "Chờ lâu", "filed_at": at, "due_at": at + 9 * HOUR}
    return Complaint(**{**values, **more})


def test_a_complaint_is_kept_once_and_found_by_whose_it_is(sql: SqlStore) -> None:
    kept = SqlComplaints(sql)
    for one in (complaint(1), complaint(2), complaint(1, text="khác"), complaint(3, account="hung")):
        kept.add(one)
    assert kept.of_account(UNIT, "lan") == [complaint(2), complaint(1)]
    assert kept.of_account("xa-khac", "lan") == []
    assert [one.id for one in kept.of_unit(UNIT, "open")] == ["c1", "c2", "c3"]


def test_of_two_answers_the_first_one_counts(sql: SqlStore) -> None:
    kept = SqlComplaints(sql)
    kept.add(complaint(1))
    answered = replace(complaint(1), state="answered", answer="Xin lỗi", answered_by="mai", answered_at=NOW)
    kept.answer(answered, "open")
    with pytest.raises(StaleVersionError):
        kept.answer(replace(answered, answer="khác"), "open")
    assert kept.get(UNIT, "c1") == answered


def test_looks_of_a_day_are_counted_and_the_latest_comes_first(sql: SqlStore) -> None:
    looks = SqlLooks(sql)
    for number, who in enumerate(("mai", "mai", "tam", "mai")):
        looks.note(UNIT, "case1", who, NOW + number * HOUR)
    looks.note(UNIT, "case2", "mai", NOW)
    found = looks.of(UNIT, "case1")
    assert [(one.account, one.times, one.last_at) for one in found] == [
        ("mai", 3, NOW + 3 * HOUR),
        ("tam", 1, NOW + 2 * HOUR),
    ]
    assert looks.of("xa-khac", "case1") == []


def test_no_look_is_lost_when_pages_are_opened_at_once(sql: SqlStore) -> None:
    looks = SqlLooks(sql)
    at_once([lambda: looks.note(UNIT, "case1", "mai", NOW)] * 4)
    assert [one.times for one in looks.of(UNIT, "case1")] == [4]
