"""Papers and diagrams of a case, the same for its applicant and for the desk; who may not see the case gets none."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask import Response as Answer
from flask import g, request, send_file
from werkzeug.wrappers import Response

from engine.domain.errors import NotFoundError
from web.house import house, queries


def form(case_id: str, number: str) -> Response:
    """Form 01 to 05 of the case, twice on the same file where two copies are asked for; NotFoundError."""
    code, papers = queries().case(g.actor, case_id).case.code, house().following.papers
    content = papers.form(g.actor, case_id, number, request.args.get("so", ""))
    if request.args.get("ban") == "2":
        content = papers.twice(content)
    return _pdf(content, f"mau-{number}-{code}.pdf")


def everything(case_id: str) -> Response:
    """All papers of the case in one file."""
    code = queries().case(g.actor, case_id).case.code
    return _pdf(house().following.papers.everything(g.actor, case_id), f"giay-to-{code}.pdf")


def several(case_ids: Sequence[str]) -> Response:
    """All papers of these cases in one file; the officer has then looked at each of them."""
    content, g.looked_at = house().following.papers.several(g.actor, case_ids)
    return _pdf(content, "giay-to-cac-ho-so.pdf")


def minutes(case_id: str) -> Response:
    """The minutes of the case's council."""
    code = queries().case(g.actor, case_id).case.code
    return _pdf(house().desk.minutes.pdf(g.actor, case_id), f"bien-ban-{code}.pdf")


def _pdf(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


def diagram(case_id: str, process_id: str) -> Response:
    """The BPMN of one of the case's processes."""
    view = queries().case(g.actor, case_id)
    xml = next((one.xml for one in view.diagrams if one.process_id == process_id), None)
    if xml is None:
        raise NotFoundError(what="sơ đồ", id=process_id)
    return Answer(xml, mimetype="application/xml")
