"""Books of the house: the register of cases, to be read and printed."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Blueprint, g, render_template, request, send_file
from flask.typing import ResponseReturnValue

from engine.domain.errors import RuleError
from web import access
from web.errors import of_domain
from web.forms.values import read_date
from web.house import house

blueprint = Blueprint("books", __name__, url_prefix="/can-bo/so")
SHOWN = 200


def _period() -> tuple[date, date]:
    """From the address; without one, this month until today. RuleError for what is no date."""
    today = house().clock.now().date()
    return _day("tu", today.replace(day=1)), _day("den", today)


def _day(name: str, other: date) -> date:
    typed = request.args.get(name, "").strip()
    if not typed:
        return other
    found = read_date(typed)
    if found is None:
        raise RuleError(reason="Ngày phải ghi theo dạng 31/12/2022.", reason_en="Write a date as 31/12/2022.")
    return date.fromisoformat(found)


@blueprint.get("/ho-so")
@access.officer
def cases() -> ResponseReturnValue:
    """The register of a period."""
    rows, problem, period = [], None, None
    try:
        period = _period()
        rows = list(house().following.register.rows(g.actor, *period, limit=SHOWN))
    except RuleError as error:
        problem = of_domain(error)
    typed = {name: request.args.get(name, "") for name in ("tu", "den")}
    page = render_template("books/cases.html", rows=rows, period=period, typed=typed, problem=problem, shown=SHOWN)
    return page, 422 if problem else 200


@blueprint.get("/ho-so.pdf")
@access.officer
def cases_pdf() -> ResponseReturnValue:
    """The same as form 06."""
    since, until = _period()
    content = house().following.register.pdf(g.actor, since, until)
    name = f"so-theo-doi-ho-so-{since:%Y%m%d}-{until:%Y%m%d}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
