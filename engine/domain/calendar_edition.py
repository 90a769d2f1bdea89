"""What a unit adds to the working calendar of the house: days and confirmed years, each with the paper it rests on."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from engine.domain.calendar import OtherHours, SpecialDay, WorkingCalendar
from engine.domain.office_hours import OwnHours
from engine.domain.paper import Paper, is_text, paper_problems
from engine.domain.registration import Problem, ProblemsError

Kind = Literal["holiday", "make_up", "half_day", "ordinary"]
KINDS: Mapping[str, Kind] = {  # as a list may say it
    "holiday": "holiday",
    "nghỉ": "holiday",
    "make_up": "make_up",
    "làm bù": "make_up",
    "half_day": "half_day",
    "nửa ngày": "half_day",
    "ordinary": "ordinary",
    "ngày thường": "ordinary",
}
WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "t2": 1, "t3": 2, "t4": 3, "t5": 4, "t6": 5}
MOST_LINES, MOST_BYTES = 120, 60_000
WARNED_FROM = 10  # month in which the next year's list is due: the notice comes out late in autumn


class CalendarProblemsError(ProblemsError):
    """Có {count} mục cần sửa trong lịch làm việc. | {count} things of the calendar need attention."""

    code = "calendar_problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDay:
    """A day that differs; "ordinary" takes back what the calendar of the house says of it. `like` as for SpecialDay."""

    day: date
    kind: Kind
    name: str
    paper: Paper
    like: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnYear:
    """All days off of that year are entered, according to the paper."""

    year: int
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a unit has added so far; `number` counts its changes."""

    number: int = 0
    days: tuple[OwnDay, ...] = ()
    years: tuple[OwnYear, ...] = ()
    hours: tuple[OwnHours, ...] = ()

    def confirms(self, year: int) -> bool:
        """Whether the list of that year is said to be whole."""
        return any(one.year == year for one in self.years)


def revised(base: WorkingCalendar, edition: Edition) -> WorkingCalendar:
    """The calendar of the unit; its version names both, so that each term says by what it was counted."""
    if not edition.number:
        return base
    own = {one.day: one for one in edition.days}
    kept = [one for one in base.special_days if one.day not in own]
    added = [_special(one) for one in own.values() if one.kind != "ordinary"]
    last = base.last_year
    while edition.confirms(last + 1):
        last += 1
    return replace(
        base,
        version=f"{base.version}+{edition.number}",
        last_year=last,
        special_days=tuple(sorted((*kept, *added), key=lambda one: one.day)),
        later=tuple(OtherHours(valid_from=one.valid_from, sessions=one.sessions) for one in edition.hours),
    )


def _special(own: OwnDay) -> SpecialDay:
    kind = cast(Literal["holiday", "make_up", "half_day"], own.kind)
    like = own.day.isoweekday() if own.kind == "half_day" else own.like
    return SpecialDay(day=own.day, kind=kind, name=own.name, source=own.paper.text, like=like)


def with_days(edition: Edition, days: Iterable[OwnDay]) -> Edition:
    """The edition after it: what was said of these days before is replaced."""
    new = {one.day: one for one in days}
    merged = {**{one.day: one for one in edition.days}, **new}
    return replace(edition, number=edition.number + 1, days=tuple(merged[day] for day in sorted(merged)))


def with_year(edition: Edition, year: OwnYear) -> Edition:
    """The edition after it, with the year confirmed."""
    others = [one for one in edition.years if one.year != year.year]
    years = tuple(sorted((*others, year), key=lambda one: one.year))
    return replace(edition, number=edition.number + 1, years=years)


def with_hours(edition: Edition, hours: OwnHours) -> Edition:
    """The edition after it: other hours from that day on."""
    others = [one for one in edition.hours if one.valid_from != hours.valid_from]
    kept = tuple(sorted((*others, hours), key=lambda one: one.valid_from))
    return replace(edition, number=edition.number + 1, hours=kept)


def without_hours(edition: Edition, valid_from: date) -> Edition:
    """The edition after it: what was to begin on that day does not."""
    kept = tuple(one for one in edition.hours if one.valid_from != valid_from)
    return replace(edition, number=edition.number + 1, hours=kept)


