"""In time or late, as of a moment."""

from __future__ import annotations

import pytest

from engine.domain import timeliness
from engine.domain.case_facts import TermPoint
from tests.support.calendars import CALENDAR
from tests.support.facts import at, facts, received, solved


@pytest.mark.parametrize(
    ("done", "verdict"),
    [
        ("2023-01-09 23:59", "early"),
        ("2023-01-10 00:00", "on_time"),
        ("2023-01-10 23:59", "on_time"),  # the day counts, not the hour at which the office closes
        ("2023-01-11 00:00", "late"),
    ],
)
@pytest.mark.parametrize("status", [9, 7, 8, 3])
def test_what_is_done_is_measured_by_days_whatever_its_end(done: str, verdict: str, status: int) -> None:
    assert timeliness.of_solved(solved(done=done, status=status), CALENDAR) == verdict


def test_the_words_of_the_term_itself_come_first() -> None:
    terms = (TermPoint(at=at("2023-01-10 10:00"), kind="finished", due=at("2023-01-10 17:00"), timeliness="late"),)
    assert timeliness.of_solved(solved(terms=terms), CALENDAR) == "late"


def test_a_clock_that_stands_still_ends_where_it_stopped() -> None:
    start = TermPoint(at=at("2023-01-05 09:00"), kind="started", due=at("2023-01-10 17:00"))
    pause = TermPoint(at=at("2023-01-09 09:00"), kind="paused", due=at("2023-01-10 17:00"))
    stop = TermPoint(at=at("2023-03-01 09:00"), kind="stopped", due=at("2023-01-10 17:00"))
    withdrawn = solved(done="2023-03-01 09:00", status=7, terms=(start, pause, stop))
    assert timeliness.of_solved(withdrawn, CALENDAR) == "early"
    waiting = received(terms=(start, pause))
    assert timeliness.of_open(waiting, at("2023-06-01 00:00")) == "within"
    over = received(terms=(start, TermPoint(at=at("2023-01-11 09:00"), kind="paused", due=at("2023-01-10 17:00"))))
    assert timeliness.of_open(over, at("2023-06-01 00:00")) == "over"


@pytest.mark.parametrize(("until", "stands"), [("2023-01-10 17:00", "within"), ("2023-01-10 17:01", "over")])
def test_what_is_not_done_is_over_its_term_once_the_instant_has_passed(until: str, stands: str) -> None:
    assert timeliness.of_open(received(), at(until)) == stands


def test_what_came_after_the_moment_is_not_known_yet() -> None:
    start = TermPoint(at=at("2023-01-05 09:00"), kind="started", due=at("2023-01-10 17:00"))
    longer = TermPoint(at=at("2023-02-01 09:00"), kind="extended", due=at("2023-03-10 17:00"))
    assert timeliness.of_open(received(terms=(start, longer)), at("2023-01-20 00:00")) == "over"


def test_a_case_without_a_term_is_never_late() -> None:
    assert timeliness.of_solved(solved(terms=()), CALENDAR) == "on_time"
    assert timeliness.of_open(received(terms=()), at("2099-01-01 00:00")) == "within"
    with pytest.raises(ValueError, match="not done"):
        timeliness.of_solved(facts(), CALENDAR)


def test_more_papers_asked_for_twice_is_late_for_the_score() -> None:
    end = at("2023-03-15 00:00")
    once, twice = (at("2023-01-06 09:00"),), (at("2023-01-06 09:00"), at("2023-01-09 09:00"))
    assert timeliness.kept(solved(asked_at=once), end, CALENDAR)
    assert not timeliness.kept(solved(asked_at=twice), end, CALENDAR)
    assert timeliness.kept(solved(asked_at=twice), at("2023-01-09 00:00"), CALENDAR)  # the second was not yet
    assert not timeliness.kept(solved(done="2023-01-11 08:00"), end, CALENDAR)
    assert not timeliness.kept(received(), end, CALENDAR)
