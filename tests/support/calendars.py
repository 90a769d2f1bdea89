"""A small calendar of 2022 to 2024 for the tests of terms, written out by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from engine.domain.calendar import Session, SpecialDay, WorkingCalendar


def _days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def off(day: date) -> SpecialDay:
    return SpecialDay(day=day, kind="holiday", name="Nghỉ", source="test")


def office_hours() -> tuple[Session, ...]:
    halves = ((time(7, 30), time(11, 30)), (time(13), time(17)))
    return tuple(Session(weekday, start, end) for weekday in range(1, 6) for start, end in halves)


HOLIDAYS = [
    *_days("2022-09-01", "2022-09-02"),
    date(2023, 1, 2),
    *_days("2023-01-20", "2023-01-26"),
    *_days("2023-05-01", "2023-05-03"),
    date(2024, 1, 1),
    *_days("2024-02-08", "2024-02-14"),
    *_days("2024-04-29", "2024-05-01"),
]
MAKE_UP = SpecialDay(day=date(2024, 5, 4), kind="make_up", name="Làm bù", source="test")
CALENDAR = WorkingCalendar(
    version="test",
    first_year=2022,
    last_year=2024,
    sessions=office_hours(),
    special_days=(*map(off, HOLIDAYS), MAKE_UP),
)


def at(text: str) -> datetime:
    """ "2022-12-19 08:30" in the zone of the house."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)
