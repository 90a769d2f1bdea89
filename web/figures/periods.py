"""The period a page is about: in its address, chosen from a list or between two days."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from engine.domain import report_period
from engine.domain.report_period import Period, PeriodError
from web.display import day
from web.house import house
from web.texts import t

QUARTERS, MONTHS, YEARS = 8, 12, 3  # how many of each the list offers
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Choice:
    """The period that was asked for, or the present quarter with a word about what was wrong."""

    period: Period
    problem: str = ""

    @property
    def status(self) -> int:
        """Of the page that shows it."""
        return 422 if self.problem else 200


def chosen() -> Choice:
    """What the address asks for: `ky`, or `tu` and `den` (ISO dates)."""
    first, last = request.args.get("tu", "").strip(), request.args.get("den", "").strip()
    text = f"{first}..{last}" if first or last else request.args.get("ky", "").strip()
    try:
        return Choice(house().desk.figures.queries.period(text, g.actor.unit))
    except PeriodError as error:
        return Choice(house().desk.figures.queries.period("", g.actor.unit), t(error.message, error.message_en))


def offered(present: Period) -> list[tuple[str, list[Period]]]:
    """The list to choose from, by kind, the newest first; a period that is not in it stands at its head."""
    cut, today = house().desk.figures.queries.rules.cut_day, house().clock.now().date()
    quarters = _back(report_period.quarter_of(today, cut), QUARTERS, cut)
    months = _back(report_period.month_of(today), MONTHS, cut)
    year = int(quarters[0].id[:4])
    years = [report_period.read(str(year - n), cut) for n in range(YEARS)]
    groups = [
        (t("Quý báo cáo", "Reporting quarters"), quarters),
        (t("Năm báo cáo", "Reporting years"), years),
        (t("Tháng", "Months"), months),
    ]
    known = {period.id for _, found in groups for period in found}
    return groups if present.id in known else [(t("Đang xem", "Shown now"), [present]), *groups]


def _back(period: Period, count: int, cut: int) -> list[Period]:
    found = [period]
    while len(found) < count:
        found.append(report_period.before(found[-1], cut))
    return found


def named(period: Period) -> str:
    """`Quý I năm 2023`, `Tháng 01/2023`, `Năm 2023`, or the days."""
    if period.kind == "quarter":
        number = ROMAN[int(period.id[-1]) - 1]
        return t(f"Quý {number} năm {period.id[:4]}", f"Quarter {number} of {period.id[:4]}")
    if period.kind == "month":
        return t(f"Tháng {period.first:%m/%Y}", f"{period.first:%m/%Y}")
    return t(f"Năm {period.id}", f"Year {period.id}") if period.kind == "year" else days(period)


def days(period: Period) -> str:
    """`15/12/2022 – 14/03/2023`."""
    return f"{day(period.first)} – {day(period.last)}"
