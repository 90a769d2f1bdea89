"""The report of a day: each drawer with its takings, what was counted, what differs; on paper and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.drawers import HOLDERS, LEADERS
from engine.domain.cash import Move
from engine.domain.drawer_day import DayReport, by_procedure
from engine.ports.reports import Cell, Column, Sheet
from engine.queries.drawers import READERS
from web import access, downloads
from web.display import dong, local
from web.drawers import blueprint
from web.forms.values import read_date
from web.house import house
from web.texts import t
from web.words import procedure_name

YEARS = range(2000, 3000)  # no house is older, and no calendar goes on for ever


def _asked() -> tuple[date, str]:
    """The day of the address, today without one; and what is wrong with what is no day."""
    today, typed = house().desk.drawers.keeping.today(g.actor.unit), request.args.get("ngay", "").strip()[:20]
    found = date.fromisoformat(read_date(typed) or "0001-01-01") if typed else today
    if found.year not in YEARS:
        return today, t("Ngày phải ghi theo dạng 31/12/2022.", "Write a day as 31/12/2022.")
    return found, ""


def _report(day: date) -> DayReport:
    part = house().desk.drawers
    return part.reports.of_day(g.actor, day, part.keeping.today(g.actor.unit))


def _procedure(code: str) -> str:
    return procedure_name(code) or code


@blueprint.get("")
@access.groups(*READERS)
def day() -> ResponseReturnValue:
    """The drawers of a day, and the own one of today."""
    (asked, problem), keeping = _asked(), house().desk.drawers.keeping
    page = render_template(
        "drawers/day.html",
        report=_report(asked),
        today=keeping.today(g.actor.unit),
        current=keeping.current(g.actor),
        is_left=keeping.is_left,
        holds=g.actor.in_any(HOLDERS),
        leads=g.actor.in_any(LEADERS),
        by_procedure=by_procedure,
        procedure=_procedure,
        problem=problem,
    )
    return page, 422 if problem else 200


@blueprint.get("/tai")
@access.groups(*READERS)
def away() -> Response:
    """The report to take away, as PDF, XLSX or CSV."""
    kind, (asked, problem) = downloads.wanted("pdf", "xlsx", "csv"), _asked()
    if problem:
        raise BadRequest()
    report, name = _report(asked), f"ket-tien-{asked:%Y%m%d}"
    if kind != "pdf":
        return downloads.table(_sheet(report), kind, name)
    names, part = {code: _procedure(code) for code in {one.procedure for one in report.moves}}, house().desk.drawers
    return downloads.sent(part.papers.pdf(report, names, part.reports.setting(g.actor)), kind, name)


def _sheet(report: DayReport) -> Sheet:
    """Every taking and giving back in a line of its own; each drawer in a line above them."""
    return Sheet(
        title=t(f"Két tiền mặt ngày {report.day:%d/%m/%Y}", f"Cash drawers of {report.day:%d/%m/%Y}"),
        about=tuple(_about(report)),
        columns=(
            Column(t("Người thu", "Officer")),
            Column(t("Mở két lúc", "Drawer opened"), "moment"),
            Column(t("Lúc", "At"), "moment"),
            Column(t("Thủ tục", "Procedure")),
            Column(t("Hồ sơ", "Case")),
            Column(t("Biên lai", "Receipt")),
            Column(t("Thu (đồng)", "In (dong)"), "number"),
            Column(t("Hoàn (đồng)", "Out (dong)"), "number"),
        ),
        rows=tuple(_lines(report)),
    )


def _about(report: DayReport) -> Iterator[str]:
    for one in report.drawers:
        drawer, who = one.drawer, report.names.get(one.drawer.officer, one.drawer.officer)
        begun = t(f"{who}: đầu ca {dong(drawer.opened_with)}", f"{who}: float {dong(drawer.opened_with)}")
        went = t("thu {}, hoàn {}", "in {}, out {}").format(dong(one.taken), dong(one.given_back))
        if drawer.closed_at is None:
            yield f"{begun}, {went}, " + t("két chưa đóng", "still open")
            continue
        ended = t("phải có {}, kiểm {}, lệch {}", "expected {}, counted {}, difference {}")
        said = ended.format(*(dong(each) for each in (drawer.expected, drawer.counted, drawer.difference)))
        yield f"{begun}, {went}, {said}" + (f" ({drawer.reason})" if drawer.reason else "")


def _lines(report: DayReport) -> Iterator[tuple[Cell, ...]]:
    for one in report.drawers:
        yield from (_line(report, move, local(one.drawer.opened_at)) for move in one.moves)
    yield from (_line(report, move, None) for move in report.loose)


def _line(report: DayReport, move: Move, opened: Cell) -> tuple[Cell, ...]:
    came, went = (move.amount, None) if move.way == "in" else (None, move.amount)
    who, what = report.names.get(move.officer, move.officer), _procedure(move.procedure)
    return who, opened, local(move.at), what, move.case_code, move.receipt, came, went
