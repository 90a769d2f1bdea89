"""Papers of a case that the desk prints."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from web import access, case_papers
from web.desk import blueprint


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


@blueprint.get("/ho-so/<case_id>/giay-to.pdf")
@access.officer
def all_papers(case_id: str) -> ResponseReturnValue:
    """Everything that can be printed of a case."""
    return case_papers.everything(case_id)
