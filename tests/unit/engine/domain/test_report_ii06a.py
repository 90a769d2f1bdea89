"""Form II.06a: where a case stands, and sums that agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import report_ii06a
from engine.domain.case_facts import CaseFacts, Entered
from engine.domain.report_ii06a import COLUMNS, Line, Row
from tests.support.calendars import CALENDAR
from tests.support.facts import at, facts, received, solved

START, END = at("2022-12-15 00:00"), at("2023-03-15 00:00")
TICK = timedelta(microseconds=1)


def placed(found: CaseFacts) -> tuple[int, int] | None:
    line = report_ii06a.place(found, START, END, CALENDAR)
    return (line.came, line.became) if line else None


@pytest.mark.parametrize(
    ("when", "came"), [(START - TICK, 6), (START, 5), (END - TICK, 5), (END, None), (END + TICK, None)]
)
def test_a_case_received_at_the_edge_belongs_to_one_period(when: datetime, came: int | None) -> None:
    found = placed(facts(statuses=(Entered(at=when, status=2),)))
    assert (found and found[0]) == came


@pytest.mark.parametrize(("done", "became"), [(START - TICK, None), (START, 10), (END - TICK, 10), (END, 13)])
def test_a_case_done_at_the_edge_is_done_in_one_period(done: datetime, became: int | None) -> None:
    begun = Entered(at=at("2022-11-01 08:00"), status=2)
    found = placed(
        received(when="2022-11-01 08:00", due="2022-11-05 17:00", statuses=(begun, Entered(at=done, status=9)))
    )
    assert (found and found[1]) == became


@pytest.mark.parametrize(("channel", "came"), [("online", 4), ("desk", 5), ("post", 5), ("house", 5)])
def test_what_came_online_is_told_from_the_rest(channel: str, came: int) -> None:
    assert placed(received(channel=channel)) == (came, 13)


def test_what_was_never_taken_in_is_no_case_of_the_report() -> None:
    assert placed(facts(statuses=(Entered(at=at("2023-01-05 08:00"), status=3),))) is None
    assert placed(facts()) is None


@pytest.mark.parametrize("status", [9, 10, 7, 8, 3])
def test_whatever_ends_a_case_counts_as_dealt_with(status: int) -> None:
    assert placed(solved(status=status)) == (5, 9)


def test_the_first_end_counts_and_handing_over_later_changes_nothing() -> None:
    late_return = solved()
    moments = (*late_return.statuses, Entered(at=at("2023-04-20 08:00"), status=10))
    assert placed(received(statuses=moments)) == (5, 9)


def test_a_line_knows_its_columns() -> None:
    line = report_ii06a.place(solved(), START, END, CALENDAR)
    assert line is not None
    assert [column for column in COLUMNS if line.stands_in(column)] == [3, 5, 7, 9]
    running = report_ii06a.place(received(), START, END, CALENDAR)
    assert running is not None
    assert [column for column in COLUMNS if running.stands_in(column)] == [3, 5, 11, 13]


lines = st.lists(
    st.builds(
        Line,
        code=st.text(max_size=3),
        case_id=st.text(max_size=3),
        field=st.sampled_from(["Hộ tịch", "Chứng thực", "Đất đai"]),
        came=st.sampled_from([4, 5, 6]),
        became=st.sampled_from([8, 9, 10, 12, 13]),
        received_at=st.just(START),
        solved_at=st.none(),
        due=st.none(),
    )
)


@given(found=lines)
def test_sums_hold_in_every_row_and_a_number_is_the_lines_that_stand_in_it(found: list[Line]) -> None:
    rows = report_ii06a.tabulate(found)
    assert report_ii06a.broken(rows) == []
    assert [row.field for row in rows] == [*sorted({line.field for line in found}), ""]
    for row in rows:
        mine = [line for line in found if row.field in ("", line.field)]
        assert row.numbers == {column: sum(line.stands_in(column) for line in mine) for column in COLUMNS}


@pytest.mark.parametrize("column", [3, 4, 7, 8, 11, 13])
def test_a_wrong_number_is_noticed(column: int) -> None:
    numbers: dict[int, Any] = dict.fromkeys(COLUMNS, 0)
    assert report_ii06a.broken([Row("Hộ tịch", {**numbers, column: 1})]) != []
