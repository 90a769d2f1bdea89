"""Terms at the edges: the cut-off to the minute, Tết, pauses over holidays, one extension only, timeliness by date."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import deadline as term
from engine.domain.calendar import UncoveredDateError
from engine.domain.case import Deadline
from engine.domain.errors import RuleError
from engine.domain.events import DeadlineAdjusted
from engine.domain.procedure import DeadlineRule, Extension
from tests.support.calendars import CALENDAR, at

SAME_DAY = DeadlineRule(kind="same_day", cutoff=time(15), text="Ngay trong ngày")
THREE = DeadlineRule(kind="working_days", days=3, text="03 ngày làm việc")
THIRTY = DeadlineRule(kind="calendar_days", days=30)
TOTAL = DeadlineRule(
    kind="working_days", days=3, extension=Extension(days=23, unit="working_days", total=True, when="xác minh")
)
ON_TOP = DeadlineRule(
    kind="working_days", days=5, extension=Extension(days=5, unit="working_days", total=False, when="xác minh")
)
AGREED = DeadlineRule(
    kind="same_day", cutoff=time(15), extension=Extension(days=0, unit="working_days", total=False, when="thỏa thuận")
)


def begun(rule: DeadlineRule, moment: str) -> Deadline:
    return term.apply(None, term.start(rule, at(moment), CALENDAR, by="an"), at(moment))


def paused(deadline: Deadline, moment: str) -> Deadline:
    event = term.pause(deadline, at(moment), CALENDAR, by="an", reason="Chờ nộp lệ phí")
    return term.apply(deadline, event, at(moment))


def resumed(deadline: Deadline, moment: str) -> Deadline:
    return term.apply(deadline, term.resume(deadline, at(moment), CALENDAR, by="an"), at(moment))


def extended(deadline: Deadline, rule: DeadlineRule, moment: str, due: str | None = None) -> Deadline:
    wanted = at(due) if due else None
    event = term.extend(rule, deadline, at(moment), CALENDAR, by="an", reason="Phải xác minh", due=wanted)
    return term.apply(deadline, event, at(moment))


def finished(deadline: Deadline, moment: str) -> str | None:
    event = term.finish(deadline, at(moment), CALENDAR, by="an")
    return term.apply(deadline, event, at(moment)).timeliness


@pytest.mark.parametrize(
    ("rule", "received", "due"),
    [
        (SAME_DAY, "2022-12-19 14:59", "2022-12-19 17:00"),
        (SAME_DAY, "2022-12-19 15:00", "2022-12-19 17:00"),
        (SAME_DAY, "2022-12-19 15:01", "2022-12-20 17:00"),
        (SAME_DAY, "2022-12-23 16:00", "2022-12-26 17:00"),  # Friday afternoon
        (SAME_DAY, "2022-12-25 10:00", "2022-12-26 17:00"),  # filed on a Sunday
        (SAME_DAY, "2022-12-23 22:00", "2022-12-26 17:00"),
        (SAME_DAY, "2023-01-19 15:01", "2023-01-27 17:00"),  # the eve of Tết
        (SAME_DAY, "2022-12-30 15:30", "2023-01-03 17:00"),
        (THREE, "2022-12-19 08:30", "2022-12-22 17:00"),
        (THREE, "2022-12-23 16:00", "2022-12-28 17:00"),
        (THREE, "2022-12-25 10:00", "2022-12-29 17:00"),  # counts as received on Monday
        (THREE, "2022-12-19 18:00", "2022-12-23 17:00"),
        (THREE, "2023-01-18 09:00", "2023-01-30 17:00"),
        (THREE, "2024-04-26 09:00", "2024-05-04 17:00"),  # ends on a make-up Saturday
        (THIRTY, "2022-12-19 08:30", "2023-01-18 17:00"),
        (THIRTY, "2022-12-21 08:30", "2023-01-27 17:00"),  # day 30 falls into Tết
        (THIRTY, "2022-11-24 08:30", "2022-12-26 17:00"),  # day 30 is a Saturday
    ],
)
def test_due_date(rule: DeadlineRule, received: str, due: str) -> None:
    event = term.start(rule, at(received), CALENDAR, by="an")
    assert event.due_after == at(due)
    assert event.due_before is None
    assert event.calendar == "test"
    assert event.trail[-1] == f"hạn {at(due):%H:%M ngày %d/%m/%Y}"


def test_trail_tells_a_person_how_the_date_came_about() -> None:
    event = term.start(THIRTY, at("2022-11-26 20:00"), CALENDAR, by="an")
    assert event.trail == (
        "nhận hồ sơ 20:00 ngày 26/11/2022",
        "ngoài giờ làm việc, tính là nhận lúc 07:30 ngày 28/11/2022",
        "cộng 30 ngày từ sau ngày 28/11/2022: 28/12/2022",
        "hạn 17:00 ngày 28/12/2022",
    )


def test_term_beyond_the_calendar_is_refused_and_not_guessed() -> None:
    with pytest.raises(UncoveredDateError):
        term.start(THREE, at("2024-12-30 08:00"), CALENDAR, by="an")


@pytest.mark.parametrize(
    ("stopped", "went_on", "due"),
    [
        ("2022-12-20 09:00", "2022-12-20 16:00", "2022-12-22 17:00"),  # the same day: nothing moves
        ("2022-12-20 09:00", "2022-12-22 16:00", "2022-12-26 17:00"),
        ("2022-12-24 09:00", "2022-12-25 16:00", "2022-12-22 17:00"),  # over a weekend: nothing moves
        ("2022-12-20 09:00", "2023-01-27 08:00", "2023-01-31 17:00"),  # over new year and Tết: 22 working days
    ],
)
def test_due_date_moves_by_the_working_days_of_the_pause(stopped: str, went_on: str, due: str) -> None:
    deadline = resumed(paused(begun(THREE, "2022-12-19 08:30"), stopped), went_on)
    assert deadline.due == at(due)
    assert deadline.paused_at is None
    assert deadline.original_due == at("2022-12-22 17:00")
    assert [a.kind for a in deadline.adjustments] == ["started", "paused", "resumed"]


def test_full_dossier_after_a_supplement_begins_the_term_from_zero() -> None:
    waiting = paused(begun(THREE, "2022-12-19 08:30"), "2022-12-21 10:00")
    event = term.restart(THREE, waiting, at("2022-12-26 09:00"), CALENDAR, by="an")
    deadline = term.apply(waiting, event, at("2022-12-26 09:00"))
    assert (deadline.due, deadline.paused_at) == (at("2022-12-29 17:00"), None)
    assert deadline.started_at == at("2022-12-26 09:00")
    assert event.due_before == at("2022-12-22 17:00")


def test_extension_in_total_counts_from_the_start_and_keeps_the_pause() -> None:
    plain = extended(begun(TOTAL, "2022-12-19 08:30"), TOTAL, "2022-12-20 09:00")
    assert plain.due == at("2023-01-27 17:00")
    halted = resumed(paused(begun(TOTAL, "2022-12-19 08:30"), "2022-12-19 10:00"), "2022-12-21 10:00")
    assert extended(halted, TOTAL, "2022-12-21 11:00").due == at("2023-01-31 17:00")


def test_extension_on_top_counts_from_the_due_date_and_keeps_both_dates() -> None:
    deadline = extended(begun(ON_TOP, "2022-12-19 08:30"), ON_TOP, "2022-12-20 09:00")
    last = deadline.adjustments[-1]
    assert (last.due_before, last.due_after) == (at("2022-12-26 17:00"), at("2023-01-03 17:00"))
    assert (last.reason, last.by) == ("Phải xác minh", "an")


def test_second_extension_is_refused_even_after_a_restart() -> None:
    deadline = extended(begun(ON_TOP, "2022-12-19 08:30"), ON_TOP, "2022-12-20 09:00")
    again = term.restart(ON_TOP, deadline, at("2022-12-26 09:00"), CALENDAR, by="an")
    for state in (deadline, term.apply(deadline, again, at("2022-12-26 09:00"))):
        with pytest.raises(RuleError, match="một lần"):
            term.extend(ON_TOP, state, at("2022-12-26 10:00"), CALENDAR, by="an", reason="Lại phải xác minh")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_extension_needs_a_reason(reason: str) -> None:
    with pytest.raises(RuleError, match="lý do"):
        term.extend(ON_TOP, begun(ON_TOP, "2022-12-19 08:30"), at("2022-12-20 09:00"), CALENDAR, by="an", reason=reason)


@pytest.mark.parametrize(
    ("rule", "due", "why"),
    [
        (THREE, None, "chọn ngày hẹn"),
        (AGREED, None, "chọn ngày hẹn"),
        (TOTAL, "2023-01-31 08:00", "không được sau"),
        (TOTAL, "2022-12-21 17:00", "phải sau ngày hẹn cũ"),
        (THREE, "2022-12-25 10:00", "ngày làm việc"),
    ],
)
def test_extension_to_a_date_that_is_not_allowed_is_refused(rule: DeadlineRule, due: str | None, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        extended(begun(rule, "2022-12-19 08:30"), rule, "2022-12-20 09:00", due)


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        ("2022-12-21 23:59", "early"),
        ("2022-12-22 00:00", "on_time"),
        ("2022-12-22 16:59", "on_time"),
        ("2022-12-22 23:00", "on_time"),  # compared by date
        ("2022-12-23 00:00", "late"),
    ],
)
def test_timeliness_compares_dates(moment: str, verdict: str) -> None:
    assert finished(begun(THREE, "2022-12-19 08:30"), moment) == verdict


def test_case_finished_during_a_pause_gets_the_paused_days_back() -> None:
    waiting = paused(begun(THREE, "2022-12-19 08:30"), "2022-12-21 10:00")
    assert finished(waiting, "2022-12-26 10:00") == "early"  # due moved by 3 days to 27/12


def test_new_date_without_ground_in_law_leaves_the_case_late() -> None:
    deadline = extended(begun(THREE, "2022-12-19 08:30"), THREE, "2022-12-20 09:00", "2022-12-27 17:00")
    assert deadline.due == at("2022-12-27 17:00")
    assert finished(deadline, "2022-12-26 10:00") == "late"
    assert finished(deadline, "2022-12-22 10:00") == "on_time"


def test_extension_in_time_counts_and_one_asked_for_too_late_does_not() -> None:
    in_time = extended(begun(ON_TOP, "2022-12-19 08:30"), ON_TOP, "2022-12-26 09:00")
    too_late = extended(begun(ON_TOP, "2022-12-19 08:30"), ON_TOP, "2022-12-27 09:00")
    assert finished(in_time, "2022-12-30 10:00") == "early"
    assert finished(too_late, "2022-12-30 10:00") == "late"


def test_agreed_date_counts_as_a_ground() -> None:
    deadline = extended(begun(AGREED, "2022-12-19 08:30"), AGREED, "2022-12-19 09:00", "2022-12-21 15:00")
    assert finished(deadline, "2022-12-21 10:00") == "on_time"


def test_nothing_moves_a_term_that_has_ended() -> None:
    open_term = begun(TOTAL, "2022-12-19 08:30")
    moment = at("2022-12-20 10:00")
    for end in (
        term.finish(open_term, moment, CALENDAR, by="an"),
        term.stop(open_term, moment, CALENDAR, by="an", reason="Công dân rút hồ sơ"),
    ):
        ended = term.apply(open_term, end, moment)
        assert ended.finished_at == moment
        refused = (
            lambda d: term.pause(d, moment, CALENDAR, by="an", reason="x"),
            lambda d: term.resume(d, moment, CALENDAR, by="an"),
            lambda d: term.extend(TOTAL, d, moment, CALENDAR, by="an", reason="x"),
            lambda d: term.finish(d, moment, CALENDAR, by="an"),
            lambda d: term.restart(TOTAL, d, moment, CALENDAR, by="an"),
        )
        for act in refused:
            with pytest.raises(RuleError, match="kết thúc"):
                act(ended)


def test_pausing_twice_and_resuming_what_runs_are_refused() -> None:
    running = begun(THREE, "2022-12-19 08:30")
    with pytest.raises(RuleError, match="không tạm dừng"):
        term.resume(running, at("2022-12-20 08:00"), CALENDAR, by="an")
    with pytest.raises(RuleError, match="đang tạm dừng"):
        paused(paused(running, "2022-12-20 08:00"), "2022-12-20 09:00")


def test_a_term_cannot_begin_with_anything_but_a_start() -> None:
    event = DeadlineAdjusted(kind="stopped", due_before=None, due_after=None, reason="", by="an", calendar="test")
    with pytest.raises(ValueError, match="begin"):
        term.apply(None, event, at("2022-12-20 08:00"))


@given(minutes=st.integers(0, 60 * 24 * 365), days=st.integers(1, 20))
def test_later_receipt_never_gives_an_earlier_due_date(minutes: int, days: int) -> None:
    rule = DeadlineRule(kind="working_days", days=days)
    first = at("2022-12-01 00:00") + timedelta(minutes=minutes)
    due = term.compute(rule, first, CALENDAR).due
    assert due <= term.compute(rule, first + timedelta(hours=1), CALENDAR).due
    assert CALENDAR.working_days_between(CALENDAR.counted_at(first).date(), due.date()) == days
