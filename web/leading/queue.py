"""What waits for the leader's signature, with the draft beside the data."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.context import case_context
from web import access, security
from web.acting import new_key, sheet_of
from web.house import house, procedure_names, queries
from web.leading import LEADERS, blueprint
from web.signing_keys import own_key


@blueprint.get("")
@access.groups(*LEADERS)
def queue() -> ResponseReturnValue:
    """What waits for the leader's signature; the one that is looked at with its draft beside its data."""
    rows = house().desk.signing.waiting(g.actor)
    seen = next((row for row in rows if row.case_id == request.args.get("ho-so")), rows[0] if rows else None)
    view = lines = None
    if seen:
        view = queries().case(g.actor, seen.case_id)
        lines = sheet_of(view.procedure, view.procedure.form_id, case_context(view.case)).lines(view.case.application)
    shown: dict[str, Any] = {"rows": rows, "seen": seen, "view": view, "lines": lines, "names": procedure_names()}
    shown |= {"stamps": house().desk.signing.stamps(g.actor), "own": own_key()}
    page = make_response(render_template("leading/queue.html", **shown, key=new_key()))
    page.headers.update(security.FRAMING)
    return page


@blueprint.get("/<case_id>/du-thao")
@access.groups(*LEADERS)
def draft(case_id: str) -> Response:
    """The draft of the result as a PDF, to be shown beside the data."""
    content = house().desk.signing.draft(g.actor, case_id, request.args.get("key", ""))
    shown = Response(content, mimetype="application/pdf")
    shown.headers.update(security.FRAMED)
    return shown
