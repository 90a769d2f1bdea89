"""Office hours on the page of the calendar: those that hold, those to come, and others from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import g, request

from engine.domain.calendar import Session, WorkingCalendar
from engine.domain.calendar_edition import CalendarProblemsError, Edition, read_date
from engine.domain.office_hours import PLACES, WantedHours
from engine.domain.paper import Paper
from engine.domain.registration import Problem
from web.forms.schema import nfc
from web.house import house
from web.texts import t

TYPED = ("valid_from", *PLACES)
WEEK = range(1, 8)


def change(paper: Paper, number: int) -> str:
    """Set what was typed; what to tell. CalendarProblemsError, StaleVersionError."""
    ticked = request.form.getlist("weekday")[:7]
    wanted = WantedHours(
        valid_from=read_date(request.form.get("valid_from", "")[:20]),
        times=[nfc(request.form.get(place, "")).strip()[:20] for place in PLACES],
        weekdays={int(one) for one in ticked if one in {str(day) for day in WEEK}},
        paper=paper,
    )
    house().desk.administration.calendars.set_hours(g.actor, wanted, number)
    day = f"{wanted.valid_from:%d/%m/%Y}"
    return t(f"Đã ghi giờ làm việc từ ngày {day}.", f"Office hours from {day} are written.")


def drop(number: int) -> str:
    """Take back hours that have not begun; the same errors."""
    day = read_date(request.form.get("valid_from", "")[:20])
    if day is None:
        raise CalendarProblemsError([Problem("valid_from", "Không rõ ngày nào.", "Of which day is not clear.")])
    house().desk.administration.calendars.drop_hours(g.actor, day, number)
    return t("Đã bỏ giờ làm việc chưa áp dụng.", "Hours that had not begun are taken back.")


def shown(edition: Edition, known: WorkingCalendar, today: date) -> dict[str, Any]:
    """Hours of today, those to come with their paper, and what a form begins with."""
    now = known.sessions_on(today)
    ticked = {int(one) for one in request.form.getlist("weekday")[:7] if one.isdecimal()}
    return {
        "hours": lines(now),
        "coming": [(one, lines(one.sessions)) for one in edition.hours if one.valid_from > today],
        "past": [one for one in edition.hours if one.valid_from <= today],
        "week": [(day, weekday(day), day in (ticked or {one.weekday for one in now})) for day in WEEK],
        "hour_fields": PLACES,
        "usual": _usual(now),
    }


def lines(sessions: Sequence[Session]) -> list[str]:
    """`Thứ 2: 07:30–11:30, 13:00–17:00` for each weekday that has hours."""
    found = []
    for day in WEEK:
        hours = sorted((one.start, one.end) for one in sessions if one.weekday == day)
        found += [f"{weekday(day)}: {', '.join(f'{a:%H:%M}–{b:%H:%M}' for a, b in hours)}"] if hours else []
    return found


def weekday(day: int) -> str:
    """The name of an ISO weekday."""
    english = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return t(f"Thứ {day + 1}" if day < 7 else "Chủ nhật", english[day - 1])


def _usual(sessions: Sequence[Session]) -> dict[str, str]:
    """The times of the first weekday, to be changed rather than typed anew."""
    first = min((one.weekday for one in sessions), default=0)
    times = [f"{at:%H:%M}" for one in sessions if one.weekday == first for at in (one.start, one.end)]
    return dict(zip(PLACES, [*sorted(times), "", "", "", ""], strict=False))
