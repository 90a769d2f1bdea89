"""How long steps take, over which channel and by whom; satisfaction; fees by day and procedure."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.ports.reports import Cell, Column, Sheet
from engine.queries.figures.work import Money, Spans, WorkFigures
from web import access, downloads
from web.acting import new_key
from web.auth import safe_next
from web.figures import ALL, blueprint, periods
from web.house import house
from web.texts import t
from web.words import procedure_name

CHANNELS = {
    "online": ("Trực tuyến", "Online"),
    "desk": ("Trực tiếp tại quầy", "At the desk"),
    "post": ("Bưu chính", "By post"),
    "house": ("Cơ quan tự lập", "Begun by the house"),
}
SPANS = {
    "steps": ("Thời gian từng bước", "Time of each step"),
    "channels": ("Thời gian theo kênh nộp", "Time by channel"),
    "procedures": ("Thời gian theo thủ tục", "Time by procedure"),
    "officers": ("Thời gian theo cán bộ", "Time by officer"),
}
MONEY = {"days": ("Thu theo ngày", "Money by day"), "fees": ("Thu theo thủ tục", "Money by procedure")}
RATINGS = ("Mức hài lòng", "Satisfaction")
SCORES = {
    5: ("5 – rất hài lòng", "5 – very good"),
    4: ("4 – hài lòng", "4 – good"),
    3: ("3 – bình thường", "3 – fair"),
    2: ("2 – không hài lòng", "2 – bad"),
    1: ("1 – rất không hài lòng", "1 – very bad"),
}


def _figures(choice: periods.Choice) -> WorkFigures:
    """Everybody's figures for those who may see them, else the officer's own."""
    only = "" if g.actor.in_any(ALL) else g.actor.id
    return house().desk.figures.work.over(g.actor.unit, choice.period, only=only)


@blueprint.get("/can-bo/thong-ke")
@access.officer
def work() -> ResponseReturnValue:
    """All tables of a period, each with its chart."""
    choice = periods.chosen()
    page = render_template(
        "figures/work.html",
        figures=_figures(choice),
        period=choice.period,
        problem=choice.problem,
        spans={name: t(*title) for name, title in SPANS.items()},
        money={name: t(*title) for name, title in MONEY.items()},
        ratings=t(*RATINGS),
        scores={score: t(*word) for score, word in SCORES.items()},
        called=_called,
        key=new_key(),
        periods=periods,
    )
    return page, choice.status


@blueprint.post("/can-bo/thong-ke/cap-nhat")
@access.groups("chairman", "administrator")
def refresh() -> ResponseReturnValue:
    """Count what has gone on since it was counted."""
    count = house().desk.figures.reporting.refresh()
    flash(t(f"Đã tính lại {count} hồ sơ vừa thay đổi.", f"{count} cases that have gone on were counted again."))
    return redirect(safe_next(request.form.get("back", "")) or url_for("figures.work"))


@blueprint.get("/can-bo/thong-ke/tai")
@access.officer
def work_file() -> Response:
    """One of the tables (`bang`) as XLSX or CSV."""
    kind, table = downloads.wanted("xlsx", "csv"), request.args.get("bang", "")
    choice = periods.chosen()
    found = _figures(choice)
    if table in SPANS:
        sheet = _spans_sheet(table, getattr(found, table), choice)
    elif table in MONEY:
        sheet = _money_sheet(table, getattr(found, table), choice)
    elif table == "ratings":
        columns = (Column(t("Mức", "Score")), Column(t("Số đánh giá", "Ratings"), "number"))
        rows = tuple((t(*SCORES[score]), count) for score, count in sorted(found.ratings.items()))
        sheet = Sheet(title=t(*RATINGS), about=(periods.days(choice.period),), columns=columns, rows=rows)
    else:
        raise BadRequest()
    return downloads.table(sheet, kind, f"{table}-{choice.period.id.replace('..', '_')}")


def _called(table: str, name: str) -> str:
    """What a row is called: a channel, a procedure, or what it is called already."""
    if table == "channels":
        return t(*CHANNELS.get(name, (name, name)))
    if table in ("procedures", "fees"):
        known = procedure_name(name)
        return f"{name} – {known}" if known else name
    return f"{date.fromisoformat(name):%d/%m/%Y}" if table == "days" else name


def _spans_sheet(table: str, rows: tuple[Spans, ...], choice: periods.Choice) -> Sheet:
    minutes = t("(phút làm việc)", "(office minutes)")
    heads = (t("Trung vị", "Median"), t("90 % không quá", "90 % within"), t("Lâu nhất", "Longest"))
    return Sheet(
        title=t(*SPANS[table]),
        about=(periods.days(choice.period),),
        columns=(
            Column(t("Tên", "Name")),
            Column(t("Số lần", "Count"), "number"),
            *(Column(f"{head} {minutes}", "number") for head in heads),
        ),
        rows=tuple((_called(table, x.name), x.count, x.median, x.ninetieth, x.longest) for x in rows),
    )


def _money_sheet(table: str, rows: tuple[Money, ...], choice: periods.Choice) -> Sheet:
    def head(row: Money) -> Cell:
        return date.fromisoformat(row.name) if table == "days" else _called(table, row.name)

    return Sheet(
        title=t(*MONEY[table]),
        about=(periods.days(choice.period), t("Đơn vị: đồng", "In dong")),
        columns=(
            Column(t("Ngày", "Day"), "day") if table == "days" else Column(t("Thủ tục", "Procedure")),
            Column(t("Số lần", "Count"), "number"),
            Column(t("Trực tuyến", "Online"), "number"),
            Column(t("Tiền mặt", "Cash"), "number"),
        ),
        rows=tuple((head(x), x.count, x.online, x.cash) for x in rows),
    )
