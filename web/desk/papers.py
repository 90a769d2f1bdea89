"""Papers of a case that the desk prints."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from web import access, case_papers
from web.desk import blueprint


@blueprint.get("/ho-so/<case_id>/giay-tiep-nhan")
@access.officer
def intake_receipt(case_id: str) -> ResponseReturnValue:
    """The intake receipt as a PDF."""
    return case_papers.receipt(case_id)
