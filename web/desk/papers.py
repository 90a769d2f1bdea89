"""Papers of a case that the desk prints."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web import access, case_papers
from web.desk import blueprint
from web.texts import t

MOST = 50  # cases printed at once: a page of the list


@blueprint.get("/ho-so/<case_id>/giay-tiep-nhan")
@access.officer
def intake_receipt(case_id: str) -> ResponseReturnValue:
    """The intake receipt as a PDF."""
    return case_papers.form(case_id, "01")


@blueprint.get("/ho-so/<case_id>/mau/<form>")
@access.officer
def form(case_id: str, form: str) -> ResponseReturnValue:
    """One of the forms of Circular 01/2018 as a PDF."""
    return case_papers.form(case_id, form)


@blueprint.get("/ho-so/<case_id>/bien-ban.pdf")
@access.officer
def minutes(case_id: str) -> ResponseReturnValue:
    """The minutes of the council that has voted on the case."""
    return case_papers.minutes(case_id)


@blueprint.get("/ho-so/<case_id>/giay-to.pdf")
@access.officer
def all_papers(case_id: str) -> ResponseReturnValue:
    """Everything that can be printed of a case."""
    return case_papers.everything(case_id)


@blueprint.get("/ho-so/giay-to.pdf")
@access.officer
def papers_of_several() -> ResponseReturnValue:
    """Everything that can be printed of the ticked cases, in one file."""
    chosen = [one for one in request.args.getlist("case") if one][:MOST]
    if not chosen:
        flash(t("Hãy đánh dấu ít nhất một hồ sơ.", "Tick at least one case."))
        return redirect(url_for("desk.cases", q=request.args.get("q"), status=request.args.get("status")))
    return case_papers.several(chosen)
