"""What a unit adds to the calendar: read, checked, and counted with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.domain.calendar import UncoveredDateError
from engine.domain.calendar_edition import (
    Edition,
    OwnDay,
    OwnYear,
    day_problems,
    missing_year,
    read_date,
    read_days,
    revised,
    with_days,
    with_year,
)
from engine.domain.paper import Paper
from tests.support.calendars import CALENDAR

TODAY = date(2024, 6, 3)
PAPER = Paper(number="TB 5015/TB-LĐTBXH", issued=date(2024, 5, 20))
FRIDAY, SATURDAY, MONDAY = date(2024, 6, 14), date(2024, 6, 15), date(2024, 6, 17)
OFF = OwnDay(day=FRIDAY, kind="holiday", name="Nghỉ hoán đổi", paper=PAPER)
SWAP = OwnDay(day=SATURDAY, kind="make_up", name="Làm bù", paper=PAPER, like=5)
HALF = OwnDay(day=MONDAY, kind="half_day", name="Buổi sáng", paper=PAPER)


def test_a_calendar_without_additions_is_that_of_the_house() -> None:
    assert revised(CALENDAR, Edition()) is CALENDAR


def test_days_are_counted_as_the_unit_says_and_the_version_tells_it() -> None:
    known = revised(CALENDAR, with_days(Edition(), [OFF, SWAP, HALF]))
    assert known.version == "test+1"
    assert [known.is_working_day(day) for day in (FRIDAY, SATURDAY, MONDAY)] == [False, True, True]
    assert known.add_working_days(date(2024, 6, 13), 1) == SATURDAY
    assert f"{known.end_of_day(MONDAY):%H:%M}" == "11:30"
    assert f"{known.end_of_day(SATURDAY):%H:%M}" == "17:00"
    late = datetime(2024, 6, 17, 14, 0, tzinfo=known.zone)
    assert known.counted_at(late) == datetime(2024, 6, 18, 7, 30, tzinfo=known.zone)
    note = known.note(FRIDAY)
    assert note
    assert note.source == "TB 5015/TB-LĐTBXH ngày 20/05/2024"


def test_an_ordinary_day_takes_back_what_was_said_of_it() -> None:
    tet = replace(OFF, day=date(2024, 2, 9), kind="ordinary")
    assert revised(CALENDAR, with_days(Edition(), [tet])).is_working_day(tet.day)
    again = with_days(with_days(Edition(), [OFF, SWAP]), [replace(OFF, kind="ordinary")])
    assert (again.number, len(again.days)) == (2, 2)
    assert revised(CALENDAR, again).is_working_day(FRIDAY)
    assert revised(CALENDAR, again).is_working_day(SATURDAY)


def test_years_are_covered_once_they_are_confirmed_and_without_a_gap() -> None:
    gap = with_year(Edition(), OwnYear(year=2026, paper=PAPER))
    assert revised(CALENDAR, gap).last_year == 2024
    whole = with_year(gap, OwnYear(year=2025, paper=PAPER))
    assert revised(CALENDAR, whole).last_year == 2026
    with pytest.raises(UncoveredDateError):
        revised(CALENDAR, whole).is_working_day(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("today", "confirmed", "missing"),
    [
        (date(2024, 9, 30), (), None),
        (date(2024, 10, 1), (), 2025),
        (date(2024, 12, 31), (2025,), None),
        (date(2025, 1, 1), (), 2025),
        (date(2025, 1, 1), (2025,), None),
        (date(2025, 10, 1), (2025,), 2026),
    ],
)
def test_from_october_on_the_next_year_is_missed(today: date, confirmed: tuple[int, ...], missing: int | None) -> None:
    edition = Edition(years=tuple(OwnYear(year=year, paper=PAPER) for year in confirmed))
    assert missing_year(edition, CALENDAR, today) == missing


def fields(own: OwnDay) -> list[str]:
    return [one.field for one in day_problems(own, CALENDAR, TODAY)]


def test_days_that_have_begun_are_never_changed() -> None:
    for past in (TODAY, TODAY - timedelta(days=1), date(2022, 9, 1)):
        assert "day" in fields(replace(OFF, day=past))
    assert fields(replace(OFF, day=TODAY + timedelta(days=1))) == []


def test_a_day_that_is_so_already_is_no_change() -> None:
    assert fields(replace(OFF, day=SATURDAY)) == ["kind"]
    assert fields(replace(SWAP, day=FRIDAY)) == ["kind"]
    assert fields(replace(SWAP, like=6)) == ["like"]
    assert fields(replace(HALF, day=SATURDAY)) == ["kind"]
    assert fields(replace(OFF, day=date(2026, 6, 5))) == ["day"]


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x00b"])
def test_a_day_has_a_name(name: str) -> None:
    assert fields(replace(OFF, name=name)) == ["name"]


def test_a_list_is_read_as_spreadsheets_write_it() -> None:
    text = "\ufeffdate;kind;name;like\r\n14/6/2024;Nghỉ;Nghỉ hoán đổi;\r\n2024-06-15;làm bù;Làm bù;t6\r\n"
    text += "17/06/2024;nửa ngày;Buổi sáng;\r\n"
    days, problems = read_days(text.encode(), PAPER)
    assert problems == []
    assert days == [OFF, SWAP, HALF]


def test_lines_that_make_no_sense_are_told_by_number() -> None:
    text = "date,kind,name\n31/02/2024,nghỉ,Không có ngày\n14/06/2024,lười,Không có loại\n"
    text += "14/06/2024,nghỉ,Một\n14/06/2024,nghỉ,Hai\n"
    days, problems = read_days(text.encode(), PAPER)
    assert [one.field for one in problems] == ["line-2", "line-3", "line-5"]
    assert [one.name for one in days] == ["Một"]


@pytest.mark.parametrize(
    "content", [b"", b"date,kind\n1,2\n", b"date,kind,name\n", b"\xff\xfe", b'date,kind,name\n"x', b"x" * 70_000]
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes) -> None:
    days, problems = read_days(content, PAPER)
    assert ([one.field for one in problems], days) == (["file"], [])


@pytest.mark.parametrize("text", ["", "1", "2024-13-01", "30/02/2024", "2024-W01-1", "１4/06/2024x", "//", "20240614"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_date(text) is None
