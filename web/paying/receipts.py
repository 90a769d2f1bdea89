"""Fee receipts: the list of a case, and each as a PDF; for its applicant and for officers of the unit."""

from __future__ import annotations

from io import BytesIO

from flask import g, render_template, send_file
from flask.typing import ResponseReturnValue

from web import access
from web.house import house
from web.paying import blueprint


@blueprint.get("/ho-so/<case_id>/bien-lai")
@access.citizen
def receipts(case_id: str) -> ResponseReturnValue:
    """The receipts of an own case, also over 0 đồng."""
    case, found = house().paying.receipts.of(g.actor, case_id)
    return render_template("paying/receipts.html", case=case, receipts=found)


@blueprint.get("/ho-so/<case_id>/bien-lai/<year>/<number>")
@access.citizen
def receipt(case_id: str, year: str, number: str) -> ResponseReturnValue:
    """One receipt of an own case."""
    return _pdf(case_id, year, number)


@blueprint.get("/can-bo/ho-so/<case_id>/bien-lai/<year>/<number>")
@access.officer
def receipt_for_officers(case_id: str, year: str, number: str) -> ResponseReturnValue:
    """One receipt of a case of the unit."""
    return _pdf(case_id, year, number)


def _pdf(case_id: str, year: str, number: str) -> ResponseReturnValue:
    content = house().paying.receipts.pdf(g.actor, case_id, f"{number}/{year}")
    name = f"bien-lai-{number}-{year}.pdf"
    response = send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
