"""What is counted of cases, approved reports, entered numbers and kept figures, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from engine.adapters.db import SqlComplaints, SqlFigures, SqlReports, SqlStore
from engine.domain.report import Approved, Draft
from engine.domain.score import Given
from engine.ports.following import Complaint
from engine.ports.reports import Kept
from tests.support.counted import town
from tests.support.facts import at, facts, received, solved
from tests.support.quarter import UNIT, quarter, write
from tests.support.threads import at_once

NOW = at("2023-03-20 08:00")
TICK = timedelta(microseconds=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sql(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def codes(found: object) -> list[str]:
    return [one.code for one in found]  # type: ignore[attr-defined]  # rows of facts


def test_rows_are_read_as_they_were_written_and_written_anew(sql: SqlStore) -> None:
    kept, case = SqlFigures(sql), solved("A")
    kept.put([case, received("B")])
    assert kept.get(UNIT, "id-A") == case
    later = replace(case, version=9, last_at=NOW)
    kept.put([later])
    kept.put([])
    assert kept.get(UNIT, "id-A") == later
    assert kept.get("xa-khac", "id-A") is None
    kept.forget("xa-khac")
    assert codes(kept.between(UNIT, at("2023-01-01 00:00"), NOW)) == ["A", "B"]
    kept.forget(UNIT)
    assert kept.get(UNIT, "id-A") is None


def test_a_span_holds_what_was_received_before_its_end_and_not_done_before_its_start(sql: SqlStore) -> None:
    kept = SqlFigures(sql)
    start, end = at("2023-01-10 00:00"), at("2023-01-20 00:00")
    kept.put(
        [
            solved("done-before", done="2023-01-09 23:59"),
            solved("done-at-start", done="2023-01-10 00:00"),
            received("open"),
            received("at-end", when="2023-01-20 00:00"),
            received("just-before-end", when="2023-01-19 23:59"),
            facts("never"),
            received("elsewhere", unit="xa-khac"),
        ]
    )
    assert codes(kept.between(UNIT, start, end)) == ["done-at-start", "just-before-end", "open"]


def test_touched_are_cases_filed_before_the_end_with_something_since_the_start(sql: SqlStore) -> None:
    kept = SqlFigures(sql)
    start, end = at("2023-01-10 00:00"), at("2023-01-20 00:00")
    kept.put(
        [
            facts("never-received", last_at=start),
            facts("quiet", last_at=start - TICK),
            facts("later", filed_at=end, last_at=end),
            facts("goes-on", last_at=end + timedelta(days=9)),
        ]
    )
    assert codes(kept.touched(UNIT, start, end)) == ["goes-on", "never-received"]


def test_cases_are_behind_until_they_are_counted_at_their_newest_event(sql: SqlStore) -> None:
    histories = list(quarter(town(), 3, 5))
    write(sql, histories)
    kept = SqlFigures(sql)
    ids = [(UNIT, history[0].stream) for history in histories]
    assert kept.behind(("", ""), 10) == ids
    assert kept.behind(("", ""), 2) == ids[:2]
    assert kept.behind(ids[1], 10) == ids[2:]
    rows = [facts(str(n), case_id=h[0].stream, version=len(h)) for n, h in enumerate(histories)]
    kept.put(rows)
    assert kept.behind(("", ""), 10) == []
    kept.put([replace(rows[2], version=1)])
    assert kept.behind(("", ""), 10) == [ids[2]]


def test_complaints_of_a_span_come_in_order(sql: SqlStore) -> None:
    for name, when in (("b", "2023-01-10 00:00"), ("a", "2023-01-12 00:00"), ("c", "2023-01-20 00:00")):
        said = {"id": name, "account": "lan", "case_id": "", "case_code": "", "kind": "complaint", "text": "x"}
        SqlComplaints(sql).add(Complaint(unit=UNIT, **said, filed_at=at(when), due_at=NOW))
    found = SqlFigures(sql).complaints(UNIT, at("2023-01-10 00:00"), at("2023-01-20 00:00"))
    assert [one.id for one in found] == ["b", "a"]


def approved(revision: int, **changes: object) -> Approved:
    draft = Draft(
        unit=UNIT,
        kind="ii06a",
        period="2023-Q1",
        first=date(2022, 12, 15),
        last=date(2023, 3, 14),
        formula="II.06a-1",
        figures={"rows": [{"field": "Hộ tịch", "numbers": {"3": 1}}]},
        lines=[{"code": "A", "came": 4}],
    )
    values = {"draft": draft, "digest": draft.digest, "by": "chairman1", "by_name": "Bình", "at": NOW, "reason": ""}
    return Approved(revision=revision, **{**values, **changes})  # type: ignore[arg-type]  # whatever a test changes


def test_an_approved_report_is_read_as_it_was_with_its_digest(sql: SqlStore) -> None:
    kept = SqlReports(sql)
    first, second = approved(1), approved(2, reason="Đính chính", at=NOW + TICK)
    kept.add(first)
    kept.add(second)
    assert kept.all(UNIT, "ii06a", "2023-Q1") == [second, first]
    assert all(one.whole for one in kept.all(UNIT, "ii06a", "2023-Q1"))
    assert kept.latest(UNIT, "ii06a", limit=1) == [second]
    assert kept.all("xa-khac", "ii06a", "2023-Q1") == []
    assert kept.all(UNIT, "766", "2023-Q1") == []


def test_of_two_who_approve_at_the_same_instant_one_comes_second(sql: SqlStore) -> None:
    kept = SqlReports(sql)

    came = at_once([partial(kept.add, approved(1, by=f"leader{number}")) for number in range(4)])
    assert sorted(str(type(one).__name__) for one in came) == ["NoneType", *["StaleVersionError"] * 3]
    assert len(kept.all(UNIT, "ii06a", "2023-Q1")) == 1


def test_entered_numbers_take_the_place_of_earlier_ones(sql: SqlStore) -> None:
    kept, given = SqlReports(sql), Given(hits=1, total=2, source="Sở")
    kept.enter(UNIT, "2023-Q1", "1.1", Given(hits=0, total=1, source="x"), by="a", at=NOW)
    kept.enter(UNIT, "2023-Q1", "1.1", given, by="a", at=NOW)
    kept.enter(UNIT, "2023-Q2", "1.1", Given(hits=0, total=1, source="x"), by="a", at=NOW)
    assert kept.entered(UNIT, "2023-Q1") == {"1.1": given}
    assert kept.entered("xa-khac", "2023-Q1") == {}


def test_kept_figures_are_one_a_day_and_the_newest_comes_first(sql: SqlStore) -> None:
    kept = SqlReports(sql)
    one = Kept(kind="month", period="2023-01", day=date(2023, 1, 1), formula="1", figures={"received": 1}, at=NOW)
    for figures in (
        one,
        replace(one, figures={"received": 2}),
        replace(one, period="2023-02"),
        replace(one, kind="766"),
    ):
        kept.keep(UNIT, figures)
    assert kept.kept(UNIT, "month") == [replace(one, period="2023-02"), replace(one, figures={"received": 2})]
    assert kept.kept(UNIT, "month", period="2023-01", limit=1) == [replace(one, figures={"received": 2})]
    assert kept.kept("xa-khac", "month") == []
