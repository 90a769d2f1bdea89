"""From a history to what is counted of it, and nothing of what comes later known before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import events, report_ii06a
from engine.domain.case_facts import CaseFacts
from engine.domain.codec import decoder, dumps
from engine.domain.counting import facts_of
from engine.domain.events import Recorded
from tests.support.counted import files, town
from tests.support.facts import at
from tests.support.quarter import quarter

TOWN = town()
BY_CODE = {p.code: p for p in TOWN.procedures}


def counted(history: list[Recorded]) -> CaseFacts:
    filed: Any = history[0].event
    return facts_of(history, BY_CODE[filed.procedure], TOWN.calendar)


@given(seed=st.integers(0, 10**6), part=st.floats(0.05, 1))
def test_what_was_so_at_a_moment_does_not_change_by_what_comes_later(seed: int, part: float) -> None:
    (history,) = quarter(TOWN, seed, 1)
    until = history[max(0, int(len(history) * part) - 1)].at + timedelta(microseconds=1)
    known = [link for link in history if link.at < until]
    before, after = counted(known), counted(history)
    start = until - timedelta(days=20)
    calendar = files().calendar
    assert report_ii06a.place(before, start, until, calendar) == report_ii06a.place(after, start, until, calendar)
    for name in (
        "supplements",
        "outcome",
        "digitised",
        "rating",
        "paid_online",
        "fee_due",
        "term",
        "was_received",
        "was_solved",
    ):
        assert getattr(before, name)(until) == getattr(after, name)(until), name


@given(seed=st.integers(0, 10**6))
def test_what_is_counted_is_read_as_it_was_written(seed: int) -> None:
    (history,) = quarter(TOWN, seed, 1)
    facts = counted(history)
    assert decoder(CaseFacts, tagged=True)(json.loads(dumps(facts))) == facts


def story(wanted: str) -> list[Recorded]:
    """The first history in which an event of this tag occurs."""
    return next(h for h in quarter(TOWN, 7, 300) if any(link.event.tag == wanted for link in h))


@pytest.mark.parametrize("tag", ["result:revoked", "case:rated", "payment:received", "case:cancelled"])
def test_each_fact_comes_from_its_event(tag: str) -> None:
    history = story(tag)
    link: Any = next(one for one in history if one.event.tag == tag)
    facts = counted(history)
    found = {
        "result:revoked": [x.gone_at for x in facts.outcomes],
        "case:rated": [x.at for x in facts.ratings],
        "payment:received": [x.at for x in facts.payments],
        "case:cancelled": [x.at - timedelta(minutes=1) for x in facts.statuses],  # its status comes a minute later
    }[tag]
    assert link.at in found
    assert facts.version == len(history)
    assert facts.last_at == history[-1].at


def test_steps_know_who_did_them_and_how_many_office_minutes_they_took() -> None:
    facts = counted(story("case:rated"))
    first = facts.steps[0]
    assert (first.name, first.by, first.groups) == ("Kiểm tra hồ sơ", "clerk1", ("clerk1",))
    assert all(0 <= step.waited <= step.lasted for step in facts.steps if step.closed_at)
    assert facts.lasted is not None
    assert facts.lasted >= 0


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2023-01-05 08:00", "2023-01-05 09:30", 90),
        ("2023-01-05 11:00", "2023-01-05 14:00", 90),  # the break at noon
        ("2023-01-06 16:00", "2023-01-09 08:00", 90),  # a weekend
        ("2023-01-19 16:30", "2023-01-27 08:00", 60),  # Tết
        ("2023-01-07 08:00", "2023-01-08 17:00", 0),
        ("2023-01-05 17:30", "2023-01-05 18:00", 0),
        ("2023-01-05 09:00", "2023-01-05 08:00", 0),
        ("2023-01-05 06:00", "2023-01-05 20:00", 480),
    ],
)
def test_only_office_hours_are_working_time(start: str, end: str, minutes: int) -> None:
    assert files().calendar.working_time(at(start), at(end)) == timedelta(minutes=minutes)


def test_a_mark_that_is_taken_back_leaves_its_time_and_one_made_again_begins_anew() -> None:
    def mark(present: bool, sha256: str = "a" * 64, kind: str = "digitised") -> events.DocumentMarked:
        about = {"name": "x", "document": "", "by": "clerk1", "mark": kind}
        return events.DocumentMarked(sha256=sha256, present=present, **about)

    history = [
        link for link in next(quarter(TOWN, 3, 1)) if link.event.tag in ("case:submitted", "case:status_changed")
    ]
    filed: Any = replace(history[0].event, documents=())  # type: ignore[type-var]  # an event is a record
    said = [mark(False), mark(True), mark(True), mark(False), mark(True), mark(True, "b" * 64, "compared")]
    begun = history[0].at
    links = [replace(history[0], event=filed)] + [
        replace(history[0], event=one, seq=2 + n, at=begun + timedelta(hours=n)) for n, one in enumerate(said)
    ]
    found = [(one.at - begun, one.gone_at and one.gone_at - begun) for one in counted(links).papers]
    assert found == [(timedelta(hours=1), timedelta(hours=3)), (timedelta(hours=4), None)]