def missing_year(edition: Edition, base: WorkingCalendar, today: date) -> int | None:
    """The year whose days off have to be entered by now: this one where nobody knows it, the next from October on."""
    if not base.covers(today) and not edition.confirms(today.year):
        return today.year
    due = today.month >= WARNED_FROM and not edition.confirms(today.year + 1)
    return today.year + 1 if due else None


def day_problems(own: OwnDay, calendar: WorkingCalendar, today: date) -> list[Problem]:
    """What is wrong with a day; `calendar`: the unit's own so far. Days that have begun are never changed."""
    like_works = any(session.weekday == own.like for session in calendar.sessions_on(own.day))
    usual = calendar.is_usual(own.day)
    years = range(today.year, max(calendar.last_year, today.year) + 2)
    tests = (
        (own.day > today, "day", "Chỉ thêm, sửa được từ ngày mai trở đi", "Only days from tomorrow on can be changed"),
        (own.day.year in years, "day", "Chỉ nhập đến hết năm sau năm cuối của lịch", "That year is too far away"),
        (is_text(own.name), "name", "Hãy ghi tên ngày, nhiều nhất 200 ký tự", "Name the day in at most 200 signs"),
        (own.kind != "make_up" or like_works, "like", "Chọn ngày làm việc để làm theo", "Choose a working weekday"),
        (own.kind != "make_up" or not usual, "kind", "Ngày này vốn là ngày làm việc", "That is a working day anyway"),
        (own.kind in ("make_up", "ordinary") or usual, "kind", "Ngày này vốn là ngày nghỉ", "That is a day off anyway"),
    )
    wrong = [Problem(field, f"{vi}.", f"{en}.") for met, field, vi, en in tests if not met]
    return wrong + paper_problems(own.paper, today)


def read_days(content: bytes, paper: Paper) -> tuple[list[OwnDay], list[Problem]]:
    """Days of a CSV in UTF-8 with columns date, kind, name, like (the last may be missing), and what is wrong, each
    with the number of its line in the field."""
    try:
        text = unicodedata.normalize("NFC", content[: MOST_BYTES + 1].decode("utf-8-sig"))
        first = text.partition("\n")[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return [], [Problem("file", "Tệp không phải CSV UTF-8 đọc được.", "This is no CSV in UTF-8.")]
    if not rows or len(rows) > MOST_LINES or len(content) > MOST_BYTES or not {"date", "kind", "name"} <= set(rows[0]):
        needed = f"Tệp cần cột date, kind, name và 1–{MOST_LINES} dòng."
        return [], [Problem("file", needed, f"It takes columns date, kind, name and 1–{MOST_LINES} lines.")]
    days: list[OwnDay] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 2):
        found = _own_day({name: str(value or "").strip() for name, value in row.items() if name}, paper)
        if found is None:
            problems.append(Problem(f"line-{number}", "ngày, loại hoặc thứ không đọc được.", "not understood."))
        elif any(found.day == one.day for one in days):
            problems.append(Problem(f"line-{number}", "ngày ghi hai lần.", "the day is listed twice."))
        else:
            days.append(found)
    return days, problems


def _own_day(row: Mapping[str, str], paper: Paper) -> OwnDay | None:
    day, kind = read_date(row["date"]), KINDS.get(row["kind"].casefold())
    like = WEEKDAYS.get((row.get("like") or "mon").casefold())
    if day is None or kind is None or like is None:
        return None
    return OwnDay(day=day, kind=kind, name=" ".join(row["name"].split()), paper=paper, like=like)


def read_date(text: str) -> date | None:
    """A day as people or machines write it: 30/04/2027 or 2027-04-30."""
    parts = text.strip().split("/")
    iso = "-".join(part.zfill(2) for part in reversed(parts)) if len(parts) == 3 else text.strip()
    try:
        return date.fromisoformat(iso) if len(iso) == 10 and iso.replace("-", "").isdecimal() else None
    except ValueError:
        return None
