"""Papers and diagrams of a case, the same for its applicant and for the desk; who may not see the case gets none."""

from __future__ import annotations

from io import BytesIO

from flask import Response as Answer
from flask import g, send_file
from werkzeug.wrappers import Response

from engine.domain.errors import NotFoundError
from web.house import house, queries


def receipt(case_id: str) -> Response:
    """The intake receipt; NotFoundError while there is none."""
    code = queries().case(g.actor, case_id).case.code
    content = house().following.receipts.pdf(g.actor, case_id)
    name = f"giay-tiep-nhan-{code}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


def diagram(case_id: str, process_id: str) -> Response:
    """The BPMN of one of the case's processes."""
    view = queries().case(g.actor, case_id)
    xml = next((one.xml for one in view.diagrams if one.process_id == process_id), None)
    if xml is None:
        raise NotFoundError(what="sơ đồ", id=process_id)
    return Answer(xml, mimetype="application/xml")
