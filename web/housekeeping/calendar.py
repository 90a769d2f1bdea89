"""The working calendar: a year at a glance, days added with the paper they rest on, what that does to open cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from engine.commands.calendars import Effect
from engine.domain.calendar import WorkingCalendar
from engine.domain.calendar_edition import (
    CalendarProblemsError,
    OwnDay,
    OwnYear,
    missing_year,
    read_date,
    read_days,
    revised,
)
from engine.domain.errors import StaleVersionError
from engine.domain.paper import Paper
from engine.domain.registration import Problem
from web import access
from web.forms.schema import nfc
from web.house import house
from web.housekeeping import ADMINISTRATORS, LOOKERS, blueprint, hours
from web.texts import t

HEAD = "date;kind;name;like"
RACED = Problem(
    "number", "Một quản trị khác vừa sửa lịch; hãy xem lại.", "Another administrator has just changed the calendar."
)
TYPED = ("paper", "issued", "day", "kind", "name", "like", "year", "content")


@blueprint.get("/lich")
@access.groups(*LOOKERS)
def calendar() -> ResponseReturnValue:
    """Twelve months of a year."""
    return _page()


@blueprint.post("/lich")
@access.groups(*ADMINISTRATORS)
def change_calendar() -> ResponseReturnValue:
    """Look at days that were typed or sent as a list; write them; confirm a year."""
    issued = read_date(request.form.get("issued", "")[:20])
    paper = Paper(number=nfc(request.form.get("paper", "")).strip()[:300], issued=issued or date.max)
    action = request.form.get("_action", "")
    if action == "confirm":
        return _confirm(paper)
    if action in ("hours", "drop"):
        return _hours(action, paper)
    content = _content()
    days, problems = read_days(content, paper)
    effect = None
    if not problems:
        problems, effect = house().desk.administration.calendars.look(g.actor, days)
    if action == "take" and not problems:
        return _take(days, content)
    return _page(problems, days=days, effect=effect, content=content.decode("utf-8-sig", "replace"))


def _content() -> bytes:
    """The list: a file, what was looked at already, or the one day that was typed."""
    file = request.files.get("file")
    if isinstance(file, FileStorage) and file.filename:
        return bytes(file.read(100_000))
    if kept := request.form.get("content", ""):
        return nfc(kept).encode()
    cells = [request.form.get(name, "").replace('"', "”")[:300] for name in ("day", "kind", "name", "like")]
    return "\n".join([HEAD, ";".join(f'"{nfc(cell)}"' for cell in cells)]).encode()


def _take(days: Sequence[OwnDay], content: bytes) -> ResponseReturnValue:
    try:
        house().desk.administration.calendars.add(g.actor, days, _number())
    except StaleVersionError:
        return _page([RACED], content=content.decode("utf-8-sig", "replace"), days=days)
    flash(t(f"Đã ghi {len(days)} ngày.", f"{len(days)} days written."))
    return redirect(url_for("housekeeping.calendar", nam=min(day.day for day in days).year))


def _confirm(paper: Paper) -> ResponseReturnValue:
    text = request.form.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    try:
        house().desk.administration.calendars.confirm(g.actor, OwnYear(year=year, paper=paper), _number())
    except CalendarProblemsError as error:
        return _page(error.problems)
    except StaleVersionError:
        return _page([RACED])
    flash(t(f"Đã xác nhận lịch năm {year}.", f"The year {year} is confirmed."))
    return redirect(url_for("housekeeping.calendar", nam=year))


def _hours(action: str, paper: Paper) -> ResponseReturnValue:
    try:
        told = hours.drop(_number()) if action == "drop" else hours.change(paper, _number())
    except CalendarProblemsError as error:
        return _page(error.problems)
    except StaleVersionError:
        return _page([RACED])
    flash(told)
    return redirect(url_for("housekeeping.calendar"))


def _number() -> int:
    text = request.form.get("_number", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _page(
    problems: Sequence[Problem] = (), *, days: Sequence[OwnDay] = (), effect: Effect | None = None, content: str = ""
) -> ResponseReturnValue:
    desk, today = house().desk.administration.calendars, house().clock.now().date()
    edition = desk.edition(g.actor)
    known = revised(desk.base, edition)
    year = min(max(request.args.get("nam", today.year, type=int), known.first_year), known.last_year)
    own = {one.day for one in edition.days}
    page = render_template(
        "housekeeping/calendar.html",
        known=known,
        year=year,
        months=[month_of(known, year, month, today) for month in range(1, 13)],
        special=[(one, one.day in own) for one in known.special_days if one.day.year == year],
        edition=edition,
        missing=missing_year(edition, desk.base, today),
        today=today,
        problems=problems,
        days=days,
        effect=effect,
        content=content,
        typed={name: request.form.get(name, "")[:300] for name in (*TYPED, *hours.TYPED)},
        **hours.shown(edition, known, today),
        cutoff=house().catalog.settings["deadline"]["cutoff"],
        may_change=not g.actor.groups.isdisjoint(ADMINISTRATORS),
    )
    return page, 422 if problems else 200


def month_of(known: WorkingCalendar, year: int, month: int, today: date) -> list[list[tuple[date, str, str] | None]]:
    """Weeks of the month, Monday first: day, state and name of each; None beyond the month."""
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    cells: list[tuple[date, str, str] | None] = [None] * (first.isoweekday() - 1)
    for number in range((after - first).days):
        day = first + timedelta(days=number)
        note = known.note(day)
        state = note.kind if note else "work" if known.is_working_day(day) else "off"
        cells.append((day, f"{state} today" if day == today else state, note.name if note else ""))
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
